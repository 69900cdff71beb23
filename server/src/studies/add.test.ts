import { afterEach, expect, test, vi } from "vitest";
import { useTestStudies } from "../../../test/support/studies.ts";
import type { Params } from "../optimizer/space/parameter.ts";
import type { SpecDraft } from "./create-study.ts";
import type { StudyRef } from "./directory.ts";
import { nextSuggestion } from "./next-suggestion.ts";
import { specDefaults } from "./spec.ts";

// As it is, but counted.
vi.mock("./next-suggestion.ts", { spy: true });

const own = useTestStudies();

afterEach(() => void vi.clearAllMocks());

const whole = { kind: "integer", low: 0, high: 9, log: false, step: 1 } as const;
const real = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;

/** A study over `n` and, where that is 0, `x`. */
const create = (spec: Partial<SpecDraft> = {}): Promise<StudyRef> =>
  own.create({
    ...specDefaults,
    parameters: [
      { name: "n", domain: whole, condition: undefined, default: undefined },
      { name: "x", domain: real, condition: { parent: "n", values: [0] }, default: undefined },
    ],
    sampler: { kind: "random" },
    seed: 1,
    ...spec,
  });

const enqueue = (ref: StudyRef, points: readonly Params[]) =>
  own.studies.enqueue(
    ref,
    points.map((params) => ({ params, attributes: {} })),
    "",
  );

test("points with every value are enqueued as they are, without asking a sampler, which may be slow", async () => {
  const ref = await create();
  const points = [{ n: 0, x: 0.1 }, { n: 3 }, { n: 0, x: 1 / 3 }];
  expect((await enqueue(ref, points)).map(({ params }) => params)).toEqual(points);
  expect(nextSuggestion).not.toHaveBeenCalled();

  const [completed] = await enqueue(ref, [{ n: 0 }]);
  expect(completed?.params).toEqual({ n: 0, x: expect.any(Number) });
  expect(nextSuggestion).toHaveBeenCalledTimes(1);
});

test("a point that is used up is refused, with every value too", async () => {
  const [n] = (await own.studies.get(await create())).spec.parameters;
  const ref = await create({ parameters: [n!] });
  await enqueue(ref, [{ n: 3 }]);
  await expect(enqueue(ref, [{ n: 4 }, { n: 3 }])).rejects.toMatchObject({
    reason: "INVALID_REQUEST",
    message: expect.stringContaining("trials[1].params: every point with these values is in the study"),
  });
  expect((await own.studies.get(ref)).clock.nextNumber).toBe(1);
});

test("points that a slow sampler would complete for too long are refused, and none is added", async () => {
  const ref = await create();
  let now = performance.now();
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 50));
  try {
    await expect(
      enqueue(
        ref,
        Array.from({ length: 1_000 }, () => ({ n: 0 })),
      ),
    ).rejects.toMatchObject({
      reason: "INVALID_REQUEST",
      message: expect.stringMatching(/^trials: leave out values .* 10 s for \d+ of 1000 trials: send fewer/),
    });
  } finally {
    clock.mockRestore();
  }
  expect((await own.studies.get(ref)).clock.nextNumber).toBe(0);
});
