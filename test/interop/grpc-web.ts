import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { type Interceptor, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import type { TestServer } from "../support/server.ts";
import { type InteropClient, clientOf } from "./client.ts";

/** What browsers use: gRPC-web over fetch. */
export function grpcWebClient(server: TestServer): InteropClient {
  const withToken: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${server.token}`);
    return next(request);
  };
  const transport = createGrpcWebTransport({ baseUrl: server.url, interceptors: [withToken] });
  return clientOf("connect-web", createClient(TrialService, transport));
}
