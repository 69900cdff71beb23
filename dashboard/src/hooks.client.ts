import { openSession } from "#lib/api/session.svelte.ts";

/** Runs once, before the first page is chosen. */
export async function init(): Promise<void> {
  await openSession();
}
