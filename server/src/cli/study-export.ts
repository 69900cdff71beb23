import { create, toJson } from "@bufbuild/protobuf";
import {
  ExportStudyRequestSchema,
  ExportStudyResponseSchema,
  StudyService,
} from "@asktell/proto/asktell/v1/study_service_pb";
import { type HandlerContext, createContextValues, createHandlerContext } from "@connectrpc/connect";
import { Command } from "commander";
import type { Principal } from "../identity/index.ts";
import { createLog } from "../log.ts";
import { callerKey } from "../rpc/gate.ts";
import { createStudyService } from "../rpc/study-service.ts";
import { closePool, createPool } from "../store/pool.ts";
import { createStore } from "../store/store.ts";
import { createStudies } from "../studies/index.ts";
import { projectOption } from "./project-option.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { withIdentity } from "./with-identity.ts";

/** `asktell study export`: the messages of the API's ExportStudy, without a server and without a token. */
export function studyExportCommand(): Command {
  const command = new Command("export")
    .summary("print a study as JSON lines")
    .description(
      "Prints everything that is known of a study, one JSON object a line: the versions of its specification, then its " +
        "trials by number. The objects are those of the API's ExportStudy.",
    )
    .argument("<name>", "the study's name")
    .addOption(projectOption("the project that it is in"));
  return addSettings(command, databaseSettings).action((name: string, options: { project: string }) =>
    withIdentity(command, async (identity, { connection }) => {
      const project = await identity.getProject(options.project);
      const pool = createPool(connection, { max: 2 });
      const log = createLog({ level: "warn", format: "auto" });
      const studies = createStudies({ store: createStore(pool, pool), log });
      const context = calledBy({
        actor: { kind: "token", id: 0 },
        displayName: "command line",
        project,
        access: new Map([[project.name, { project, scope: "read", study: undefined }]]),
      });
      try {
        const request = create(ExportStudyRequestSchema, { study: name });
        for await (const answer of createStudyService(studies).exportStudy(request, context)) {
          const message = create(ExportStudyResponseSchema, answer);
          const json = toJson(ExportStudyResponseSchema, message, { alwaysEmitImplicit: true });
          console.log(JSON.stringify(json));
        }
      } finally {
        await studies.stop();
        await closePool(pool);
      }
    }),
  );
}

/** Stands in for the gate: whoever may open the database may read it. */
function calledBy(principal: Principal): HandlerContext {
  return createHandlerContext({
    service: StudyService,
    method: StudyService.method.exportStudy,
    protocolName: "none",
    requestMethod: "POST",
    url: "http://localhost",
    contextValues: createContextValues().set(callerKey, principal),
  });
}
