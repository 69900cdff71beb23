import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import {
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  create,
  fromJsonString,
  toJsonString,
} from "@bufbuild/protobuf";
import { type TestServer, root } from "../support/server.ts";
import { type InteropClient, clientOf } from "./client.ts";

const run = promisify(execFile);

/**
 * `curl` with JSON and the token in the path: what is left where nothing can be installed.
 *
 * @param options - of curl, such as a certificate to trust
 */
export function curlClient({ url, token }: TestServer, options: readonly string[] = []): InteropClient {
  return commandClient("curl", (method, json) => [
    "curl",
    [
      "-sS",
      ...options,
      "--fail-with-body",
      "--max-time",
      "30",
      "-H",
      "Content-Type: application/json",
      "--data",
      json,
      `${url}/t/${token}/${method}`,
    ],
  ]);
}

/** buf's client in Go, which learns the messages from the server by reflection. */
export function bufCurlClient({ url, token }: TestServer): InteropClient {
  return commandClient("buf curl", (method, json) =>
    bufCurl(["-H", `authorization: Bearer ${token}`, "-d", json, `${url}/${method}`]),
  );
}

/** The command line of a call by gRPC, without proto files. */
export function bufCurl(args: readonly string[]): [string, string[]] {
  return [
    join(root, "node_modules/.bin/buf"),
    ["curl", "--http2-prior-knowledge", "--protocol", "grpc", ...args],
  ];
}

/** A client that starts a process for each call; JSON in, JSON out. */
function commandClient(
  name: string,
  commandOf: (method: string, json: string) => [string, string[]],
): InteropClient {
  async function call<I extends DescMessage, O extends DescMessage>(
    { parent, name: method, input, output }: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> {
    const json = toJsonString(input, create(input, request));
    // Outside of the repository, so that no buf.yaml is there to read messages from.
    const { stdout } = await run(...commandOf(`${parent.typeName}/${method}`, json), { cwd: "/" });
    return fromJsonString(output, stdout);
  }
  const { askTrials, reportTrial, tellTrial, getTrial } = TrialService.method;
  return clientOf(name, {
    askTrials: (request) => call(askTrials, request),
    reportTrial: (request) => call(reportTrial, request),
    tellTrial: (request) => call(tellTrial, request),
    getTrial: (request) => call(getTrial, request),
  });
}
