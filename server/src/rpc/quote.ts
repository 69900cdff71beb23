import { clip } from "../http/clip.ts";

/** A text from a request in quotes, for messages to people: in full if it is a name, its beginning if it is a megabyte. */
export function quote(text: string): string {
  return clip(JSON.stringify(text), 80);
}
