import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createPeerOf } from "../../http/peer.ts";
import { takeToken } from "../../http/token.ts";
import { TokenError } from "../../identity/index.ts";
import { toRefusal } from "../refusal.ts";
import { type AccessMode, admit } from "./access.ts";

const project = { id: 7, name: "p" };
const identity = {
  authenticate: (token: string) =>
    token === "at_good"
      ? Promise.resolve({
          actor: { kind: "token" as const, id: 1 },
          displayName: "t",
          project,
          access: new Map([["p", { project, scope: "read" as const, study: undefined }]]),
        })
      : Promise.reject(new TokenError("TOKEN_INVALID", "This token is not known here.")),
  getProject: (name: string) =>
    Promise.resolve({ id: 1, name, displayName: "", createdAt: new Date(0), personalOf: undefined }),
};
const need = { scope: "read", what: "this call" } as const;

/** What a request over a real connection is admitted as, or the status that it is refused with. */
async function outcome(
  mode: AccessMode,
  headers: Record<string, string> = {},
  { path = "/optunapi/ping", peer }: { path?: string; peer?: string } = {},
): Promise<unknown> {
  const peerOf = createPeerOf();
  const server = createServer((req, res) => {
    takeToken(req);
    admit(req, need, mode, { identity, peerOf: peer === undefined ? peerOf : () => peer }).then(
      ({ projectId, principal }) =>
        res.end(JSON.stringify({ projectId, scope: [...principal.access.values()][0]?.scope })),
      (error: unknown) => res.end(JSON.stringify(toRefusal(error)?.status)),
    );
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  // Node's own client: fetch does not let a host be named.
  const { request } = await import("node:http");
  return new Promise((answer, failed) => {
    const call = request({ port, host: "127.0.0.1", path, headers }, (res) => {
      let text = "";
      res.on("data", (chunk) => (text += String(chunk)));
      res.on("end", () => answer(JSON.parse(text)));
    });
    call.on("error", failed);
    call.end();
  });
}

const local = { projectId: 1, scope: "work" };

it.each([
  {},
  { host: "localhost:8000" },
  { host: "127.0.0.1:10022" },
  { host: "[::1]:8000" },
  { "sec-fetch-site": "none" },
])("a program on this machine works in the default project: %j", async (headers) => {
  expect(await outcome("loopback", headers)).toEqual(local);
});

it.each([
  { host: "attacker.example" },
  { host: "localhost.attacker.example" },
  { host: "10.0.0.1" },
  { "x-forwarded-for": "127.0.0.1" },
  { forwarded: "for=127.0.0.1" },
  { via: "1.1 proxy" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
])("being on this machine is not lent: %j", async (headers) => {
  expect(await outcome("loopback", headers)).toBe(403);
});

it.each(["10.0.0.7", "::2", "", "::ffff:10.0.0.7"])("a peer at %j is not on this machine", async (peer) => {
  expect(await outcome("loopback", {}, { peer })).toBe(403);
});

it("a token counts wherever it comes from, and a bad one is refused even on this machine", async () => {
  for (const mode of ["loopback", "token"] as const) {
    expect(await outcome(mode, {}, { path: "/t/at_good/optunapi/ping", peer: "10.0.0.7" })).toEqual({
      projectId: 7,
      scope: "read",
    });
    expect(await outcome(mode, { authorization: "Bearer at_bad" })).toBe(401);
  }
});

it("without loopback everybody needs a token", async () => {
  expect(await outcome("token")).toBe(401);
});
