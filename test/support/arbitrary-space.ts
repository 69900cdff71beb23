import { fc } from "./fast-check.ts";
import type { Domain, Parameter, ParameterValue } from "../../server/src/optimizer/space/parameter.ts";
import { createScale } from "../../server/src/optimizer/space/create-scale.ts";

const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const positive = fc.double({ min: 1e-9, max: 1e6, noNaN: true });

const real: fc.Arbitrary<Domain> = fc.oneof(
  fc.tuple(bound, bound).map(([a, b]): Domain => {
    return { kind: "real", low: Math.min(a, b), high: Math.max(a, b), log: false, step: undefined };
  }),
  fc.tuple(positive, positive).map(([a, b]): Domain => {
    return { kind: "real", low: Math.min(a, b), high: Math.max(a, b), log: true, step: undefined };
  }),
);
const steppedReal: fc.Arbitrary<Domain> = fc
  .tuple(
    fc.integer({ min: -1000, max: 1000 }),
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: 0, max: 40 }),
  )
  .map(([start, step, steps]): Domain => {
    const [low, width] = [start / 100, step / 100];
    return { kind: "real", low, high: low + (steps + 0.3) * width, log: false, step: width };
  });
const integer: fc.Arbitrary<Domain> = fc.oneof(
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 7 }))
    .map(([low, range, step]): Domain => ({ kind: "integer", low, high: low + range, log: false, step })),
  fc
    .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 5000 }))
    .map(([low, range]): Domain => ({ kind: "integer", low, high: low + range, log: true, step: 1 })),
);
/** Some domains with a belief of where good values lie. */
const believed = (domain: fc.Arbitrary<Domain>): fc.Arbitrary<Domain> =>
  fc
    .tuple(
      domain,
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 1e-3, max: 3, noNaN: true }),
    )
    .map(([each, isBelieved, place, share]): Domain => {
      if (!isBelieved || each.kind === "categorical" || each.low === each.high) return each;
      const { low, high, log } = each;
      const mean = log ? low * (high / low) ** place : low + place * (high - low);
      const range = log ? Math.log(high / low) : high - low;
      return {
        ...each,
        prior: { mean: Math.min(high, Math.max(low, mean)), deviation: Math.max(1e-9, share * range) },
      };
    });
const choice: fc.Arbitrary<ParameterValue> = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.integer({ min: -5, max: 5 }),
  fc.boolean(),
  fc.constant(null),
);
const categorical: fc.Arbitrary<Domain> = fc
  .record({
    choices: fc.uniqueArray(choice, { minLength: 1, maxLength: 5 }),
    ordered: fc.boolean(),
    weights: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 5, maxLength: 5 }),
    isWeighted: fc.boolean(),
  })
  .map(({ choices, ordered, weights, isWeighted }): Domain => {
    const own = isWeighted ? { weights: weights.slice(0, choices.length) } : {};
    return { kind: "categorical", choices, ordered, ...own };
  });

const discrete = fc.oneof(believed(steppedReal), believed(integer), categorical);

/** Names that are traps for code that takes them for something else. */
const names = ["lr", "__proto__", "constructor", "x 1", "a.b", "α", "toString", "depth"];

export interface SpaceOptions {
  /** Leave out continuous parameters. */
  readonly finite?: boolean;
  readonly maxParameters?: number;
}

/** Parameters of every kind, some of them active only under one declared before or after them. */
export function arbitraryParameters({ finite = false, maxParameters = 6 }: SpaceOptions = {}): fc.Arbitrary<
  Parameter[]
> {
  const domains = fc.array(finite ? discrete : fc.oneof(discrete, believed(real)), {
    minLength: 1,
    maxLength: maxParameters,
  });
  const choices = fc.array(fc.nat(), { minLength: 4 * maxParameters, maxLength: 4 * maxParameters });
  return fc.tuple(domains, choices, fc.boolean()).map(([all, picks, isReversed]) => {
    const parameters = all.map((domain, index): Parameter => {
      const [parentPick, valuePick, otherPick, defaultPick] = picks.slice(4 * index, 4 * index + 4) as [
        number,
        number,
        number,
        number,
      ];
      const candidates = all.flatMap((other, at) =>
        at < index && createScale(other).kind !== "continuous" ? [at] : [],
      );
      const parent = candidates[parentPick % (candidates.length + 1)]; // sometimes none
      const scale = parent === undefined ? undefined : createScale(all[parent]!);
      const value = (pick: number): ParameterValue => scale!.toValue(scale!.centre(pick % scale!.cells));
      const values = scale === undefined ? [] : [...new Set([value(valuePick), value(otherPick)])];
      const own = createScale(domain);
      return {
        name: names[index]!,
        domain,
        condition: parent === undefined ? undefined : { parent: names[parent]!, values },
        default: defaultPick % 3 === 0 ? own.toValue((defaultPick % 101) / 101) : undefined,
      };
    });
    return isReversed ? parameters.toReversed() : parameters;
  });
}
