import type { Pool } from "pg";
import type { Studies } from "../../../server/src/studies/index.ts";
import { specDefaults } from "../../../server/src/studies/spec.ts";
import type { Load } from "./load.ts";

/** The engine's calls for a new study of five real parameters. */
export async function createEngineCalls(studies: Studies, pool: Pool, name: string, { sampler }: Load) {
  const { rows } = await pool.query<{ id: number }>("select id from project");
  const projectId = rows[0]?.id ?? 0;
  const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
  const { study } = await studies.create({
    projectId,
    name,
    displayName: "",
    labels: {},
    attributes: {},
    note: "",
    allowExisting: true,
    validateOnly: false,
    spec: {
      ...specDefaults,
      parameters: Array.from({ length: 5 }, (_, i) => ({
        name: `x${i}`,
        domain,
        condition: undefined,
        default: undefined,
      })),
      sampler: { kind: sampler },
      pruner: { kind: "none" },
      seed: 1,
    },
  });
  const ref = { projectId, name };
  const without = { requestId: "", fixed: {}, leaseSeconds: undefined, resume: false, maxWaitMs: 0 };
  return {
    studyId: study.id,
    /** Answers the trials' numbers. */
    async ask(count: number): Promise<number[]> {
      const { trials } = await studies.ask(ref, { ...without, count, worker: "w" });
      return trials.map(({ number }) => number);
    },
    report: (number: number, step: number) =>
      studies.report(ref, { number, leaseToken: "", step, values: [0.5], metrics: {} }),
    tell: (number: number) =>
      studies.tell(ref, {
        number,
        leaseToken: "",
        values: [0.5],
        metrics: {},
        state: undefined,
        failure: "",
        requestId: "",
      }),
  };
}
