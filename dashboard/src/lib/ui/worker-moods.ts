import type { WorkerMood } from "../data/workers.ts";

/** What the page says of how a worker stands, and the colour of its badge. */
export const moods: Readonly<Record<WorkerMood, { label: string; look: string; hint: string }>> = {
  failing: { label: "Failing", look: "bad", hint: "Its last three or more trials failed." },
  silent: { label: "Silent", look: "warn", hint: "A lease of its is about to end." },
  working: { label: "Working", look: "good", hint: "It holds a trial." },
  idle: { label: "Idle", look: "", hint: "It holds no trial." },
};
