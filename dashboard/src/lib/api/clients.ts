import { Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { describeProblem } from "./problem.ts";
import { session, signOut } from "./session.svelte.ts";

/** Signs each call, and ends the session when the server no longer accepts it. */
const authenticate: Interceptor = (next) => async (request) => {
  const sent = session.token;
  if (sent !== undefined) request.header.set("authorization", `Bearer ${sent}`);
  try {
    return await next(request);
  } catch (error) {
    const cause = ConnectError.from(error);
    if (cause.code === Code.Unauthenticated && sent === session.token) signOut(describeProblem(cause).text);
    throw cause;
  }
};

/** Every call goes through this: gRPC-web to the server that served the page. */
export const transport = createGrpcWebTransport({ baseUrl: location.origin, interceptors: [authenticate] });

/** The service's clients, typed by the same protobuf files as the server. */
export const studies = createClient(StudyService, transport);
export const trials = createClient(TrialService, transport);
