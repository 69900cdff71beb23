import { SvelteSet } from "svelte/reactivity";
import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import { studies } from "../api/clients.ts";
import { describeProblem } from "../api/problem.ts";
import { studyTitle } from "../data/names.ts";
import { dismiss, say } from "../ui/toasts.svelte.ts";

/** Studies that the page hides because they are about to be deleted. */
export const doomed = new SvelteSet<string>();

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
 * Deletes a study once the message that says so has gone, unless it is taken back; the service itself deletes for good.
 * Leaving the page sends it at once, so that what was confirmed happens.
 */
export function deleteLater(study: Study, then: () => void = () => undefined): void {
  doomed.add(study.name);
  const message = say(`${studyTitle(study)} is deleted.`, { undo: takeBack, ended: carryOut });
  const leave = (): void => dismiss(message);
  addEventListener("pagehide", leave);

  function takeBack(): void {
    removeEventListener("pagehide", leave);
    doomed.delete(study.name);
  }
  function carryOut(): void {
    removeEventListener("pagehide", leave);
    studies.deleteStudy({ study: study.name, force: true }).then(
      () => (then(), setTimeout(() => doomed.delete(study.name), 5_000)),
      (error: unknown) => {
        doomed.delete(study.name);
        say(`${studyTitle(study)} was not deleted. ${describeProblem(error).text}`, { bad: true });
      },
    );
  }
}
