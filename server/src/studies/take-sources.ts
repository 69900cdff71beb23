import type { History } from "../optimizer/history.ts";
import { warmStartingKinds } from "../optimizer/samplers/index.ts";
import { standingOf } from "../optimizer/samplers/standing.ts";
import type { Source, SourceTrial } from "../optimizer/sources.ts";
import type { Params } from "../optimizer/space/parameter.ts";
import { type Space, createSpace } from "../optimizer/space/space.ts";
import type { StudyRef } from "./directory.ts";
import { type Engine, withUpToDateStudy } from "./engine.ts";
import { StudyError, invalid } from "./errors.ts";
import type { SourceRef, StudySpec } from "./spec.ts";

/** An earlier study that the caller may read, and its full name. */
export interface NamedSource {
  readonly ref: StudyRef;
  readonly name: string;
}

/** What a study takes over from an earlier one. */
export interface TakenSource extends Source {
  /** The earlier study's change number. */
  readonly revision: number;
}

/** Trials taken over from one study: half of them the best, the others evenly from the rest. */
const mostTrials = 100;

/** Trials a query: an earlier study may have a million. */
const pageSize = 1_000;

/**
 * Copies what earlier studies know into the terms of a new one: shared parameters, losses of one objective, all within the new
 * study's domains.
 *
 * @throws StudyError INVALID_REQUEST for sources of no use to the study, STUDY_NOT_FOUND
 */
export async function takeSources(
  engine: Engine,
  spec: StudySpec,
  sources: readonly NamedSource[],
): Promise<TakenSource[]> {
  const refuse = (field: string, description: string) => invalid([{ field, description }]);
  if (sources.length === 0) return [];
  if (spec.objectives.length > 1) {
    throw refuse("study.sources", "need a single objective: several are not ranked against earlier results");
  }
  if (!warmStartingKinds.includes(spec.sampler.kind)) {
    const accepted = warmStartingKinds.join(", ");
    throw refuse(
      "study.sources",
      `are of no use to the sampler ${spec.sampler.kind}: expected one of ${accepted}`,
    );
  }
  const taken: TakenSource[] = [];
  const space = createSpace(spec.parameters);
  for (const [index, { ref, name }] of sources.entries()) {
    const field = `study.sources[${index}].study`;
    if (taken.some((earlier) => earlier.name === name)) {
      throw refuse(field, `${name} is named twice: each source once`);
    }
    const source = await takeSource(engine, spec, space, ref).catch((error: unknown) => {
      if (!(error instanceof StudyError) || error.reason !== "STUDY_NOT_FOUND") throw error;
      throw new StudyError("STUDY_NOT_FOUND", `${field}: ${error.message}`);
    });
    if (typeof source === "string") throw refuse(field, `${name} ${source}`);
    taken.push({ ...source, name });
  }
  return taken;
}

/** How a specification names what was taken. */
export function refOf({ name, trials, revision }: TakenSource): SourceRef {
  return { study: name, trials: trials.length, revision };
}

/** The answer, or what is wrong with the source. */
async function takeSource(
  engine: Engine,
  spec: StudySpec,
  space: Space,
  ref: StudyRef,
): Promise<Omit<TakenSource, "name"> | string> {
  return engine.directory.withStudy(ref, async ({ id, spec: earlier }) => {
    const wanted = spec.objectives[0]!.name;
    const objective =
      earlier.objectives.length === 1 ? 0 : earlier.objectives.findIndex(({ name }) => name === wanted);
    if (objective < 0) {
      const names = earlier.objectives.map(({ name }) => name).join(", ");
      return `has no objective ${wanted}, only ${names}`;
    }
    const kinds = new Map(earlier.parameters.map(({ name, domain }) => [name, isNumber(domain.kind)]));
    const shared = spec.parameters
      .filter(({ name, domain }) => kinds.get(name) === isNumber(domain.kind))
      .map(({ name }) => name);
    if (shared.length === 0) {
      const names = earlier.parameters.map(({ name }) => name).join(", ");
      return `has no parameter in common with the study: none of ${names} has the name and kind of one of its own`;
    }
    const { revision, losses } = await withUpToDateStudy(engine, id, async (live) => ({
      revision: live.revision,
      losses: lossesOf(live.history, objective),
    }));
    const trials: SourceTrial[] = [];
    // The params as they were told: coordinates would round them.
    const numbers = [...losses.keys()];
    for (let at = 0; at < numbers.length; at += pageSize) {
      for (const { number, params } of await engine.store.readTrials(id, numbers.slice(at, at + pageSize))) {
        const own = sharedParams(space, shared, params);
        if (own !== undefined) trials.push({ number, params: own, loss: losses.get(number)! });
      }
    }
    if (trials.length === 0) {
      return losses.size === 0
        ? "has no completed trial to learn from"
        : "has no completed trial whose values this study's parameters allow";
    }
    trials.sort((a, b) => a.loss - b.loss || a.number - b.number);
    return { revision, trials: bestAndSpread(trials) };
  });
}

const isNumber = (kind: string): boolean => kind !== "categorical";

/** Losses of the completed trials within the constraints, by number. */
function lossesOf(history: History, objective: number): Map<number, number> {
  const sign = history.objectives[objective]?.goal === "maximize" ? -1 : 1;
  return new Map(
    Array.from(history.ended, (number): [number, number] => [
      number,
      sign * history.values(number)[objective]!,
    ]).filter(
      ([number, loss]) => standingOf(history, number)?.group === "completed" && Number.isFinite(loss),
    ),
  );
}

/** The values of shared parameters; undefined when the space does not allow one of them, or the trial has none. */
function sharedParams(space: Space, shared: readonly string[], params: Params): Params | undefined {
  const entries = shared.flatMap((name) =>
    Object.hasOwn(params, name) ? [[name, params[name]!] as const] : [],
  );
  if (entries.length === 0) return undefined;
  const own = Object.fromEntries(entries);
  const isAllowed = space.parameters.every(({ name, domain }) => {
    if (!Object.hasOwn(own, name)) return true;
    const value = own[name]!;
    if (domain.kind === "categorical") return domain.choices.includes(value);
    // Off its grid, the nearest cell will do.
    return typeof value === "number" && value >= domain.low && value <= domain.high;
  });
  return isAllowed ? own : undefined;
}

function bestAndSpread(trials: readonly SourceTrial[]): SourceTrial[] {
  if (trials.length <= mostTrials) return [...trials];
  const half = mostTrials / 2;
  const rest = trials.slice(half);
  const spread = Array.from({ length: half }, (_, i) => rest[Math.floor(((i + 0.5) * rest.length) / half)]!);
  return [...trials.slice(0, half), ...spread];
}
