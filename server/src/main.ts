import { createProgram } from "./cli/program.ts";
import { describeFailure } from "./cli/report-failure.ts";

function fail(error: unknown): void {
  console.error(describeFailure(error));
  process.exitCode = 1;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` that has seen enough is no reason to leave a command half done.
  if (error.code === "EPIPE" || process.exitCode === 1) return;
  fail(new Error(`Standard output cannot be written: ${error.message}`));
});

try {
  await createProgram().parseAsync();
} catch (error) {
  fail(error);
}
