import { createProgram } from "./cli/program.ts";
import { describeFailure } from "./cli/report-failure.ts";

try {
  await createProgram().parseAsync();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
