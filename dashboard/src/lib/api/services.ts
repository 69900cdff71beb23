import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";

/** Everything that the server offers, for pages that explain who may do what. */
export const services = [StudyService, TrialService, AnalysisService, ProjectService, TokenService] as const;
