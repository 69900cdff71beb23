import { createClient } from "@connectrpc/connect";
import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { transport } from "./clients.ts";

/** Analyses, apart from the others: only the pages that show them load it. */
export const analyses = createClient(AnalysisService, transport);
