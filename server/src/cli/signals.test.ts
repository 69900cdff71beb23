import { afterEach, expect, test } from "vitest";
import { onStopSignals } from "./signals.ts";

const signal = "SIGUSR2";
afterEach(() => void process.removeAllListeners(signal));

function setUp() {
  const calls: string[] = [];
  const clock = { now: 0 };
  onStopSignals(
    [signal],
    {
      first: (name) => calls.push(`first ${name}`),
      second: () => calls.push("second"),
      third: () => calls.push("third"),
    },
    () => clock.now,
  );
  const send = (at: number) => {
    clock.now = at;
    process.emit(signal);
  };
  return { calls, send };
}

test("each further signal stops harder", () => {
  const { calls, send } = setUp();
  for (const at of [0, 1_000, 2_000, 3_000]) send(at);
  expect(calls).toEqual(["first SIGUSR2", "second", "third", "third"]);
});

test("a Ctrl-C that arrives twice, from the terminal and from npm, counts once", () => {
  const { calls, send } = setUp();
  for (const at of [0, 10, 499]) send(at);
  expect(calls).toEqual(["first SIGUSR2"]);
});
