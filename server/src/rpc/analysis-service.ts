import {
  type AnalysisService,
  HintKind,
  HintSeverity,
  ImportanceMethod,
} from "@asktell/proto/asktell/v1/analysis_service_pb";
import type { ServiceImpl } from "@connectrpc/connect";
import type { Hint } from "../optimizer/analysis/health.ts";
import type { ParameterValue } from "../optimizer/space/parameter.ts";
import type { Studies } from "../studies/index.ts";
import { callerOf } from "./gate.ts";
import { studyRef } from "./names.ts";
import { wireValue } from "./values.ts";

/** The AnalysisService over the use cases. */
export function createAnalysisService({ analyses }: Studies): ServiceImpl<typeof AnalysisService> {
  return {
    async getImportances(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const method = request.method === ImportanceMethod.PED_ANOVA ? "ped-anova" : "fanova";
      const { revision, answer } = await analyses.importances(ref, request.objective, method);
      return {
        revision: BigInt(revision),
        trials: answer?.trials ?? 0,
        importances: (answer?.parameters ?? []).map(({ name, ...rest }) => ({ parameter: name, ...rest })),
        ...(answer?.explained === undefined ? {} : { explained: answer.explained }),
      };
    },

    async getSlices(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { revision, answer } = await analyses.slices(ref, request.objective, request.parameters);
      return {
        revision: BigInt(revision),
        trials: answer?.trials ?? 0,
        explained: answer?.explained ?? 0,
        slices: (answer?.slices ?? []).map(({ name, values, mean, low, high }) => ({
          axis: axisOf(name, values),
          mean: [...mean],
          low: [...low],
          high: [...high],
        })),
      };
    },

    async getContour(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { revision, answer } = await analyses.contour(ref, request.objective, request.x, request.y);
      if (answer === undefined) return { revision: BigInt(revision) };
      const { names, values, mean, low, high, trials, explained } = answer;
      return {
        revision: BigInt(revision),
        x: axisOf(names[0], values[0]),
        y: axisOf(names[1], values[1]),
        mean: [...mean],
        low: [...low],
        high: [...high],
        trials,
        explained,
      };
    },

    async sampleTrials(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { study, revision, answer } = await analyses.sample(ref, request.objective, request.size);
      const names = study.spec.parameters.map(({ name }) => name);
      return {
        revision: BigInt(revision),
        total: answer.total,
        trials: answer.trials.map(({ number, values, objectives, rank }) => ({
          number,
          params: paramsOf(names, values),
          values: [...objectives],
          rank,
        })),
      };
    },

    async getDistribution(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { revision, answer } = await analyses.distribution(ref, request.objective, request.size);
      const { values, shares, total } = answer;
      return { revision: BigInt(revision), values: [...values], shares: [...shares], total };
    },

    async getProgress(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { revision, answer } = await analyses.progress(ref, request.size, request.referencePoint);
      if (answer.history === undefined) return { revision: BigInt(revision), exact: true };
      const { numbers, positions } = answer.history;
      const shared = { revision: BigInt(revision), numbers: [...numbers], ended: [...positions] };
      if (answer.kind === "best") return { ...shared, values: [...answer.history.values], exact: true };
      const { volumes, reference, isExact } = answer.history;
      return { ...shared, values: [...volumes], referencePoint: [...reference], exact: isExact };
    },

    async getParetoFront(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { revision, answer } = await analyses.front(ref, request.objectives);
      return { revision: BigInt(revision), numbers: [...answer.numbers], total: answer.total };
    },

    async getExpectations(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { revision, answer } = await analyses.expectations(ref, request.objective, request.size);
      const expectations = answer.trials.map(({ number, mean, deviation, observed, isSuggested }) => ({
        number,
        expected: mean,
        deviation,
        observed,
        isSuggested,
      }));
      if (answer.calibration === undefined) return { revision: BigInt(revision), expectations };
      const { count, promised, kept, bias, spread, correlation } = answer.calibration;
      const calibration = {
        trials: count,
        promised: [...promised],
        kept: [...kept],
        bias,
        spread,
        correlation,
      };
      return { revision: BigInt(revision), expectations, calibration };
    },

    async getPruningSavings(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { revision, answer } = await analyses.savings(ref);
      if (answer === undefined) return { revision: BigInt(revision) };
      const { spent, stoppedReports, stoppedAfter, ...rest } = answer;
      return {
        ...rest,
        revision: BigInt(revision),
        spent: BigInt(spent),
        stoppedReports: BigInt(stoppedReports),
        stoppedAfter: [...stoppedAfter],
      };
    },

    async listHints(request, context) {
      const ref = studyRef(request.study, "study", callerOf(context));
      const { revision, answer } = await analyses.hints(ref);
      return {
        revision: BigInt(revision),
        hints: answer.map(({ kind, severity, parameter, message }) => ({
          kind: hintKinds[kind],
          severity: severity === "warning" ? HintSeverity.WARNING : HintSeverity.INFO,
          parameter: parameter ?? "",
          message,
        })),
      };
    },
  };
}

const hintKinds: Readonly<Record<Hint["kind"], HintKind>> = {
  "all-failed": HintKind.ALL_FAILED,
  "many-failed": HintKind.MANY_FAILED,
  "all-infeasible": HintKind.ALL_INFEASIBLE,
  "constant-objective": HintKind.CONSTANT_OBJECTIVE,
  "at-bound": HintKind.AT_BOUND,
  duplicates: HintKind.DUPLICATES,
  noise: HintKind.NOISE,
};

function axisOf(parameter: string, values: readonly ParameterValue[]) {
  return { parameter, values: values.map(wireValue) };
}

/** The values of active parameters by name. */
function paramsOf(names: readonly string[], values: readonly (ParameterValue | undefined)[]) {
  // Not by assignment, which would lose the name __proto__.
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const value = values[index];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
