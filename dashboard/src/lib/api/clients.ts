import { Code, ConnectError, createClient, type Interceptor, type StreamResponse } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { describeProblem } from "./problem.ts";
import { endedBecause, session } from "./session.svelte.ts";

/** Signs each call, and ends the session when the server no longer accepts it. A signed-in browser's cookie goes by itself. */
const authenticate: Interceptor = (next) => async (request) => {
  const sent = session.token;
  if (sent !== undefined) request.header.set("authorization", `Bearer ${sent}`);
  const hear = (error: unknown): ConnectError => {
    const cause = ConnectError.from(error);
    if (cause.code === Code.Unauthenticated && session.signedIn && sent === session.token)
      endedBecause(describeProblem(cause).text);
    return cause;
  };
  try {
    const response = await next(request);
    return response.stream ? { ...response, message: heard(response.message, hear) } : response;
  } catch (error) {
    throw hear(error);
  }
};

/** What a stream refuses, it refuses once somebody reads it. */
async function* heard(
  messages: StreamResponse["message"],
  hear: (error: unknown) => ConnectError,
): StreamResponse["message"] {
  try {
    yield* messages;
  } catch (error) {
    throw hear(error);
  }
}

/** Every call goes through this: gRPC-web to the server that served the page. */
export const transport = createGrpcWebTransport({ baseUrl: location.origin, interceptors: [authenticate] });

/** The service's clients, typed by the same protobuf files as the server. */
export const studies = createClient(StudyService, transport);
export const trials = createClient(TrialService, transport);
