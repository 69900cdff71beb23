import { checkParameters } from "../../optimizer/space/check-space.ts";
import type { Domain, Parameter, ParameterValue } from "../../optimizer/space/parameter.ts";
import { type Fault, unprocessable } from "../refusal.ts";
import { isStorable } from "../storable-text.ts";
import { parsePyYaml } from "./py-yaml.ts";

/** What one entry may say; absent and empty are the same. */
type Entry = Readonly<Record<string, unknown>>;

/** Says what is wrong at a place of the file. */
type Tell = (field: string, msg: string) => void;

const maxParameters = 256;
const maxNameLength = 128;
const maxChoices = 1_000;

/**
 * The parameters of a model's configuration in OptunAPI's format: a mapping whose entries have `name`, `type` (categorical, float
 * or int), `choices`, `low`, `high`, `step` and `log`. An entry's `name` counts, not its key.
 *
 * @throws GatewayRefusal 422 with everything that is wrong
 */
export function parseConfig(text: string): Parameter[] {
  const config = parseYaml(text);
  if (!isMapping(config) || Object.keys(config).length === 0) {
    throw unprocessable([fault(["config"], "expected a mapping with an entry for each parameter")]);
  }
  const faults: Fault[] = [];
  const entries = Object.entries(config);
  const parameters = entries.flatMap(([key, entry]) => {
    const tell: Tell = (field, msg) => faults.push(fault(["config", key, field], msg));
    if (!isMapping(entry)) {
      faults.push(fault(["config", key], "expected a mapping with name, type and the rest"));
      return [];
    }
    const domain = domainOf(entry, tell);
    return domain === undefined
      ? []
      : [{ name: nameOf(entry, key, tell), domain, condition: undefined, default: undefined }];
  });
  if (entries.length > maxParameters) {
    faults.push(fault(["config"], `has ${entries.length} parameters: at most ${maxParameters} are accepted`));
  }
  if (faults.length === 0) {
    for (const { field, value, expected } of checkParameters(parameters)) {
      const [, index = "0", rest = field] = /^parameters\[(\d+)\]\.(.*)$/.exec(field) ?? [];
      const key = entries[Number(index)]?.[0] ?? "";
      faults.push(
        fault(["config", key, rest.split(".").at(-1) ?? rest], `is ${value}: expected ${expected}`),
      );
    }
  }
  if (faults.length > 0) throw unprocessable(faults);
  return parameters;
}

function parseYaml(text: string): unknown {
  try {
    return parsePyYaml(text);
  } catch (error) {
    const [line = ""] = error instanceof Error ? error.message.split("\n") : [];
    throw unprocessable([fault(["config"], line)]);
  }
}

const fault = (loc: readonly string[], msg: string): Fault => ({ loc, msg, type: "value_error" });

function nameOf(entry: Entry, key: string, tell: Tell): string {
  const given = entry["name"] ?? key;
  const python = given === true ? "True" : given === false ? "False" : show(given);
  const name = typeof given === "string" ? given : python;
  const length = Array.from(name).length;
  if (length < 1 || length > maxNameLength)
    tell("name", `has ${length} characters: accepted are 1 to ${maxNameLength}`);
  if (!isStorable(name)) tell("name", "holds a character that cannot be stored");
  return name;
}

function domainOf(entry: Entry, tell: Tell): Domain | undefined {
  switch (entry["type"]) {
    case "categorical":
      return categorical(entry["choices"], tell);
    case "float": {
      const { low, high, step, log } = numbersOf(entry, tell);
      if (low === undefined || high === undefined) return undefined;
      return { kind: "real", low, high, log, step };
    }
    case "int": {
      const { low, high, step = 1, log } = numbersOf(entry, tell);
      if (low === undefined || high === undefined) return undefined;
      for (const [field, value] of Object.entries({ low, high, step })) {
        if (!Number.isInteger(value)) tell(field, `is ${value}: expected a whole number`);
      }
      return { kind: "integer", low, high, log, step };
    }
    default:
      tell("type", `is ${show(entry["type"] ?? null)}: expected categorical, float or int`);
      return undefined;
  }
}

function numbersOf(entry: Entry, tell: Tell) {
  const bound = (field: "low" | "high"): number | undefined => {
    const value = numberOf(entry[field], field, tell);
    if (entry[field] === undefined || entry[field] === null) tell(field, "is missing: expected a number");
    return value;
  };
  // A step of 0 is none, as Python takes it.
  const step = numberOf(entry["step"] || undefined, "step", tell);
  const log = truthOf(entry["log"], tell);
  if (log && step !== undefined) tell("step", "cannot be together with log");
  return { low: bound("low"), high: bound("high"), step, log };
}

/** A number, or a text that Python's `float()` would take; undefined when absent. */
function numberOf(value: unknown, field: string, tell: Tell): number | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === "string" ? value.trim() : "";
  const number = typeof value === "number" ? value : /^[-+]?[\d.]/.test(text) ? Number(text) : NaN;
  if (Number.isFinite(number)) return number;
  tell(field, `is ${show(value)}: expected a number`);
  return undefined;
}

function truthOf(value: unknown, tell: Tell): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (typeof value === "boolean") return value;
  const text = show(value);
  if (/^"?(?:true|1)"?$/i.test(text)) return true;
  if (!/^"?(?:false|0)"?$/i.test(text)) tell("log", `is ${text}: expected True or False`);
  return false;
}

/** Optuna lets choices repeat; here each is there once. */
function categorical(choices: unknown, tell: Tell): Domain | undefined {
  if (!Array.isArray(choices) || choices.length === 0) {
    tell("choices", "is no list with a choice in it");
    return undefined;
  }
  const different = [...new Set<unknown>(choices)];
  if (different.length > maxChoices)
    tell("choices", `has ${different.length}: at most ${maxChoices} are accepted`);
  const values = different.filter(isValue);
  if (values.length < different.length)
    tell("choices", "has a choice that is no text that can be stored, no number, True, False or null");
  return { kind: "categorical", choices: values, ordered: false };
}

/** A value in a message; anchors can make an entry a part of itself, which is no text. */
function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "a mapping";
  return String(JSON.stringify(value)).slice(0, 100);
}

function isValue(value: unknown): value is ParameterValue {
  if (typeof value === "string") return isStorable(value);
  return value === null || typeof value === "number" || typeof value === "boolean";
}

function isMapping(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
