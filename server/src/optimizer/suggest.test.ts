import { fc } from "../../../test/support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { arbitraryParameters } from "../../../test/support/arbitrary-space.ts";
import { createHistory } from "./history.ts";
import { createStream } from "./numerics/stream.ts";
import { createSampler } from "./samplers/index.ts";
import type { Sampler } from "./samplers/sampler.ts";
import { normalizeParameters } from "./space/check-space.ts";
import type { Parameter, Params } from "./space/parameter.ts";
import { createSpace, type Space } from "./space/space.ts";
import { suggest, type SuggestOptions } from "./suggest.ts";

const categorical = (name: string, choices: string[], rest: Partial<Parameter> = {}): Parameter => {
  const domain = { kind: "categorical", choices, ordered: false } as const;
  return { name, domain, condition: undefined, default: undefined, ...rest };
};
const real = (name: string, rest: Partial<Parameter> = {}): Parameter => {
  const domain = { kind: "real", low: 1e-5, high: 1, log: true, step: undefined } as const;
  return { name, domain, condition: undefined, default: undefined, ...rest };
};

function study(space: Space, rest: Partial<SuggestOptions> = {}) {
  const history = createHistory(space, [{ name: "value", goal: "minimize" }]);
  const options: SuggestOptions = {
    space,
    history,
    sampler: createSampler({ kind: "random" }, space, history.objectives),
    number: 0,
    seed: 1,
    replicates: 1,
    ...rest,
  };
  /** Asks, and hands the trial out. */
  const ask = (more: Partial<SuggestOptions> = {}): Params | "exhausted" => {
    const suggested = suggest({ ...options, number: history.size, ...more });
    if (suggested === "exhausted") return suggested;
    history.addPending(history.size, suggested.params);
    return suggested.params;
  };
  return { ask, history, options };
}

/** Always the same point. */
const stubborn = (space: Space): Sampler => {
  return {
    suggest: () => ({
      point: new Float64Array(space.dimensions.length).fill(0),
      sampler: "stubborn",
      reason: "",
    }),
  };
};

describe("defaults", () => {
  test("come first, exactly as declared, with the others from the sampler", () => {
    const space = createSpace([real("lr", { default: 0.1 }), categorical("act", ["relu", "tanh"])]);
    const { ask } = study(space);
    expect(ask()).toMatchObject({ lr: 0.1 });
    expect(ask()).not.toMatchObject({ lr: 0.1 });
  });

  test("of a child make its free parent take a value in which it is active", () => {
    const space = createSpace([
      categorical("kind", ["a", "b", "c"]),
      real("lr", { default: 0.1, condition: { parent: "kind", values: ["c"] } }),
    ]);
    expect(study(space).ask()).toEqual({ kind: "c", lr: 0.1 });
  });

  test("give way to what the caller fixes", () => {
    const space = createSpace([
      categorical("kind", ["a", "b"], { default: "a" }),
      real("x", { default: 0.5, condition: { parent: "kind", values: ["a"] } }),
      real("y", { condition: { parent: "kind", values: ["b"] } }),
    ]);
    expect(study(space).ask({ fixed: { y: 0.25 } })).toEqual({ kind: "b", y: 0.25 });
  });
});

describe("fixed values", () => {
  test("are kept to the last digit and make their parents active", () => {
    fc.assert(
      fc.property(arbitraryParameters(), fc.nat(), fc.nat(), (parameters, seed, mask) => {
        const space = createSpace(normalizeParameters(parameters));
        const some = createStream(seed);
        const { options } = study(space);
        const whole = suggest({ ...options, seed, number: 1 });
        if (whole === "exhausted") throw new Error("nothing has been used");
        const entries = Object.entries(whole.params).filter((_, index) => (mask >> index) & 1);
        const fixed = Object.fromEntries(entries);
        const suggested = suggest({ ...options, seed: some.integer(2 ** 32), number: 2, fixed });
        if (suggested === "exhausted") throw new Error("nothing has been used");
        expect(suggested.params).toMatchObject(fixed);
        expect(space.check(suggested.params)).toEqual([]);
        expect(suggested.point).toEqual(space.toPoint(suggested.params));
      }),
    );
  });
});

test("where points are without number, replicates repeat none that the caller does not fix", () => {
  const space = createSpace([real("x")]);
  const sampler: Sampler = {
    suggest: ({ stream, fixed }) => {
      const unit = stream.uniform();
      return { point: fixed ?? Float64Array.of(unit < 0.5 ? 0 : unit), sampler: "half", reason: "" };
    },
  };
  const { ask } = study(space, { replicates: 1_000, sampler });
  const asked = Array.from({ length: 100 }, () => ask()) as Params[];
  // The sampler itself would repeat half of them; it is asked again up to five times.
  expect(new Set(asked.map(({ x }) => x)).size).toBeGreaterThan(90);
  const fixed = { x: 0.125 };
  expect([ask({ fixed }), ask({ fixed })]).toEqual([fixed, fixed]);
});

test("a branch of one point is not drawn again as a point not yet tried", () => {
  const space = createSpace([
    categorical("model", ["bayes", "tree", "forest", "svm"]),
    real("x", { condition: { parent: "model", values: ["tree"] } }),
  ]);
  // Cell 0 of the first choice: the sampler wants a branch of one point for ever.
  const { ask } = study(space, { sampler: stubborn(space) });
  const asked = Array.from({ length: 60 }, () => JSON.stringify(ask()));
  expect(new Set(asked).size).toBe(60);
});

describe("in a finite space", () => {
  const finite = arbitraryParameters({ finite: true, maxParameters: 3 });

  test("every point is given exactly as often as replicates allow, then the space is exhausted", () => {
    fc.assert(
      fc.property(
        finite,
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (parameters, replicates, isStubborn) => {
          const space = createSpace(normalizeParameters(parameters));
          fc.pre(space.size <= 60);
          const { ask } = study(space, { replicates, ...(isStubborn ? { sampler: stubborn(space) } : {}) });
          const counts = new Map<string, number>();
          for (;;) {
            const params = ask();
            if (params === "exhausted") break;
            const key = space.key(params);
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
          expect(counts.size).toBe(space.size);
          expect(new Set(counts.values())).toEqual(new Set([replicates]));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("what is left is drawn evenly", () => {
    const domain = { kind: "integer", low: 0, high: 9, log: false, step: 1 } as const;
    const space = createSpace([{ name: "n", domain, condition: undefined, default: undefined }]);
    const counts = new Map<unknown, number>();
    for (let seed = 0; seed < 600; seed++) {
      const { ask, history } = study(space, { seed, sampler: stubborn(space) });
      for (let n = 0; n < 7; n++) history.addPending(n, { n });
      const params = ask();
      if (params !== "exhausted") counts.set(params["n"], (counts.get(params["n"]) ?? 0) + 1);
    }
    expect(new Set(counts.keys())).toEqual(new Set([7, 8, 9]));
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(50); // four deviations
  });

  test("a fixed part is exhausted on its own", () => {
    const space = createSpace([categorical("a", ["x", "y"]), categorical("b", ["x", "y"])]);
    const { ask } = study(space);
    expect([ask({ fixed: { a: "x" } }), ask({ fixed: { a: "x" } })]).not.toContain("exhausted");
    expect(ask({ fixed: { a: "x" } })).toBe("exhausted");
    expect(ask()).toMatchObject({ a: "y" });
  });

  test("a space too large to count is searched without repetition", () => {
    const domain = { kind: "integer", low: 0, high: 2 ** 40, log: false, step: 1 } as const;
    const parameters = ["a", "b"].map((name) => ({ name, domain, condition: undefined, default: undefined }));
    const space = createSpace(parameters);
    const { ask } = study(space, { sampler: stubborn(space) });
    const keys = Array.from({ length: 20 }, () => JSON.stringify(ask()));
    expect(new Set(keys).size).toBe(20);
  });
});

describe("linear constraints", () => {
  const whole = (name: string, high: number): Parameter => ({
    name,
    domain: { kind: "integer", low: 0, high, log: false, step: 1 },
    condition: undefined,
    default: undefined,
  });
  const atMost = (upper: number, ...names: string[]) => ({
    terms: names.map((parameter) => ({ parameter, coefficient: 1 })),
    upper,
  });

  test("are kept by what a sampler without manners suggests, until all points are used", () => {
    const space = createSpace([whole("a", 5), whole("b", 5)], [atMost(2, "a", "b")]);
    const { ask } = study(space, { sampler: stubborn(space), replicates: 2 });
    const keys = Array.from({ length: 12 }, () => JSON.stringify(ask()));
    expect(new Set(keys).size).toBe(6);
    expect(ask()).toBe("exhausted");
  });

  test("a space too large to go through counts as used when all that is left of it is", () => {
    const names = ["a", "b", "c"];
    const space = createSpace(
      names.map((name) => whole(name, 99)),
      [atMost(1, ...names)],
    );
    const { ask } = study(space);
    const keys = Array.from({ length: 4 }, () => JSON.stringify(ask()));
    expect(new Set(keys).size).toBe(4);
    expect(ask()).toBe("exhausted");
  });

  test("come before defaults that break them", () => {
    const space = createSpace([{ ...whole("a", 9), default: 9 }, real("x")], [atMost(4, "a")]);
    const { ask } = study(space);
    for (let number = 0; number < 20; number++) {
      const params = ask();
      expect(params === "exhausted" || Number(params["a"]) <= 4).toBe(true);
    }
  });
});

test("a space without parameters has one point", () => {
  const { ask } = study(createSpace([]), { replicates: 2 });
  expect([ask(), ask(), ask()]).toEqual([{}, {}, "exhausted"]);
});

test("the suggestion is a function of seed, number, fixed values and history", () => {
  const space = createSpace([real("lr"), categorical("act", ["relu", "tanh", "gelu"])]);
  const { options } = study(space);
  expect(suggest({ ...options, number: 5 })).toEqual(suggest({ ...options, number: 5 }));
  expect(suggest({ ...options, number: 5 })).not.toEqual(suggest({ ...options, number: 6 }));
  expect(suggest({ ...options, number: 5 })).not.toEqual(suggest({ ...options, number: 5, seed: 2 }));
});
