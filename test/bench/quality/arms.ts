import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { createHistory } from "../../../server/src/optimizer/history.ts";
import { createSampler, type SamplerSpec } from "../../../server/src/optimizer/samplers/index.ts";
import type { Params } from "../../../server/src/optimizer/space/parameter.ts";
import { createSpace } from "../../../server/src/optimizer/space/space.ts";
import { suggest } from "../../../server/src/optimizer/suggest.ts";
import type { Evaluation, Instance } from "./problem.ts";

/** One optimiser at work on one instance. */
export interface Arm {
  ask(): Promise<{ readonly number: number; readonly params: Params }>;
  tell(number: number, evaluation: Evaluation): Promise<void>;
}

/** An arm for a study of `budget` trials. */
export type StartArm = (instance: Instance, seed: number, budget: number) => Promise<Arm>;

/** Our own optimiser, in this process. */
export const ours =
  (spec: SamplerSpec): StartArm =>
  async (instance, seed, budget) => {
    const { parameters, objectives } = instance;
    const space = createSpace(parameters);
    const history = createHistory(space, objectives, isConstrained(instance) ? 1 : 0);
    const sampler = createSampler(spec, space, objectives);
    let revision = 0;
    return {
      async ask() {
        const number = history.size;
        const suggested = suggest({ space, sampler, history, number, seed, replicates: 1, budget });
        // A space without points left: any will do, as a caller who goes on must repeat one.
        const params = suggested === "exhausted" ? space.toParams(history.point(0)) : suggested.params;
        history.addPending(number, params);
        return { number, params };
      },
      async tell(number, { values, constraint = 0 }) {
        history.end(number, {
          outcome: "completed",
          values,
          violation: Math.max(0, constraint),
          excesses: [constraint],
          curve: { steps: [], values: [] },
          revision: ++revision,
        });
      },
    };
  };

function isConstrained({ parameters, evaluate }: Instance): boolean {
  const middle = new Float64Array(parameters.length).fill(0.5);
  return evaluate(createSpace(parameters).toParams(middle), 0).constraint !== undefined;
}

/** Optuna in a Python process that serves one instance after the other. */
export interface Optuna {
  readonly start: (sampler: string) => StartArm;
  /** Known once an instance has started. */
  readonly version: string;
  stop(): void;
}

export function openOptuna(python: string): Optuna {
  const script = fileURLToPath(new URL("optuna_driver.py", import.meta.url));
  const child: ChildProcessWithoutNullStreams = spawn(python, [script]);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stderr.pipe(process.stderr);
  let version = "";
  const send = async (request: object): Promise<Record<string, unknown>> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`${script} ended`);
    return JSON.parse(line.value) as Record<string, unknown>; // as the script states
  };
  return {
    get version() {
      return version;
    },
    start: (sampler) => async (instance, seed) => {
      const { parameters, objectives } = instance;
      const space = createSpace(parameters);
      const started = await send({
        op: "start",
        sampler,
        seed,
        parameters: space.order.map((index) => parameters[index]),
        objectives: objectives.length,
        constrained: isConstrained(instance),
      });
      version = String(started["version"]);
      return {
        ask: async () => (await send({ op: "ask" })) as { number: number; params: Params },
        async tell(number, { values, constraint }) {
          await send({ op: "tell", number, values, constraint: constraint ?? null });
        },
      };
    },
    stop: () => void child.kill(),
  };
}
