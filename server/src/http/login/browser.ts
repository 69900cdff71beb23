import { clip } from "../clip.ts";
import type { NodeRequest } from "../node-types.ts";
import type { PeerOf } from "../peer.ts";

/** Longest description of a browser that is kept, characters. */
const maxAgent = 300;

/** What is kept of a browser, for its owner to recognise it by. */
export function browserOf(req: NodeRequest, peerOf: PeerOf): { address: string; userAgent: string } {
  // Header values hold no NUL, which PostgreSQL's text would not take.
  return { address: peerOf(req), userAgent: clip(req.headers["user-agent"] ?? "", maxAgent) };
}
