import type { History } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point, Sampler } from "../sampler.ts";
import { createSequence } from "../sobol.ts";
import { breed, type BreedOptions } from "./breed.ts";
import { createPopulation, type Member, type Thin } from "./population.ts";

export interface GeneticOptions {
  readonly name: string;
  readonly size: number;
  readonly thin: Thin;
  readonly breeding: BreedOptions;
}

/** How often a child that is a copy of a trial gives way to another one. */
const COPIES = 8;

/**
 * A genetic algorithm over the results that have ended: a Sobol sequence until a generation has come in, then children of members that
 * win tournaments of two, by rank and then by room.
 */
export function createGeneticSampler(space: Space, { name, size, thin, breeding }: GeneticOptions): Sampler {
  const follow = createPopulation(size, thin);
  const sequence = createSequence(space);
  return {
    suggest({ history, number, seed, stream, fixed }) {
      const { members, results, generation } = follow(history);
      if (results < size || space.dimensions.length === 0) {
        const reason = `a point of a scrambled Sobol sequence: ${results} of the first generation's ${size} trials have ended`;
        return { point: placeAt(space, sequence(seed, number), fixed), sampler: "sobol", reason };
      }
      let parents = pair(members, stream);
      let point = childOf(history, parents, stream.fork("child"));
      for (let copy = 1; copy < COPIES && history.count(point, 1) > 0; copy++) {
        parents = pair(members, stream);
        point = childOf(history, parents, stream.fork("child", copy));
      }
      const reason = `a child of trials ${parents[0]} and ${parents[1]} in generation ${generation}`;
      return { point, sampler: name, reason };

      function childOf(from: History, [mother, father]: readonly [number, number], fork: Stream): Point {
        return breed(space, from.point(mother), from.point(father), breeding, fixed, fork);
      }
    },
  };
}

function pair(members: readonly Member[], stream: Stream): readonly [number, number] {
  const mother = tournament(members, stream);
  return [
    mother.number,
    tournament(members.length > 1 ? members.filter((one) => one !== mother) : members, stream).number,
  ];
}

function tournament(members: readonly Member[], stream: Stream): Member {
  const one = members[stream.integer(members.length)]!;
  const other = members[stream.integer(members.length)]!;
  if (one.rank !== other.rank) return one.rank < other.rank ? one : other;
  return other.room > one.room ? other : one;
}
