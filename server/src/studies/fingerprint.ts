import { createHash } from "node:crypto";
import type { RequestRecord } from "../store/hot/ask.ts";
import { StudyError } from "./errors.ts";

/** A digest of a request's content, so that the same request id with other content is noticed. */
export function fingerprint(content: unknown): Buffer {
  return createHash("sha256").update(JSON.stringify(content)).digest();
}

/** @throws StudyError REQUEST_ID_REUSED unless the stored answer belongs to this very request */
export function checkSameRequest(stored: RequestRecord, kind: number, content: Buffer): void {
  if (stored.kind === kind && stored.fingerprint.equals(content)) return;
  throw new StudyError(
    "REQUEST_ID_REUSED",
    `request_id ${JSON.stringify(stored.key)} was used for a request of other content: give each request an id of its own`,
  );
}
