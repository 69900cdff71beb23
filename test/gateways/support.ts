import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { Scope } from "@asktell/proto/asktell/v1/access_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import type { TestServer } from "../support/server.ts";
import { withToken } from "../support/with-token.ts";

/** An answer as it came over the wire. */
export interface Heard {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export async function send(url: string, init: RequestInit = {}): Promise<Heard> {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** What FastAPI would call the error's detail. */
export function detailOf({ text }: Heard): string {
  const { detail } = JSON.parse(text) as { detail: unknown };
  return typeof detail === "string" ? detail : JSON.stringify(detail);
}

/** The same server by gRPC. */
export function grpc({ url, token }: Pick<TestServer, "url" | "token">) {
  const transport = createGrpcTransport({ baseUrl: url, interceptors: [withToken(token)] });
  return {
    studies: createClient(StudyService, transport),
    trials: createClient(TrialService, transport),
    tokens: createClient(TokenService, transport),
  };
}

/** A token of less scope, and what revokes it. */
export async function lesserToken(
  server: TestServer,
  scope: Scope,
): Promise<{ secret: string; revoke: () => Promise<unknown> }> {
  const { tokens } = grpc(server);
  const { token, secret } = await tokens.createToken({ token: { displayName: "lesser", scopes: [scope] } });
  return { secret, revoke: () => tokens.revokeToken({ name: token?.name ?? "" }) };
}
