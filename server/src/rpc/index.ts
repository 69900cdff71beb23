import { type DescMessage, type DescMethod, create } from "@bufbuild/protobuf";
import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import type { ConnectRouter, ServiceImpl } from "@connectrpc/connect";
import type { Registry } from "prom-client";
import type { Identity } from "../identity/index.ts";
import type { Log } from "../log.ts";
import type { Studies } from "../studies/index.ts";
import type { RpcAdapterOptions } from "./adapter.ts";
import { createAnalysisService } from "./analysis-service.ts";
import { createAuditor } from "./audit.ts";
import { createCallLog } from "./call-log.ts";
import type { UnaryImplementation } from "./fast/index.ts";
import { createAdmission, createGate, neededScope } from "./gate.ts";
import { createProjectService } from "./project-service.ts";
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

const services = [ProjectService, StudyService, TrialService, AnalysisService, TokenService];

/** Our own services with what every call of them passes: the gate, the log, the rules of its message. */
export function createApi(
  options: ApiOptions,
): Pick<RpcAdapterOptions, "routes" | "interceptors" | "requestGate" | "onError" | "fast"> {
  const methods = services.flatMap((service) => service.methods);
  // A method without a scope stops the server here, not at its first call.
  for (const method of methods) neededScope(method);
  warmUp(
    methods.map(({ input }) => input),
    (schema: DescMessage) => create(schema),
  );
  const trialService = createTrialService(options.studies);
  const callLog = createCallLog(options.log, options.metrics);
  const admit = createAdmission(options.identity);
  return {
    routes(router: ConnectRouter) {
      router.service(StudyService, createStudyService(options.studies));
      router.service(TrialService, trialService);
      router.service(AnalysisService, createAnalysisService(options.studies));
      router.service(ProjectService, createProjectService(options.identity));
      router.service(TokenService, createTokenService(options.identity));
    },
    interceptors: [callLog.interceptor, validateRequests, createAuditor(options.identity)],
    requestGate: createGate(admit, callLog.refused),
    fast: { admit, implementations: fastImplementations(trialService) },
    onError: callLog.answered,
  };
}

/** What workers call all the time: small messages, and no answer that is worth compressing. */
function fastImplementations(
  service: ServiceImpl<typeof TrialService>,
): ReadonlyMap<DescMethod, UnaryImplementation> {
  const { method } = TrialService;
  // Connect's types pair each method with its messages; a map cannot say that its keys and values belong together.
  return new Map<DescMethod, UnaryImplementation>([
    [method.askTrials, service.askTrials as UnaryImplementation],
    [method.reportTrial, service.reportTrial as UnaryImplementation],
    [method.renewLease, service.renewLease as UnaryImplementation],
    [method.tellTrial, service.tellTrial as UnaryImplementation],
  ]);
}
