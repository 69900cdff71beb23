import type { Identity } from "../../identity/index.ts";
import type { Log } from "../../log.ts";
import type { NodeRequest, NodeResponse } from "../node-types.ts";
import type { PeerOf } from "../peer.ts";
import type { Cookies } from "./cookies.ts";

export interface LoginOptions {
  readonly identity: Pick<
    Identity,
    | "providerName"
    | "beginLogin"
    | "finishLogin"
    | "loginByCode"
    | "findSession"
    | "listSessions"
    | "revokeSessions"
    | "endSession"
  >;
  readonly peerOf: PeerOf;
  /** Where users reach the server; known once its port is. */
  readonly origin: () => string;
  readonly cookies: () => Cookies;
  /** From where a login link is taken. */
  readonly links: "off" | "loopback" | "anywhere";
  /** How long a session lasts at most, s. */
  readonly sessionSeconds: number;
  readonly log: Pick<Log, "info" | "warn" | "error">;
}

/** Answers the requests for one path. */
export type LoginRoute = (options: LoginOptions, req: NodeRequest, res: NodeResponse) => Promise<void>;
