import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { TrialSchema } from "@asktell/proto/asktell/v1/trial_pb";
import { StopReason as WireStopReason, type TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import type { ServiceImpl } from "@connectrpc/connect";
import { invalid } from "../studies/errors.ts";
import type { Studies } from "../studies/index.ts";
import type { ReportAnswer, StopReason } from "../studies/report.ts";
import { callerOf } from "./gate.ts";
import { maskOf } from "./mask.ts";
import { measurementOf, terminalState, wireStudyState, wireTrial } from "./messages.ts";
import { projectRef, studyRef, trialName, trialRef } from "./names.ts";
import { quote } from "./quote.ts";
import { attributesOf, paramsOf, secondsOf, timeOf } from "./values.ts";
import { waitWithin } from "./wait-within.ts";
import { wireWorker } from "./workers.ts";

const stopReasons: Record<StopReason, WireStopReason> = {
  pruned: WireStopReason.PRUNED,
  "study-finished": WireStopReason.STUDY_FINISHED,
  "lease-lost": WireStopReason.LEASE_LOST,
  "trial-ended": WireStopReason.TRIAL_ENDED,
};

/** The TrialService over the use cases: messages in, messages out, and nothing else. */
export function createTrialService(studies: Studies): ServiceImpl<typeof TrialService> {
  return {
    async askTrials(request, context) {
      const caller = callerOf(context);
      const ref = studyRef(request.study, "study", caller);
      const maxWaitMs = waitWithin(context, request.maxWait);
      const answer = await studies.ask(ref, {
        count: request.count || 1,
        worker: request.worker,
        requestId: request.requestId,
        fixed: paramsOf(request.fixedParams, "fixed_params"),
        leaseSeconds: secondsOf(request.leaseDuration),
        resume: request.resume,
        maxWaitMs,
        cappedBy: caller.principal.cappedBy,
        // Only a call that may wait needs to hear that nobody waits for it.
        signal: maxWaitMs > 0 ? context.signal : undefined,
      });
      return {
        trials: answer.trials.map((trial) => wireTrial(ref, trial)),
        studyState: wireStudyState(answer.studyState),
        ...(answer.retryAfterMs === undefined ? {} : { retryAfter: durationFromMs(answer.retryAfterMs) }),
      };
    },

    async reportTrial(request, context) {
      const { ref, number } = trialRef(request.trial, "trial", callerOf(context));
      const { leaseToken, step, values, metrics } = request;
      const answer = await studies.report(ref, { number, leaseToken, step, values, metrics });
      return { ...wireStop(answer), message: answer.message };
    },

    async renewLease(request, context) {
      const caller = callerOf(context);
      const leases = request.leases.map(({ trial, leaseToken }, index) => ({
        ...trialRef(trial, `leases[${index}].trial`, caller),
        leaseToken,
      }));
      const answers = await Promise.all(
        leases.map(({ ref, number, leaseToken }) => studies.renew(ref, number, leaseToken)),
      );
      return {
        leases: leases.flatMap(({ ref, number }, index) => {
          const answer = answers[index];
          return answer === undefined
            ? []
            : [{ trial: trialName(ref.projectName, ref.name, number), ...wireStop(answer) }];
        }),
      };
    },

    async tellTrial(request, context) {
      const caller = callerOf(context);
      const { ref, number } = trialRef(request.trial, "trial", caller);
      const { leaseToken, values, metrics, failure, requestId } = request;
      const state = terminalState(request.state);
      const { trial, studyState } = await studies.tell(ref, {
        number,
        leaseToken,
        values,
        metrics,
        state,
        failure,
        requestId,
      });
      return {
        trial: wireTrial(ref, trial),
        studyState: wireStudyState(studyState),
      };
    },

    async enqueueTrials(request, context) {
      const caller = callerOf(context);
      const ref = studyRef(request.study, "study", caller);
      const seeds = request.trials.map(({ params, attributes }, index) => ({
        params: paramsOf(params, `trials[${index}].params`),
        attributes: attributesOf(attributes, `trials[${index}].attributes`),
      }));
      const trials = await studies.enqueue(ref, seeds, request.requestId);
      return {
        trials: trials.map((trial) => wireTrial(ref, trial)),
      };
    },

    async importTrials(request, context) {
      const caller = callerOf(context);
      const ref = studyRef(request.study, "study", caller);
      const imported = request.trials.map((trial, index) => ({
        params: paramsOf(trial.params, `trials[${index}].params`),
        attributes: attributesOf(trial.attributes, `trials[${index}].attributes`),
        values: trial.values,
        metrics: trial.metrics,
        state: terminalState(trial.state),
        failure: trial.failure,
        measurements: trial.measurements.map((measurement, at) =>
          measurementOf(measurement, `trials[${index}].measurements[${at}]`),
        ),
        startedAt: timeOf(trial.startTime, `trials[${index}].start_time`),
        endedAt: timeOf(trial.endTime, `trials[${index}].end_time`),
      }));
      const trials = await studies.import(ref, imported, request.requestId);
      return {
        trials: trials.map((trial) => wireTrial(ref, trial)),
      };
    },

    async getTrial(request, context) {
      const caller = callerOf(context);
      const { ref, number } = trialRef(request.trial, "trial", caller);
      const trial = await studies.getTrial(ref, number);
      return { trial: wireTrial(ref, trial) };
    },

    async listTrials(request, context) {
      const { pageSize, pageToken, filter, orderBy } = request;
      const mask = request.readMask?.paths ?? [];
      const reduced = maskOf(mask);
      const ref = studyRef(request.study, "study", callerOf(context));
      const isWhole = mask.includes("measurements") || mask.includes("late_observations");
      const { study, trials, nextPageToken, total } = await studies.listTrials(ref, {
        pageSize,
        pageToken,
        filter,
        orderBy,
        isWhole,
      });
      return {
        trials: trials.map((trial) => reduced(wireTrial(study, trial))),
        nextPageToken,
        totalSize: total,
      };
    },

    async listWorkers(request, context) {
      const project = projectRef(request.parent, "parent", callerOf(context));
      const { workers, total } = await studies.listWorkers(project.id, request.pageSize);
      return { workers: workers.map((worker) => wireWorker(project.name, worker)), totalSize: total };
    },

    async findTrials(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      return { numbers: await studies.findTrials(ref, request.filter) };
    },

    async updateTrial(request, context) {
      const caller = callerOf(context);
      const wire = request.trial ?? create(TrialSchema);
      const { ref, number } = trialRef(wire.name, "trial.name", caller);
      const mask = request.updateMask?.paths ?? [];
      if (mask.length !== 1 || mask[0] !== "attributes") {
        throw invalid([
          { field: "update_mask", description: `is ${quote(mask.join(","))}: expected attributes` },
        ]);
      }
      const trial = await studies.setAttributes(
        ref,
        number,
        attributesOf(wire.attributes, "trial.attributes"),
      );
      return { trial: wireTrial(ref, trial) };
    },

    async editTrial(request, context) {
      const { ref, number } = trialRef(request.trial, "trial", callerOf(context));
      const { params, attributes, revision, requestId } = request;
      const trial = await studies.edit(ref, {
        number,
        params: paramsOf(params, "params"),
        attributes: attributes && attributesOf(attributes, "attributes"),
        revision: revision === 0n ? undefined : Number(revision),
        requestId,
      });
      return { trial: wireTrial(ref, trial) };
    },

    async cancelTrial(request, context) {
      const { ref, number } = trialRef(request.trial, "trial", callerOf(context));
      const { reason, requestId } = request;
      const { trial, studyState } = await studies.cancel(ref, { number, reason, requestId });
      return { trial: wireTrial(ref, trial), studyState: wireStudyState(studyState) };
    },
  };
}

function wireStop({ stop, leaseExpiresAt }: ReportAnswer) {
  return {
    shouldStop: stop !== undefined,
    reason: stop === undefined ? WireStopReason.UNSPECIFIED : stopReasons[stop],
    ...(leaseExpiresAt === undefined ? {} : { leaseExpireTime: timestampFromDate(leaseExpiresAt) }),
  };
}
