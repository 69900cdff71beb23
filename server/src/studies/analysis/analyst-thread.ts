import { parentPort } from "node:worker_threads";
import { type Subject, analyse, createSubject } from "../../optimizer/analysis/analyse.ts";
import { restoreTrials } from "../../optimizer/restore-trials.ts";
import { createSpace } from "../../optimizer/space/space.ts";
import type { Job, JobAnswer } from "./analyst.ts";

// The thread that createAnalyst starts: it answers jobs in the order in which they come.
const subjects = new Map<string, Subject>();

function answer({ id, key, material, forget, kind, question }: Job): JobAnswer {
  try {
    for (const old of forget) subjects.delete(old);
    if (material !== undefined) {
      const space = createSpace(material.parameters);
      subjects.set(key, createSubject(restoreTrials(space, material.objectives, material.trials)));
    }
    const subject = subjects.get(key);
    if (subject === undefined) throw new Error(`no trials came with ${key}`);
    return { id, answer: analyse(subject, kind, question) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on("message", (job: Job) => parentPort?.postMessage(answer(job)));
