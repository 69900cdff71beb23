import { expect, test } from "vitest";
import { type AskJson, Refusal, call } from "../chaos/api.ts";
import { startMs, useReplicas } from "./replica-set.ts";

/* A token's cap on asks is as exact as a study's budgets: under any number of workers, studies and replicas. */

const set = useReplicas(2);

async function cappedToken(
  maxAsks: number,
): Promise<{ token: string; name: string; asks(): Promise<number> }> {
  const made = await set.call<{ token: { name: string }; secret: string }>(0, "TokenService/CreateToken", {
    token: { displayName: "rented machine", maxAsks },
  });
  const { name } = made.token;
  return {
    token: made.secret,
    name,
    async asks() {
      const { tokens } = await set.call<{ tokens: { name: string; asks: number }[] }>(
        1,
        "TokenService/ListTokens",
        {},
      );
      return tokens.find((token) => token.name === name)?.asks ?? -1;
    },
  };
}

/** One ask by a token of its own. */
const as = (token: string, replica: number, message: object) =>
  call<AskJson>(set.replicas[replica]?.url ?? "", token, "TrialService/AskTrials", message, {
    timeoutMs: 120_000,
  });

/** How many trials some asks at once got, and how many were refused for the cap; any other refusal fails the test. */
async function askAtOnce(
  studies: readonly string[],
  token: string,
  asks: number,
  count: number,
  round = "first",
) {
  const answers = await Promise.all(
    Array.from({ length: asks }, async (_, index) => {
      const message = {
        study: studies[index % studies.length],
        count,
        worker: `w${index}`,
        requestId: `${round}-${token.slice(-6)}-${index}`,
      };
      try {
        return (await as(token, index % 2, message)).trials.length;
      } catch (error) {
        if (!(error instanceof Refusal) || error.reason !== "TOKEN_ASKS_SPENT") throw error;
        return "spent";
      }
    }),
  );
  const got = answers.filter((answer) => typeof answer === "number").reduce((sum, trials) => sum + trials, 0);
  return { got, spent: answers.filter((answer) => answer === "spent").length };
}

test(
  "200 asks of three studies at two replicas get exactly what the token has",
  { timeout: startMs },
  async () => {
    const studies = [];
    for (let i = 0; i < 3; i++) studies.push(await set.createStudy());
    const { token, asks } = await cappedToken(101);
    const first = await askAtOnce(studies, token, 20, 2);
    expect(first).toEqual({ got: 40, spent: 0 });
    // The same requests again are answered as they were, and cost nothing.
    expect(await askAtOnce(studies, token, 20, 2)).toEqual(first);
    expect(await asks()).toBe(40);
    const { got, spent } = await askAtOnce(studies, token, 180, 3, "second");
    expect(got).toBe(61);
    expect(spent).toBeGreaterThan(100);
    expect(await asks()).toBe(101);
    expect(await askAtOnce(studies, set.token, 4, 1)).toEqual({ got: 4, spent: 0 });
  },
);

test("a token that was rotated and its successor share what is left", { timeout: startMs }, async () => {
  const study = await set.createStudy();
  const old = await cappedToken(30);
  await askAtOnce([study], old.token, 10, 1);
  const rotated = await set.call<{ secret: string }>(1, "TokenService/RotateToken", { name: old.name });
  const both = await Promise.all([
    askAtOnce([study], old.token, 30, 2, "second"),
    askAtOnce([study], rotated.secret, 30, 2),
  ]);
  expect(both.reduce((sum, { got }) => sum + got, 0)).toBe(20);
  expect(await old.asks()).toBe(30);
});

test("a spent token still tells, and hears that its study has finished", { timeout: startMs }, async () => {
  const study = await set.createStudy({ maxTrials: 1 });
  const { token } = await cappedToken(1);
  const { trials } = await as(token, 0, { study });
  const { number } = trials[0]!;
  await call(set.replicas[1]?.url ?? "", token, "TrialService/TellTrial", {
    trial: `${study}/trials/${number}`,
    values: [1],
  });
  const done = await as(token, 0, { study });
  expect(done).toMatchObject({ trials: [], studyState: "STUDY_STATE_FINISHED" });
});
