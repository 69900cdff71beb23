import type { NodeResponse } from "../../http/node-types.ts";
import type { StudyRef } from "../../studies/directory.ts";
import type { Trial } from "../../studies/trial.ts";
import type { Answer } from "../answer.ts";
import { askOne } from "../ask-one.ts";
import { fitAttributes } from "../attributes.ts";
import { type Caller, projectForNewStudy, studyOf } from "../caller.ts";
import type { GatewayContext } from "../context.ts";
import { type JsonObject, type ParsedObject, plainJson } from "../python-json.ts";
import { valueJson } from "../python-number.ts";
import { GatewayRefusal } from "../refusal.ts";
import { type AskedStudy, askedStudy, isSpecial, nameOf, newStudy, trialKey } from "./study.ts";

/** The special properties that real scripts name their node by, best first. */
const workerKeys = ["node_name", "hostname", "node", "job_id", "address"];
const maxWorkerLength = 200;

/** `POST /api/ask`: a trial of the study that the body describes. */
export async function ask(
  context: GatewayContext,
  caller: Caller,
  parsed: ParsedObject,
  res: NodeResponse,
): Promise<Answer> {
  const asked = askedStudy(parsed.value);
  const ref = studyOf(caller, nameOf(asked.suid));
  const trial = await askOne(context, {
    ref,
    newStudy() {
      const projectId = projectForNewStudy(caller, "the first ask creates the study, which");
      return newStudy(asked, projectId, context.leaseSeconds);
    },
    worker: workerOf(asked.special),
    caller,
    res,
  });
  await keepSpecial(context, ref, trial, asked.special);
  return { json: answerOf(asked, parsed.texts, trial) };
}

function workerOf(special: JsonObject): string {
  const named = workerKeys
    .map((key) => special[key])
    .find((value) => typeof value === "string" && value !== "");
  return typeof named === "string" ? Array.from(named).slice(0, maxWorkerLength).join("") : "";
}

/** Keeps the special properties with the trial. The trial is handed out already: a failure must not take it from its worker. */
async function keepSpecial(
  { studies, log }: GatewayContext,
  ref: StudyRef,
  trial: Trial,
  special: JsonObject,
): Promise<void> {
  if (Object.keys(special).length === 0) return;
  const facts = plainJson(special);
  try {
    await studies.setAttributes(
      ref,
      trial.number,
      fitAttributes({ ...trial.attributes, ...(facts as object) }),
    );
  } catch (error) {
    log.warn(
      { err: error, study: ref.name, trial: trial.number },
      "could not keep a trial's special properties",
    );
  }
}

/**
 * The body with each suggestion replaced by its value; everything else is echoed by its text. Special properties come back under
 * both names, with and without the `_`.
 */
function answerOf(asked: AskedStudy, texts: ParsedObject["texts"], trial: Trial): string {
  const members = new Map<string, string>();
  for (const [key, text] of texts) {
    const domain = asked.suggestions.get(key);
    members.set(key, domain === undefined ? text : valueJson(domain, valueOf(trial, key)));
  }
  for (const [key, text] of texts) {
    const bare = key.slice(1);
    if (isSpecial(key) && !members.has(bare)) members.set(bare, text);
  }
  members.set(trialKey, JSON.stringify(`${asked.suid}:${trial.number}`));
  return `{${[...members].map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(", ")}}`;
}

function valueOf({ params }: Trial, name: string): Trial["params"][string] {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (value !== undefined) return value;
  // Only if somebody else has made a study under the name that this body's digest gives.
  throw new GatewayRefusal(409, `the study has no parameter ${JSON.stringify(name)}`);
}
