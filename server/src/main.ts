import { createProgram } from "./cli/program.ts";
import { describeFailure } from "./cli/report-failure.ts";

// A reader such as `head` that has seen enough is no reason to leave a command half done.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
