import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createSecret } from "./identity/secret.ts";
import { type LogOptions, createLog, redact } from "./log.ts";

function setUp(format: LogOptions["format"], level = "info") {
  const lines: string[] = [];
  const sink = { write: (line: string) => lines.push(line), flushSync: () => {} };
  return { lines, log: createLog({ level, format, sink }) };
}

test("a line is JSON with the level by name, the time, the facts and the message", () => {
  const { lines, log } = setUp("json");
  log.info({ study: "mnist", ms: 3 }, "AskTrials");
  log.debug("too fine");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    study: "mnist",
    ms: 3,
    msg: "AskTrials",
  });
});

test("the form for people has the time, the message and the facts on a line, an error's stack below", () => {
  const { lines, log } = setUp("text");
  log.warn({ study: "mnist", trials: [1, 2] }, "odd");
  log.error(new Error("broken"), "worse");
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn  odd study=mnist trials=\[1,2\]\n$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error worse\nError: broken\n {4}at /);
});

test("no token and no password reaches the log, wherever it stands", () => {
  const { lines, log } = setUp("json");
  const secret = createSecret();
  log.info({ url: `/t/${secret}/x`, headers: { authorization: `Bearer ${secret}` } }, `token ${secret}!`);
  log.error(new Error(`cannot connect to postgresql://me:hunter2@db:5432/x`));
  expect(lines.join("")).not.toContain(secret);
  expect(lines.join("")).not.toContain("hunter2");
  expect(lines.join("").match(/at_\[redacted\]/g)).toHaveLength(3);
});

test("what is no secret is left alone", () => {
  const text = '{"url":"http://127.0.0.1:8080/a@b","time":"12:00:00"} at_short postgresql://me@db/x';
  expect(redact(text)).toBe(text);
});

test("a process whose log cannot be written, such as to a full disk, ends all the same", () => {
  const unwritable = openSync(fileURLToPath(import.meta.url), "r");
  onTestFinished(() => closeSync(unwritable));
  const log = new URL("log.ts", import.meta.url).href;
  const program = `import { createLog } from "${log}"; createLog({ level: "info", format: "json" }).info("lost");`;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "ignore", unwritable],
  });
  expect(status).toBe(0);
});
