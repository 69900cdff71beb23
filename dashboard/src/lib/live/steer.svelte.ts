import { SvelteSet } from "svelte/reactivity";
import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import { studies } from "../api/clients.ts";
import { describeProblem } from "../api/problem.ts";
import { studyTitle } from "../data/names.ts";
import { dismiss, say } from "../ui/toasts.svelte.ts";

/** Studies that the page hides because they are about to be deleted. */
export const doomed = new SvelteSet<string>();

const GRACE = 8_000; // ms in which a deletion can be taken back

type Answered = (study: Study) => void;

/** Pauses a study; says so if that fails. */
export function pause(study: Study, then: Answered): Promise<void> {
  return attempt(
    `${studyTitle(study)} is paused. Running trials go on.`,
    async () => (await studies.pauseStudy({ study: study.name })).study,
    then,
  );
}

/** Hands out trials again. */
export function resume(study: Study, then: Answered): Promise<void> {
  return attempt(
    `${studyTitle(study)} hands out trials again.`,
    async () => (await studies.resumeStudy({ study: study.name })).study,
    then,
  );
}

/** Finishes a study now. */
export function finish(study: Study, then: Answered): Promise<void> {
  return attempt(
    `${studyTitle(study)} is finished.`,
    async () => (await studies.finishStudy({ study: study.name })).study,
    then,
  );
}

async function attempt(done: string, act: () => Promise<Study | undefined>, then: Answered): Promise<void> {
  try {
    const answer = await act();
    if (answer !== undefined) then(answer);
    say(done);
  } catch (error) {
    const { text, advice } = describeProblem(error);
    say(`${text} ${advice}`, { bad: true });
  }
}

/**
 * Deletes a study in eight seconds unless it is taken back; the service itself deletes for good. Leaving the page sends it
 * at once, so that what was confirmed happens.
 */
export function deleteLater(study: Study, then: () => void = () => undefined): void {
  doomed.add(study.name);
  const timer = setTimeout(carryOut, GRACE);
  const message = say(`${studyTitle(study)} is deleted.`, { undo: takeBack, milliseconds: GRACE });
  addEventListener("pagehide", carryOut);

  function takeBack(): void {
    clearTimeout(timer);
    removeEventListener("pagehide", carryOut);
    doomed.delete(study.name);
  }
  function carryOut(): void {
    clearTimeout(timer);
    removeEventListener("pagehide", carryOut);
    dismiss(message);
    studies.deleteStudy({ study: study.name, force: true }).then(
      () => (then(), setTimeout(() => doomed.delete(study.name), 5_000)),
      (error: unknown) => {
        doomed.delete(study.name);
        say(`${studyTitle(study)} was not deleted. ${describeProblem(error).text}`, { bad: true });
      },
    );
  }
}
