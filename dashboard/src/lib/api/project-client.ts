import { createClient } from "@connectrpc/connect";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { transport } from "./clients.ts";

export const projectService = createClient(ProjectService, transport);
