import { describe, expect, it } from "vitest";
import { parseObject } from "../python-json.ts";
import { askedStudy, newStudy } from "./study.ts";

const config = {
  title: "Calotron::AdvTerm::v1",
  direction: "maximize",
  sampler: {
    name: "TPESampler",
    args: { n_startup_trials: 10, n_ei_candidates: 24, consider_magic_clip: true },
  },
  pruner: { name: "NopPruner", args: {} },
};

const asked = (body: object) => askedStudy(parseObject(JSON.stringify(body)).value);
const created = (body: object) => newStudy(asked(body), 1, 86_400);

describe("a study's identity", () => {
  const body = { lr: "optuna#float(0,1)", layers: 3, arch: { b: 1, a: [1, 2] }, hopaas_config: config };

  it("is a digest of 43 characters, which the study's name holds", () => {
    const { suid } = asked(body);
    expect(suid).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(created(body).name).toBe(`hopaas-${suid}`);
  });

  it("is the same for the same properties in any order, from any node", () => {
    const { hopaas_config, ...rest } = body;
    const other = { _address: "10.0.0.7", hopaas_config, ...rest, arch: { a: [1, 2], b: 1 }, _job_id: 5 };
    expect(asked(other).suid).toBe(asked(body).suid);
  });

  it.each([
    ["range", { ...body, lr: "optuna#float(0,2)" }],
    ["constant", { ...body, layers: 4 }],
    ["title", { ...body, hopaas_config: { ...config, title: "v2" } }],
    ["pruner", { ...body, hopaas_config: { ...config, pruner: { name: "MedianPruner", args: {} } } }],
  ])("is another one for another %s", (_what, other) => {
    expect(asked(other).suid).not.toBe(asked(body).suid);
  });
});

describe("a study's specification", () => {
  it("has the title, the direction, the sampler and the pruner, and constants as attributes", () => {
    const { displayName, attributes, spec, labels } = created({
      lr: "optuna#loguniform(1e-05,0.1)",
      layers: 3,
      note: null,
      _node: "n",
      hopaas_config: {
        ...config,
        pruner: { name: "MedianPruner", args: { n_warmup_steps: 20, n_min_trials: 10 } },
      },
    });
    expect(displayName).toBe(config.title);
    expect(labels).toEqual({ gateway: "hopaas" });
    expect(attributes).toMatchObject({ layers: 3, note: null, hopaas_config: { title: config.title } });
    expect(Object.keys(attributes)).toEqual(["layers", "note", "hopaas_config"]);
    expect(spec).toMatchObject({
      objectives: [{ name: "loss", goal: "maximize" }],
      sampler: { kind: "tpe", startupTrials: 10, candidates: 24 },
      pruner: { kind: "median", warmupSteps: 20, minTrials: 10 },
      leaseSeconds: 86_400,
    });
    expect(spec.parameters.map(({ name }) => name)).toEqual(["lr"]);
  });

  it("minimises without pruning where nothing is said", () => {
    const { spec, displayName } = created({ x: "optuna#uniform(0,1)" });
    expect(displayName).toBe("");
    expect(spec).toMatchObject({
      objectives: [{ goal: "minimize" }],
      sampler: { kind: "tpe" },
      pruner: { kind: "none" },
      seed: undefined,
    });
  });

  it("shortens a title that is too long for a display name", () => {
    const { displayName, attributes } = created({ hopaas_config: { title: "😀".repeat(300) } });
    expect(displayName).toBe("😀".repeat(200));
    expect(attributes).toEqual({ hopaas_config: { title: "😀".repeat(300) } });
  });

  const sampler = (name: string, args: object = {}) => ({ hopaas_config: { sampler: { name, args } } });
  const pruner = (name: string, args: object = {}) => ({ hopaas_config: { pruner: { name, args } } });

  it.each([
    [
      sampler("GPSampler", { n_startup_trials: 5, seed: null }),
      { sampler: { kind: "gp", startupTrials: 5 } },
    ],
    [sampler("RandomSampler", { seed: 7 }), { sampler: { kind: "random" }, seed: 7 }],
    [
      sampler("TPESampler", { n_startup_trials: 0, multivariate: true, gamma: null }),
      { sampler: { kind: "tpe", startupTrials: 1 } },
    ],
    [
      pruner("HyperbandPruner", { min_resources: 1, max_resources: "auto", bootstrap_count: 0 }),
      { pruner: { kind: "hyperband", minResource: 1 } },
    ],
    [
      pruner("HyperbandPruner", { min_resource: 2, max_resource: 81, reduction_factor: 4 }),
      { pruner: { kind: "hyperband", minResource: 2, maxResource: 81, reductionFactor: 4 } },
    ],
    [
      pruner("ThresholdPruner", { lower: null, upper: 2, n_warmup_steps: 3, interval_steps: 2 }),
      { pruner: { kind: "threshold", upper: 2, warmupSteps: 3, intervalSteps: 2 } },
    ],
    [pruner("PercentilePruner", { percentile: 25 }), { pruner: { kind: "percentile", percentile: 25 } }],
    [
      pruner("SuccessiveHalvingPruner", { min_resource: "auto", min_early_stopping_rate: 1 }),
      { pruner: { kind: "asha", minEarlyStoppingRate: 1 } },
    ],
    [
      pruner("PatientPruner", { wrapped_pruner: null, patience: 3, min_delta: 0.1 }),
      { pruner: { kind: "patience", patience: 3, minDelta: 0.1 } },
    ],
    [pruner("WilcoxonPruner", { p_threshold: 0.05 }), { pruner: { kind: "wilcoxon", pThreshold: 0.05 } }],
  ])("takes %j", (body, spec) => {
    expect(created(body).spec).toMatchObject(spec);
  });

  it.each([
    [sampler("PartialFixedSampler"), 'the sampler "PartialFixedSampler" is not'],
    [sampler("CmaEsSampler", { sigma0: 2 }), "CmaEsSampler: sigma0 is 2: only null is available here"],
    [
      sampler("CmaEsSampler", { use_separable_cma: 1 }),
      "CmaEsSampler: use_separable_cma is 1: expected true or false",
    ],
    [sampler("constructor"), 'the sampler "constructor" is not known here'],
    [sampler("TPESampler", { n_ei: 5 }), "TPESampler: n_ei is no argument known here"],
    [
      sampler("TPESampler", { n_startup_trials: 1.5 }),
      "TPESampler: n_startup_trials is 1.5: expected a whole number",
    ],
    [
      sampler("TPESampler", { consider_endpoints: true }),
      "consider_endpoints is true: only false is available here",
    ],
    [sampler("TPESampler", { toString: 1 }), "toString is no argument known here"],
    [pruner("NopPruner", { interval_steps: 1 }), "interval_steps is no argument known here: expected none"],
    [pruner("ThresholdPruner", { lower: null, upper: null }), "needs lower, upper or both"],
    [pruner("ThresholdPruner", { lower: 2, upper: 1 }), "lower 2 is above upper 1"],
    [pruner("HyperbandPruner", { max_resources: "all" }), 'max_resources is "all"'],
    [pruner("HyperbandPruner", { bootstrap_count: 3 }), "bootstrap_count is 3: only 0 is available here"],
    [pruner("MedianPruner", { n_min_trials: 0 }), "n_min_trials is 0"],
    [{ hopaas_config: { pruner: "MedianPruner" } }, "hopaas_config.pruner is"],
    [{ hopaas_config: { sampler: { name: "TPESampler", args: [1] } } }, "args is [1]"],
    [{ hopaas_config: { direction: "up" } }, 'direction is "up": expected minimize or maximize'],
    [{ hopaas_config: { title: 5 } }, "title is not a text"],
    [{ hopaas_config: [] }, "hopaas_config is not an object"],
    [{ hopaas_trial: 1 }, "hopaas_trial is the name"],
    [{ a: { b: ["optuna#int(1,2)"] } }, "suggestions are properties of their own"],
    [{ ["n".repeat(129)]: "optuna#int(1,2)" }, "name has 129 characters"],
    [
      Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`p${i}`, "optuna#int(1,2)"])),
      "there are 257 suggestions",
    ],
  ])("refuses %j", (body, why) => {
    expect(() => created(body)).toThrow(why);
  });
});
