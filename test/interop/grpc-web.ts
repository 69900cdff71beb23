import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import type { TestServer } from "../support/server.ts";
import { withToken } from "../support/with-token.ts";
import { type InteropClient, clientOf } from "./client.ts";

/** What browsers use: gRPC-web over fetch. */
export function grpcWebClient(server: TestServer): InteropClient {
  const transport = createGrpcWebTransport({ baseUrl: server.url, interceptors: [withToken(server.token)] });
  return clientOf("connect-web", createClient(TrialService, transport));
}
