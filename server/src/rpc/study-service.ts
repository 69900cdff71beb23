import { type MessageInitShape, create } from "@bufbuild/protobuf";
import { timestampFromDate, timestampNow } from "@bufbuild/protobuf/wkt";
import { StudySchema, type Study as WireStudy } from "@asktell/proto/asktell/v1/study_pb";
import type {
  SourceResultsSchema,
  StudyService,
  WatchStudyResponseSchema,
} from "@asktell/proto/asktell/v1/study_service_pb";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { Source } from "../optimizer/sources.ts";
import { studyStates } from "../store/states.ts";
import { StudyError, invalid } from "../studies/errors.ts";
import type { Studies } from "../studies/index.ts";
import type { CreateOptions } from "../studies/create-study.ts";
import type { NamedSource } from "../studies/take-sources.ts";
import type { WatchEvent } from "../studies/watch.ts";
import { callerOf, renewedCaller } from "./gate.ts";
import { wireColumns, wireStudy, wireTrial } from "./messages.ts";
import { projectRef, studyName, studyRef } from "./names.ts";
import { specOf } from "./read-spec.ts";
import { wireSpec } from "./wire-spec.ts";
import { changedStudy, versionOf } from "./update-study.ts";
import { attributesOf } from "./values.ts";

const defaultPage = 100;
const maxPage = 1_000;

/** Whoever watches is asked again after this long, before anything more is said: tokens are revoked, and roles taken. */
const recheckMs = 1_000;

/** The StudyService over the use cases: messages in, messages out, and nothing else. */
export function createStudyService(studies: Studies): ServiceImpl<typeof StudyService> {
  return {
    async createStudy(request, context) {
      const project = projectRef(request.parent, "parent", callerOf(context));
      const wire = request.study ?? create(StudySchema);
      const options: CreateOptions = {
        projectId: project.id,
        name: request.studyId,
        spec: specOf(wire),
        displayName: wire.displayName,
        labels: wire.labels,
        attributes: attributesOf(wire.attributes, "study.attributes"),
        note: wire.note,
        allowExisting: request.allowExisting,
        validateOnly: request.validateOnly,
        sources: wire.sources.map(({ study }, index) =>
          sourceOf(study, `study.sources[${index}].study`, context),
        ),
      };
      const { study, created } = await studies.create(options);
      return {
        study: wireStudy({ ...study, projectName: study.projectName || project.name }),
        created,
      };
    },

    async getStudy(request, context) {
      return { study: wireStudy(await studies.get(studyRef(request.study, "study", callerOf(context)))) };
    },

    async listStudies(request, context) {
      const limit = Math.min(request.pageSize || defaultPage, maxPage);
      const filter = {
        projectId: projectRef(request.parent, "parent", callerOf(context)).id,
        state: stateFilter(request.state),
        labels: request.labels,
        search: request.search,
      };
      const { studies: found, total } = await studies.listStudies(
        filter,
        pageOf(request.pageToken),
        limit + 1,
      );
      const page = found.slice(0, limit);
      const nextPageToken = found.length > limit ? String(page.at(-1)?.id) : "";
      return { studies: page.map(wireStudy), nextPageToken, totalSize: total };
    },

    async updateStudy(request, context) {
      const wire = request.study ?? create(StudySchema);
      const ref = studyRef(wire.name, "study.name", callerOf(context));
      const mask = request.updateMask?.paths ?? [];
      const study = await studies.update(ref, versionOf(wire.etag), (current) =>
        changedStudy(current, wire, mask),
      );
      return { study: wireStudy(study) };
    },

    async deleteStudy(request, context) {
      await studies.delete(studyRef(request.study, "study", callerOf(context)), request.force);
      return {};
    },

    async pauseStudy(request, context) {
      return { study: wireStudy(await studies.pause(studyRef(request.study, "study", callerOf(context)))) };
    },

    async resumeStudy(request, context) {
      return { study: wireStudy(await studies.resume(studyRef(request.study, "study", callerOf(context)))) };
    },

    async finishStudy(request, context) {
      return { study: wireStudy(await studies.finish(studyRef(request.study, "study", callerOf(context)))) };
    },

    async *watchStudy(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { cursor, columns } = request;
      const messages = columns
        ? watchMessages(studies.watchColumns(ref, cursor, context.signal), (trials) => ({
            columns: wireColumns(trials),
          }))
        : watchMessages(studies.watch(ref, cursor, context.signal), (trials) => ({
            trials: trials.map((trial) => wireTrial(ref, trial)),
          }));
      let checkedAt = performance.now();
      for await (const message of messages) {
        if (performance.now() - checkedAt >= recheckMs) {
          studyRef(request.study, "study", await renewedCaller(context));
          checkedAt = performance.now();
        }
        yield message;
      }
    },

    async listBestTrials(request, context) {
      const { study, trials } = await studies.best(
        studyRef(request.study, "study", callerOf(context)),
        request.pageSize,
      );
      return { trials: trials.map((trial) => wireTrial(study, trial)) };
    },

    async *exportStudy(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      for await (const item of studies.export(ref)) {
        if (item.kind === "trial") {
          const trial = wireTrial(ref, item.trial);
          yield { item: { case: "trial", value: trial } };
        } else if (item.kind === "source") {
          yield { item: { case: "source", value: wireSource(item.source) } };
        } else {
          const study: WireStudy = create(StudySchema, {
            ...wireSpec(item.spec),
            name: studyName(ref.projectName, ref.name),
          });
          yield {
            item: {
              case: "spec",
              value: { version: item.version, study, createTime: timestampFromDate(item.createdAt) },
            },
          };
        }
      }
    },
  };
}

/** What a watcher is told, whose trials are written in one way or the other. */
async function* watchMessages<T>(
  events: AsyncIterable<WatchEvent<T>>,
  wire: (trials: T) => Pick<MessageInitShape<typeof WatchStudyResponseSchema>, "trials" | "columns">,
): AsyncGenerator<MessageInitShape<typeof WatchStudyResponseSchema>> {
  for await (const { cursor, study, trials } of events) {
    yield {
      cursor,
      sendTime: timestampNow(),
      ...(study === undefined ? {} : { study: wireStudy(study) }),
      ...(trials === undefined ? {} : wire(trials)),
    };
  }
}

/** An earlier study that a new one begins from: it takes the right to read it, and no more. */
function sourceOf(name: string, field: string, context: HandlerContext): NamedSource {
  const need = { scope: "read", what: "Beginning from an earlier study" } as const;
  try {
    const ref = studyRef(name, field, { ...callerOf(context), need });
    return { ref, name: studyName(ref.projectName, ref.name) };
  } catch (error) {
    if (!(error instanceof StudyError) || error.reason !== "STUDY_NOT_FOUND") throw error;
    throw new StudyError("STUDY_NOT_FOUND", `${field}: ${error.message}`);
  }
}

function wireSource({ name, trials }: Source): MessageInitShape<typeof SourceResultsSchema> {
  return { study: name, trials: trials.map((trial) => ({ ...trial, params: { ...trial.params } })) };
}

function stateFilter(state: number) {
  const name = studyStates[state];
  return name === undefined || name === "unspecified" ? undefined : name;
}

/** Studies are listed newest first, so a page token is the id of the last study seen. */
function pageOf(token: string): number | undefined {
  if (token === "") return undefined;
  if (/^[1-9]\d{0,14}$/.test(token)) return Number(token);
  throw invalid([{ field: "page_token", description: "is not one that ListStudies answered" }]);
}
