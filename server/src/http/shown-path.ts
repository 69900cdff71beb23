import { clip } from "./clip.ts";

/** Characters of a path that an answer repeats. */
const maxShown = 200;

/**
 * A path for eyes: a token behind a misspelt prefix was not recognised as one, nor is one whose own beginning was lost, so whatever is as
 * long and as random is left out. Names that people choose are never that long without a separator.
 */
export function shownPath(path: string): string {
  return clip(path.replaceAll(/[0-9A-Za-z]{40,}/g, "[redacted]"), maxShown);
}
