import { checkParameters } from "../../optimizer/space/check-space.ts";
import type { Domain } from "../../optimizer/space/parameter.ts";
import { type GatewayRefusal, unprocessable } from "../refusal.ts";

type Refuse = (why: string) => GatewayRefusal;

/** An argument list, required arguments first. */
interface Form {
  readonly kind: "integer" | "real";
  readonly args: readonly ("low" | "high" | "step" | "log")[];
  readonly isLog?: true;
}

const stepped: Form["args"] = ["low", "high", "step", "log"];

/** The suggestions over numbers that versions of the client have sent. */
const forms: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["int", { kind: "integer", args: stepped }],
  ["float", { kind: "real", args: stepped }],
  ["uniform", { kind: "real", args: ["low", "high"] }],
  // The newest client has dropped the step, which leaves a uniform one.
  ["discrete_uniform", { kind: "real", args: ["low", "high", "step"] }],
  ["loguniform", { kind: "real", args: ["low", "high"], isLog: true }],
  ["log_uniform", { kind: "real", args: ["low", "high"], isLog: true }],
]);

const names = [...forms.keys()].filter((name) => name !== "log_uniform").join(", ");

/** What stands for an argument that was not given: `None` of `str`, `null` of `json.dumps`, and a client's own `NaN`. */
const absent = /^(?:none|null|nan)?$/i;

/** A number as Python writes it. */
const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The API's own limit. */
const maxChoices = 1_000;

/** Whether a value is meant as a suggestion, well or badly written. */
export function isSuggestion(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("optuna#");
}

/**
 * The domain that a suggestion asks for: `optuna#float(0,1)`, `optuna#float(0,1,None,True)`, `optuna#int(1,8,1,false)`,
 * `optuna#categorical(a,b)`, ….
 *
 * @throws GatewayRefusal 422 with the text
 */
export function domainOf(name: string, text: string): Domain {
  const refuse: Refuse = (why) => unprocessable(`${name}: ${JSON.stringify(text.slice(0, 200))} ${why}`);
  const [, kind = "", list = ""] = /^optuna#(\w+)\((.*)\)$/s.exec(text) ?? [];
  const form = forms.get(kind);
  if (form === undefined && kind !== "categorical") {
    throw refuse(`is no suggestion known here: expected optuna#NAME(…), NAME one of ${names}, categorical`);
  }
  const domain = form === undefined ? categorical(list, refuse) : numbers(form, list.split(","), refuse);
  const [problem] = checkParameters([{ name: "x", domain, condition: undefined, default: undefined }]);
  if (problem !== undefined) {
    const field = problem.field.split(".").at(-1) ?? "";
    throw refuse(`has ${field} ${problem.value}: expected ${problem.expected}`);
  }
  return domain;
}

/** Choices are joined by commas without quoting, so they are texts, and a comma always divides. Optuna lets choices repeat. */
function categorical(list: string, refuse: Refuse): Domain {
  if (list === "") throw refuse("names no choice");
  const choices = [...new Set(list.split(","))];
  if (choices.length > maxChoices)
    throw refuse(`has ${choices.length} choices: at most ${maxChoices} are accepted`);
  return { kind: "categorical", choices, ordered: false };
}

function numbers({ kind, args, isLog }: Form, list: readonly string[], refuse: Refuse): Domain {
  if (list.length > args.length) {
    throw refuse(`has ${list.length} arguments: expected ${args.join(", ")}`);
  }
  const given = new Map(args.map((arg, index) => [arg, (list[index] ?? "").trim()]));
  const number = (arg: "low" | "high" | "step"): number | undefined => {
    const text = given.get(arg) ?? "";
    if (absent.test(text)) return undefined;
    const value = numeric.test(text) ? Number(text) : NaN;
    if (!Number.isFinite(value)) throw refuse(`has ${arg} ${text}: expected a number`);
    if (kind === "integer" && !Number.isInteger(value))
      throw refuse(`has ${arg} ${text}: expected a whole number`);
    return value;
  };
  const bound = (arg: "low" | "high"): number => {
    const value = number(arg);
    if (value === undefined) throw refuse(`has no ${arg}`);
    return value;
  };
  const [low, high, step] = [bound("low"), bound("high"), number("step")];
  const log = isLog ?? truth(given.get("log") ?? "", refuse);
  return kind === "integer" ? { kind, low, high, log, step: step ?? 1 } : { kind, low, high, log, step };
}

function truth(text: string, refuse: Refuse): boolean {
  if (absent.test(text) || /^(?:false|0)$/i.test(text)) return false;
  if (/^(?:true|1)$/i.test(text)) return true;
  throw refuse(`has log ${text}: expected true or false`);
}
