import type { NodeRequest } from "../http/node-types.ts";
import type { PeerOf } from "../http/peer.ts";
import { tokenOf } from "../http/token.ts";
import { type Identity, type Need, type Principal, authorize, authorizeAnywhere } from "../identity/index.ts";
import type { StudyRef } from "../studies/directory.ts";
import { StudyError } from "../studies/errors.ts";
import type { Studies } from "../studies/index.ts";
import type { CreateOptions } from "../studies/create-study.ts";
import type { GatewayContext } from "./context.ts";
import { GatewayRefusal } from "./refusal.ts";

/** On whose behalf a request acts, in whose project, and what it needs to be allowed. */
export interface Caller {
  readonly principal: Principal;
  readonly projectId: number;
  readonly need: Need;
  /** From which address. */
  readonly address: string;
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
  const address = peerOf(req);
  const visit = { address, isRead: need.scope === "read" };
  return callerBy(await identity.authenticate(token.value, visit), need, address);
}

/** @throws PermissionError */
export function callerBy(principal: Principal, need: Need, address: string): Caller {
  authorizeAnywhere(principal, need);
  return { principal, projectId: principal.project.id, need, address };
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

/** Creates a study, with a row in the audit log. */
export function createStudy(
  { studies, identity }: Pick<GatewayContext, "studies" | "identity">,
  { principal, need, address }: Caller,
  options: CreateOptions,
): ReturnType<Studies["create"]> {
  const attempt = {
    caller: principal,
    projectId: options.projectId,
    method: need.what,
    target: `projects/${principal.project.name}/studies/${options.name}`,
    address,
  };
  return identity.audited(
    attempt,
    () => studies.create(options),
    (error) => (error instanceof StudyError ? error.reason.toLowerCase() : "internal"),
  );
}

/** The project, for a caller who may create a study in it. @throws PermissionError */
export function projectForNewStudy({ principal, need }: Caller, what = need.what): number {
  return authorize(principal, undefined, undefined, { scope: "edit", what }).project.id;
}
