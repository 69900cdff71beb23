import type { NodeRequest } from "../http/node-types.ts";
import { tokenOf } from "../http/token.ts";
import { type Identity, type Scope, covers } from "../identity/index.ts";
import { GatewayRefusal } from "./refusal.ts";

/** In whose project a request acts, and what it may do there. */
export interface Caller {
  readonly projectId: number;
  readonly scope: Scope;
}

/** Who calls, by the token that was taken off the request. @throws TokenError, GatewayRefusal 401 without a token */
export async function callerOf(req: NodeRequest, identity: Pick<Identity, "authenticate">): Promise<Caller> {
  const token = tokenOf(req);
  if (token === undefined) {
    throw new GatewayRefusal(401, "this call needs a token", { "www-authenticate": "Bearer" });
  }
  const { project, scope } = await identity.authenticate(token.value);
  return { projectId: project.id, scope };
}

/** @throws GatewayRefusal 403 */
export function demand(caller: Caller, needed: Scope, what: string): void {
  if (covers(caller.scope, needed)) return;
  throw new GatewayRefusal(403, `${what} needs a token of scope ${needed}; this one has ${caller.scope}`);
}
