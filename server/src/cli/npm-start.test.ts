import { expect, onTestFinished, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { serveProgram } from "../../../test/support/program.ts";

const database = useTestPostgres();

test("`npm start` that is asked to stop, as by a container's engine, stops the server in order and ends after it", async () => {
  const server = await serveProgram([], { DATABASE_URL: database.url }, ["npm", "start", "--"]);
  const { pid } = JSON.parse(/.*"listening"\}/.exec(server.log())?.[0] ?? "{}") as { pid: number };
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid);
  });
  const code = await server.stop("SIGTERM");
  expect({ code, isRunning: isRunning(pid) }).toEqual({ code: 0, isRunning: false });
  expect(server.log()).toContain('"stopped"');
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
