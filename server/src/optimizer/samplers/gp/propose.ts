import type { Suggestion, SuggestRequest } from "../sampler.ts";
import { chooseAim } from "./aim.ts";
import { gatherEvidence } from "./evidence.ts";
import { expectationAt } from "./expectation.ts";
import { maximizeAcquisition } from "./maximize-acquisition.ts";
import type { Model } from "./model.ts";
import { explain } from "./reason.ts";
import { createSurrogate } from "./surrogate.ts";

/** The point where a Gaussian process over the ended and the running trials expects most. */
export function propose(model: Model, request: SuggestRequest): Suggestion {
  const { space, features, settings } = model;
  const { history, number, stream, fixed, replicates = 1, budget = Infinity } = request;
  const evidence = gatherEvidence(model, history, fixed, stream, budget - number);
  const surrogate = createSurrogate(model, history, evidence);
  const { observed, data, targets, branch, isLocal, view } = evidence;
  const { objective, limits, best, pending } = surrogate;
  const aim = chooseAim(
    {
      space,
      settings,
      objective,
      observed,
      targets,
      best,
      pending,
      spent: number / budget,
      isConstrained: limits.length > 0,
      isElsewhere: branch !== undefined || isLocal,
    },
    stream,
  );
  const options = { model, history, evidence, surrogate, aim, fixed, replicates };
  const { point, place } = maximizeAcquisition(options, stream);
  return {
    point,
    sampler: "gp",
    expected: expectationAt(features, point, history.objectives, [
      { posterior: objective, losses: data.losses, targets },
    ]),
    reason: explain({
      count: data.numbers.length,
      view,
      aim,
      isFeasible: best !== undefined,
      sources: evidence.explained,
      branch,
      place,
    }),
  };
}
