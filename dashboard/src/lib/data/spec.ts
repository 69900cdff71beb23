import type { Objective, Parameter, Study } from "@asktell/proto/asktell/v1/study_pb";
import { Goal } from "@asktell/proto/asktell/v1/study_pb";
import { toJson, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";

/** One parameter as charts and tables need it: every value a position on one number line. */
export interface Dimension {
  readonly name: string;
  readonly kind: "real" | "integer" | "categorical";
  /** Bounds of the number line; for a categorical parameter the first and last index of its choices. */
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** The choices of a categorical parameter, in order; empty for numbers. */
  readonly choices: readonly JsonValue[];
}

/** The study's search space. */
export function dimensionsOf(study: Pick<Study, "parameters">): readonly Dimension[] {
  return study.parameters.map(dimensionOf);
}

function dimensionOf(parameter: Parameter): Dimension {
  const { name, domain } = parameter;
  switch (domain.case) {
    case "real": {
      const { low, high, log } = domain.value;
      return { name, kind: "real", low, high, log, choices: [] };
    }
    case "integer": {
      const { low, high, log } = domain.value;
      return { name, kind: "integer", low: Number(low), high: Number(high), log, choices: [] };
    }
    case "categorical": {
      const choices = domain.value.choices.map((choice) => toJson(ValueSchema, choice));
      return {
        name,
        kind: "categorical",
        low: 0,
        high: choices.length - 1,
        log: false,
        choices,
      };
    }
    default:
      return { name, kind: "real", low: 0, high: 1, log: false, choices: [] };
  }
}

/** A value's place on its dimension's number line; NaN where the trial lacks it. */
export function encodeValue(dimension: Dimension, value: JsonValue | undefined): number {
  if (value === undefined) return NaN;
  if (dimension.kind === "categorical") {
    const index = dimension.choices.findIndex((choice) => choice === value);
    return index === -1 ? NaN : index;
  }
  return typeof value === "number" ? value : NaN;
}

/** The value at a place on the number line: the reverse of {@link encodeValue}. */
export function decodeValue(dimension: Dimension, place: number): JsonValue | undefined {
  if (Number.isNaN(place)) return undefined;
  return dimension.kind === "categorical" ? dimension.choices[Math.round(place)] : place;
}

/** An objective with its goal settled. */
export interface Target {
  readonly name: string;
  /** 1 when smaller is better, -1 when larger is: `sign * value` is always to be minimised. */
  readonly sign: 1 | -1;
}

/** The study's objectives. */
export function targetsOf(study: {
  readonly objectives: readonly Pick<Objective, "name" | "goal">[];
}): readonly Target[] {
  if (study.objectives.length === 0) return [{ name: "value", sign: 1 }];
  return study.objectives.map(({ name, goal }) => ({
    name: name === "" ? "value" : name,
    sign: goal === Goal.MAXIMIZE ? -1 : 1,
  }));
}
