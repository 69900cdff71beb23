import { type DescMessage, create } from "@bufbuild/protobuf";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import type { ConnectRouter } from "@connectrpc/connect";
import type { Registry } from "prom-client";
import type { Identity } from "../identity/index.ts";
import type { Log } from "../log.ts";
import type { Studies } from "../studies/index.ts";
import type { RpcAdapterOptions } from "./adapter.ts";
import { createCallLog } from "./call-log.ts";
import { createGate, neededScope } from "./gate.ts";
import { createStudyService } from "./study-service.ts";
import { createTokenService } from "./token-service.ts";
import { createTrialService } from "./trial-service.ts";
import { validateRequests, warmUp } from "./validate.ts";

export interface ApiOptions {
  readonly studies: Studies;
  readonly identity: Identity;
  readonly log: Log;
  readonly metrics: Registry;
}

const services = [StudyService, TrialService, TokenService];

/** Our own services with what every call of them passes: the gate, the log, the rules of its message. */
export function createApi(
  options: ApiOptions,
): Pick<RpcAdapterOptions, "routes" | "interceptors" | "requestGate" | "onError"> {
  const methods = services.flatMap((service) => service.methods);
  // A method without a scope stops the server here, not at its first call.
  for (const method of methods) neededScope(method);
  warmUp(
    methods.map(({ input }) => input),
    (schema: DescMessage) => create(schema),
  );
  const callLog = createCallLog(options.log, options.metrics);
  return {
    routes(router: ConnectRouter) {
      router.service(StudyService, createStudyService(options.studies));
      router.service(TrialService, createTrialService(options.studies));
      router.service(TokenService, createTokenService(options.identity));
    },
    interceptors: [callLog.interceptor, validateRequests],
    requestGate: createGate(options.identity, callLog.refused),
    onError: callLog.answered,
  };
}
