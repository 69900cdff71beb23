import { call } from "../../support/call.ts";
import type { TestServer } from "../../support/server.ts";
import { parameters } from "./api.ts";

/** What trial `number` of a large study says: a fixed sequence that fills the unit interval evenly (golden ratio). */
const placeOf = (number: number): number => (number * 0.6180339887498949) % 1;

/** The loss of trial `number`. */
export function lossAt(number: number): number {
  return 0.1 + (placeOf(number) - 0.4) ** 2 + (number % 8) / 100;
}

/** A study of completed trials without reports. */
export async function fillLarge(
  server: Pick<TestServer, "url" | "token">,
  studyId: string,
  count: number,
): Promise<void> {
  const study = { parameters: parameters.slice(0, 3), objectives: [{ name: "loss" }] };
  await call(server, "StudyService/CreateStudy", { studyId, study });
  const page = 2_000;
  for (let first = 0; first < count; first += page) {
    const trials = Array.from({ length: Math.min(page, count - first) }, (_, i) => {
      const number = first + i;
      const params = { lr: 10 ** (-5 + 4 * placeOf(number)), layers: 1 + (number % 8), optimizer: "adam" };
      return { params, values: [lossAt(number)] };
    });
    await call(server, "TrialService/ImportTrials", { study: studyId, trials });
  }
}
