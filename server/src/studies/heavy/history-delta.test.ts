import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { arbitraryParameters } from "../../../../test/support/arbitrary-space.ts";
import { type History, createHistory } from "../../optimizer/history.ts";
import { createStream } from "../../optimizer/numerics/stream.ts";
import { drawUniform } from "../../optimizer/samplers/random.ts";
import { normalizeParameters } from "../../optimizer/space/check-space.ts";
import { createSpace } from "../../optimizer/space/space.ts";
import { type Position, START, applyDelta, deltaSince } from "./history-delta.ts";

const objectives = [
  { name: "loss", goal: "minimize" },
  { name: "size", goal: "maximize" },
] as const;

/** All that a sampler can read. */
function contents(history: History): unknown {
  const numbers = Array.from({ length: history.size }, (_, number) => number);
  return {
    ended: [...history.ended],
    pending: [...history.pending],
    revision: history.revision,
    trials: numbers.map((number) => ({
      outcome: history.outcome(number),
      point: [...history.point(number)],
      values: [...history.values(number)],
      violation: history.violation(number),
      excesses: [...history.excesses(number)],
      steps: Array.from(history.curve(number).steps),
      reports: Array.from(history.curve(number).vectors ?? []),
      count: history.count(history.point(number)),
    })),
  };
}

test("a copy that follows by deltas is the same, whatever was handed out, changed, ended and taken back in between", () => {
  const spaces = arbitraryParameters().map((parameters) => createSpace(normalizeParameters(parameters)));
  fc.assert(
    fc.property(spaces, fc.nat(), (space, seed) => {
      const stream = createStream(seed);
      const history = createHistory(space, objectives, 2);
      const copy = createHistory(space, objectives, 2);
      let position: Position = START;
      for (let step = 1; step <= 80; step++) {
        const roll = stream.uniform();
        const { pending, size } = history;
        if (roll < 0.4) {
          history.addPending(size, space.toParams(drawUniform(space, stream, undefined)));
        } else if (roll < 0.7 && pending.length > 0) {
          const reports = Array.from({ length: stream.integer(3) }, () => stream.normal());
          history.end(pending[stream.integer(pending.length)]!, {
            outcome: (["completed", "pruned", "failed", "infeasible"] as const)[stream.integer(4)]!,
            values: stream.uniform() < 0.2 ? [] : [stream.normal(), NaN],
            violation: stream.uniform(),
            ...(stream.uniform() < 0.3 ? {} : { excesses: [stream.normal(), -Infinity] }),
            curve: {
              steps: reports.map((_, at) => at),
              values: reports,
              vectors: reports.flatMap((report) => [report, -report]),
            },
            revision: step,
          });
        } else if (roll < 0.75 && pending.length > 0) {
          const other = drawUniform(space, stream, undefined);
          history.movePending(pending[stream.integer(pending.length)]!, other);
        } else if (roll < 0.8) {
          const newestEnded = history.ended.reduce((newest, number) => Math.max(newest, number), -1);
          history.dropPending(newestEnded + 1 + stream.integer(size - newestEnded));
        } else {
          const next = deltaSince(history, position);
          position = next.position;
          applyDelta(copy, structuredClone(next.delta));
          expect(contents(copy)).toEqual(contents(history));
        }
      }
    }),
    { numRuns: 200 },
  );
});
