import { StudyError } from "../../studies/errors.ts";
import type { Studies } from "../../studies/index.ts";
import type { Answer } from "../answer.ts";
import { type Caller, studyOf } from "../caller.ts";
import { tellValue } from "../end-trial.ts";
import { floatJson } from "../python-number.ts";
import { type Fault, unprocessable } from "../refusal.ts";
import { countsJson, paramsJson } from "./hparams.ts";
import { unknownModel } from "./model.ts";

const maxNumber = 2 ** 31 - 1;

/** What Python's `float()` takes, without its underscores. */
const numeric = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const infinite = /^([-+]?)inf(?:inity)?$/i;

/**
 * `GET /optunapi/score/{model}?trial_id=7&score=1.5`: ends a trial and answers the best one so far. The same question gets the same
 * answer again.
 */
export async function score(
  studies: Studies,
  caller: Caller,
  model: string,
  query: URLSearchParams,
): Promise<Answer> {
  const { number, value } = readQuery(query);
  const ref = studyOf(caller, model);
  try {
    await tellValue(studies, ref, number, value);
  } catch (error) {
    throw error instanceof StudyError && error.reason === "STUDY_NOT_FOUND" ? unknownModel(model) : error;
  }
  const [study, trial, { trials }] = await Promise.all([
    studies.get(ref),
    studies.getTrial(ref, number),
    studies.best(ref, 1),
  ]);
  const { parameters } = study.spec;
  const [best] = trials;
  const bestNumber = best === undefined ? "null" : String(best.number);
  const members = [
    `"model_name":${JSON.stringify(model)}`,
    `"trial_id":${number}`,
    `"params":${paramsJson(parameters, trial)}`,
    `"score":${floatJson(value)}`,
    `"best_trial":${bestNumber}`,
    `"best_params":${best === undefined ? "null" : paramsJson(parameters, best)}`,
    `"best_score":${best === undefined ? "null" : floatJson(best.values[0] ?? NaN)}`,
    // The names that OptunAPI's own documentation has for it.
    `"best_trial_id":${bestNumber}`,
    `"best_score_id":${bestNumber}`,
    ...countsJson(study),
  ];
  return { json: `{${members.join(",")}}` };
}

function readQuery(query: URLSearchParams): { number: number; value: number } {
  const faults: Fault[] = [];
  const read = (name: string, alias: string, parse: (text: string) => number | undefined, kind: string) => {
    const text = (query.get(name) ?? query.get(alias))?.trim();
    const value = text === undefined ? undefined : parse(text);
    const loc = ["query", name];
    if (text === undefined) faults.push({ loc, msg: "field required", type: "value_error.missing" });
    else if (value === undefined)
      faults.push({ loc, msg: `value is not a valid ${kind}`, type: `type_error.${kind}` });
    return value ?? 0;
  };
  // OptunAPI's documentation spells it "trail_id" in one place.
  const number = read("trial_id", "trail_id", trialNumber, "integer");
  const value = read("score", "score", pythonFloat, "float");
  if (faults.length > 0) throw unprocessable(faults);
  return { number, value };
}

function trialNumber(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) <= maxNumber ? Number(text) : undefined;
}

function pythonFloat(text: string): number | undefined {
  if (numeric.test(text)) return Number(text);
  if (/^[-+]?nan$/i.test(text)) return NaN;
  const sign = infinite.exec(text)?.[1];
  return sign === undefined ? undefined : sign === "-" ? -Infinity : Infinity;
}
