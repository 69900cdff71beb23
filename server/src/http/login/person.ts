import { CrossOriginError, type Identity, type Principal } from "../../identity/index.ts";
import type { NodeRequest } from "../node-types.ts";
import type { PeerOf } from "../peer.ts";
import { sessionOf } from "../session.ts";

/** Finds the user by whose session a request comes; undefined without a session. */
export type PersonOf = (req: NodeRequest) => Promise<Principal | undefined>;

/**
 * @param origin - where users reach the server
 * @returns a function that throws SessionError, RateLimitError, and CrossOriginError for what another page sent in the user's name
 */
export function createPersonOf(
  identity: Pick<Identity, "findSession" | "principalOfUser">,
  origin: () => string,
  peerOf: PeerOf,
): PersonOf {
  return async (req) => {
    const taken = sessionOf(req);
    if (taken === undefined) return undefined;
    if (!taken.isSameOrigin) {
      throw new CrossOriginError(
        `signed-in browsers may call from the pages at ${origin()} only; if this is one, its address differs from --public-url`,
      );
    }
    const { user } = await identity.findSession(taken.secret, peerOf(req));
    return identity.principalOfUser(user.id);
  };
}
