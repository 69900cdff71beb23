import { afterAll, beforeAll, expect, test } from "vitest";
import { createSecret } from "../../server/src/identity/secret.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { type Stack, migrated, startStack } from "./stack.ts";

const database = useTestPostgres(migrated);
let stack: Stack;
let projectId: number;

beforeAll(async () => {
  stack = await startStack(database.connection, { reads: 20, writes: 10, address: 0, failures: 5 });
  projectId = (await stack.identity.getProject("default")).id;
});
afterAll(() => stack.close());

const newToken = async () =>
  (await stack.identity.createToken({ projectId, displayName: "t", scopes: ["manage"] })).secret;

async function post(method: string, token: string, message: object = {}) {
  const response = await fetch(`${stack.origin}/asktell.v1.${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(message),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Longer than a window. */
const nextWindow = () => new Promise((resolve) => setTimeout(resolve, 1_100));

/** What a new token's calls find within one window of a second: on a busy machine they may take longer, and are made again. */
async function withinWindow<T>(calls: (token: string) => Promise<T>): Promise<T> {
  for (;;) {
    const token = await newToken();
    const begun = performance.now();
    const found = await calls(token);
    if (performance.now() - begun < 1_000) return found;
  }
}

async function statuses(
  count: number,
  call: () => Promise<{ status: number }>,
): Promise<Record<number, number>> {
  const answers = await Promise.all(Array.from({ length: count }, call));
  const found: Record<number, number> = {};
  for (const { status } of answers) found[status] = (found[status] ?? 0) + 1;
  return found;
}

test("calls beyond a token's limit are told when to come back; reads and writes are counted apart", async () => {
  const read = (token: string) => () => post("StudyService/ListStudies", token);
  // By the short path, where a refusal is Connect's to answer: counted once all the same.
  const write = (token: string) => () => post("TrialService/AskTrials", token, { study: "nowhere" });
  await read(await newToken())();
  expect(await withinWindow((token) => statuses(25, read(token)))).toEqual({ 200: 20, 429: 5 });
  const [found, refused, token] = await withinWindow(
    async (by) =>
      [[await statuses(15, write(by)), await statuses(1, read(by))], await write(by)(), by] as const,
  );
  expect(found).toEqual([{ 404: 10, 429: 5 }, { 200: 1 }]);
  expect(refused.headers.get("retry-after")).toBe("1");
  const { code, details } = JSON.parse(refused.text) as {
    code: string;
    details: { type: string; debug: object }[];
  };
  expect(code).toBe("resource_exhausted");
  expect(details.map(({ type }) => type)).toEqual(["google.rpc.ErrorInfo", "google.rpc.RetryInfo"]);
  expect(details[0]?.debug).toMatchObject({ reason: "RATE_LIMITED" });
  expect(await statuses(5, async () => post("StudyService/ListStudies", await newToken()))).toEqual({
    200: 5,
  });
  await nextWindow();
  expect(await statuses(5, write(token))).toEqual({ 404: 5 });
});

test("guessing tokens ends with the address refused, but not those who are known there", async () => {
  const known = await newToken();
  await post("StudyService/ListStudies", known);
  const found = await statuses(12, () => post("StudyService/ListStudies", createSecret()));
  expect(found).toEqual({ 401: 5, 429: 7 });
  const refused = await post("StudyService/ListStudies", createSecret());
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(30);
  expect((await post("StudyService/ListStudies", known)).status).toBe(200);
});
