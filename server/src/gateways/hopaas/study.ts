import { createHash } from "node:crypto";
import type { Domain, Parameter } from "../../optimizer/space/parameter.ts";
import type { CreateOptions } from "../../studies/create-study.ts";
import { specDefaults } from "../../studies/spec.ts";
import { manyReplicates } from "../context.ts";
import { fitAttributes } from "../attributes.ts";
import { type Json, type JsonObject, canonicalJson, isList, isObject, plainJson } from "../python-json.ts";
import { unprocessable } from "../refusal.ts";
import { prunerOf } from "./pruner.ts";
import { samplerOf } from "./sampler.ts";
import { domainOf, isSuggestion } from "./suggestion.ts";

/** The key that holds what is not a property: title, direction, sampler and pruner. */
const configKey = "hopaas_config";

/** The key that answers add. */
export const trialKey = "hopaas_trial";

/** The name of the objective of these studies. */
const objectiveName = "loss";

const maxParameters = 256;
const maxNameLength = 128;
const maxTitleLength = 200;

/** What an ask's body says, without what only a new study needs to know. */
export interface AskedStudy {
  /** 43 characters of base64url: the same for the same body, wherever it comes from. */
  readonly suid: string;
  readonly suggestions: ReadonlyMap<string, Domain>;
  /** Facts of the trial, not of the study: keys without their `_`. */
  readonly special: JsonObject;
  readonly body: JsonObject;
}

/** A study's name from its id: letters first, as names want it. */
export const nameOf = (suid: string): string => `hopaas-${suid}`;

export const isSpecial = (key: string): boolean => key.startsWith("_");

/**
 * Reads an ask's body. The study's identity is a digest of everything but the special properties, so that every node that runs
 * the same script has the same study, and another range makes another one.
 *
 * @throws GatewayRefusal 422
 */
export function askedStudy(body: JsonObject): AskedStudy {
  if (Object.hasOwn(body, trialKey)) throw unprocessable(`${trialKey} is the name of the answer's own field`);
  const properties = Object.entries(body).filter(([key]) => !isSpecial(key));
  const special = Object.entries(body).filter(([key]) => isSpecial(key));
  const suggestions = new Map<string, Domain>();
  for (const [key, value] of properties) {
    if (key === configKey) continue;
    if (isSuggestion(value)) suggestions.set(checkName(key), domainOf(key, value));
    else refuseNested(key, value);
  }
  if (suggestions.size > maxParameters) {
    throw unprocessable(`there are ${suggestions.size} suggestions: at most ${maxParameters} are accepted`);
  }
  const digest = createHash("sha256").update(canonicalJson(Object.fromEntries(properties)));
  return {
    suid: digest.digest("base64url"),
    suggestions,
    special: Object.fromEntries(special.map(([key, value]) => [key.slice(1), value])),
    body,
  };
}

function checkName(key: string): string {
  const length = Array.from(key).length;
  if (length >= 1 && length <= maxNameLength) return key;
  throw unprocessable(`a suggestion's name has ${length} characters: accepted are 1 to ${maxNameLength}`);
}

/** A suggestion inside a list or an object would come back as it is, and nobody would notice that nothing was optimised. */
function refuseNested(key: string, value: Json): void {
  const inner = isObject(value) ? Object.values(value) : isList(value) ? value : [];
  for (const item of inner) {
    if (isSuggestion(item)) {
      throw unprocessable(
        `${key}: ${JSON.stringify(item)} is inside a list or object: suggestions are properties of their own`,
      );
    }
    refuseNested(key, item);
  }
}

/** What is needed to create the study. @throws GatewayRefusal 422 for a configuration that is not known here */
export function newStudy(asked: AskedStudy, projectId: number, leaseSeconds: number): CreateOptions {
  const config = asked.body[configKey] ?? null;
  if (config !== null && !isObject(config)) throw unprocessable(`${configKey} is not an object`);
  const { title = null, direction = null, sampler, pruner } = config ?? {};
  if (title !== null && typeof title !== "string") throw unprocessable(`${configKey}.title is not a text`);
  const { sampler: samplerSpec, seed } = samplerOf(sampler);
  const constants = Object.entries(asked.body).filter(
    ([key]) => !isSpecial(key) && !asked.suggestions.has(key),
  );
  return {
    projectId,
    name: nameOf(asked.suid),
    displayName: Array.from(title ?? "")
      .slice(0, maxTitleLength)
      .join(""),
    labels: { gateway: "hopaas" },
    attributes: fitAttributes(Object.fromEntries(constants.map(([key, value]) => [key, plainJson(value)]))),
    note: "",
    spec: {
      ...specDefaults,
      parameters: [...asked.suggestions].map(([name, domain]): Parameter => ({
        name,
        domain,
        condition: undefined,
        default: undefined,
      })),
      objectives: [{ name: objectiveName, goal: goalOf(direction) }],
      sampler: samplerSpec,
      pruner: prunerOf(pruner),
      leaseSeconds,
      replicates: manyReplicates,
      seed,
    },
    allowExisting: true,
    validateOnly: false,
  };
}

function goalOf(direction: Json): "minimize" | "maximize" {
  if (direction === null || direction === "minimize") return "minimize";
  if (direction === "maximize") return "maximize";
  throw unprocessable(
    `${configKey}.direction is ${canonicalJson(direction).slice(0, 100)}: expected minimize or maximize`,
  );
}
