import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ErrorReason } from "@asktell/proto/asktell/v1/errors_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { ErrorInfoSchema } from "@asktell/proto/google/rpc/error_details_pb";
import { describe, expect, it, test } from "vitest";
import { DEFAULT_HTTP_LIMITS } from "../../server/src/http/limits.ts";
import { GET_STUDY, type TestServer, sendRaw, startServer } from "./support.ts";

/* Every error names its cause, those of requests that no service ever saw among them. */

/** The causes that an answer's JSON names. */
function reasonsIn(text: string): string[] {
  const { details = [] } = JSON.parse(text) as { details?: { type: string; debug: { reason: string } }[] };
  return details.filter(({ type }) => type === "google.rpc.ErrorInfo").map(({ debug }) => debug.reason);
}

const body = (response: string): string => response.slice(response.indexOf("\r\n\r\n") + 4);

describe("an HTTP request", () => {
  it.each([
    ["nowhere", "/nowhere", {}, 404, "NO_SUCH_METHOD"],
    [
      "to a method that is not there",
      "/asktell.v1.StudyService/Guess",
      { method: "POST" },
      404,
      "NO_SUCH_METHOD",
    ],
    ["by a method that an RPC has not", GET_STUDY, { method: "PUT" }, 405, "NO_SUCH_METHOD"],
    ["by a method that a probe has not", "/healthz", { method: "DELETE" }, 405, "NO_SUCH_METHOD"],
    ["of a content type that is none", GET_STUDY, { method: "POST", body: "x" }, 415, "INVALID_REQUEST"],
    ["with two tokens", `${GET_STUDY}?token=a&token=b`, { method: "POST" }, 400, "INVALID_REQUEST"],
  ])("%s", async (_name, path, init, status, reason) => {
    const server = await startServer();
    const response = await fetch(server.origin + path, init);
    expect(response.status).toBe(status);
    expect(reasonsIn(await response.text())).toEqual([reason]);
    expect(Object.keys(ErrorReason)).toContain(reason);
  });

  it("to a name that the server does not go by", async () => {
    const server = await startServer({ router: { allowedHosts: ["asktell.example.org"] } });
    const answer = await sendRaw(
      server,
      "GET / HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toContain(" 421 ");
    expect(reasonsIn(body(answer))).toEqual(["HOST_UNKNOWN"]);
  });

  it("that is none", async () => {
    const server = await startServer();
    expect(reasonsIn(body(await sendRaw(server, "nonsense\r\n\r\n")))).toEqual(["INVALID_REQUEST"]);
    const tooLong = "x".repeat(DEFAULT_HTTP_LIMITS.maxHeaderBytes + 1);
    const large = await sendRaw(server, `GET /${tooLong} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(reasonsIn(body(large))).toEqual(["PAYLOAD_TOO_LARGE"]);
  });
});

const clientOf = (server: TestServer) =>
  createClient(StudyService, createGrpcTransport({ baseUrl: server.origin }));

test("a gRPC call to a method that is not there", async () => {
  const server = await startServer();
  const error = await clientOf(server)
    .deleteStudy({ study: "s" }, { headers: { authorization: "Bearer ä" } })
    .catch((cause: unknown) => ConnectError.from(cause));
  expect(error).toMatchObject({ code: Code.InvalidArgument });
  expect((error as ConnectError).findDetails(ErrorInfoSchema)).toMatchObject([
    { reason: "INVALID_REQUEST", domain: "asktell" },
  ]);
});
