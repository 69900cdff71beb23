import type { NodeRequest } from "../http/node-types.ts";
import type { PeerOf } from "../http/peer.ts";
import { tokenOf } from "../http/token.ts";
import { type Identity, type Need, type Principal, authorize, authorizeAnywhere } from "../identity/index.ts";
import type { StudyRef } from "../studies/directory.ts";
import { GatewayRefusal } from "./refusal.ts";

/** On whose behalf a request acts, in whose project, and what it needs to be allowed. */
export interface Caller {
  readonly principal: Principal;
  readonly projectId: number;
  readonly need: Need;
}

/**
 * Who calls, by the token that was taken off the request, before anything of its body is read.
 *
 * @throws TokenError, PermissionError, GatewayRefusal 401 without a token
 */
export async function callerOf(
  req: NodeRequest,
  need: Need,
  { identity, peerOf }: { identity: Pick<Identity, "authenticate">; peerOf: PeerOf },
): Promise<Caller> {
  const token = tokenOf(req);
  if (token === undefined) {
    throw new GatewayRefusal(401, "this call needs a token", { "www-authenticate": "Bearer" });
  }
  return callerBy(await identity.authenticate(token.value, peerOf(req)), need);
}

/** @throws PermissionError */
export function callerBy(principal: Principal, need: Need): Caller {
  authorizeAnywhere(principal, need);
  return { principal, projectId: principal.project.id, need };
}

/**
 * A study of the caller's project, by its name: for callers who may do with it what they came for.
 *
 * @throws PermissionError, ProjectNotFoundError for a study that the caller may not know of
 */
export function studyOf({ principal, projectId, need }: Caller, name: string): StudyRef {
  authorize(principal, undefined, name, need);
  return { projectId, name };
}

/** The project, for a caller who may create a study in it. @throws PermissionError */
export function projectForNewStudy({ principal }: Caller, what: string): number {
  return authorize(principal, undefined, undefined, { scope: "edit", what }).project.id;
}
