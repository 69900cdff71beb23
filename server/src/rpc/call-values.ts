import { createContextKey } from "@connectrpc/connect";
import type { TakenToken } from "../http/token.ts";
import type { Principal } from "../identity/index.ts";

/* What the front knows of a call before any protocol has read it. */

/** The token that the request carried, in a call's context values. */
export const tokenKey = createContextKey<TakenToken | undefined>(undefined, { description: "token" });

/** Finds the signed-in user behind a call, in its context values; undefined: nobody is signed in. */
export const personKey = createContextKey<() => Promise<Principal | undefined>>(
  () => Promise.resolve(undefined),
  {
    description: "person",
  },
);

/** What is known of who makes a request, shared by all ways that are tried to serve it; in its calls' context values. */
export interface RequestVisit {
  /** Set once the gate has asked. */
  caller?: Promise<Principal>;
}

export const visitKey = createContextKey<RequestVisit | undefined>(undefined, { description: "visit" });

/** The client's address, in a call's context values. */
export const peerKey = createContextKey<string>("", { description: "peer" });

/** The text of a JSON message as far as it has arrived, in a call's context values; undefined for other encodings. */
export const jsonKey = createContextKey<(() => string) | undefined>(undefined, { description: "json" });
