import type { LoginTable } from "../store/cold/logins.ts";
import { createCode, hashCode, isCode } from "./one-time-code.ts";

/** How long a login link waits to be opened, s. */
const linkSeconds = 600;

export interface LoginLinks {
  /** Makes the code of a link that signs its bearer in as the local user, once. */
  createLoginCode(): Promise<string>;
  /** Uses a code up; false for one that is unknown, used or expired. */
  redeemLoginCode(code: string): Promise<boolean>;
}

export function createLoginLinks(table: Pick<LoginTable, "addLink" | "takeLink">): LoginLinks {
  return {
    async createLoginCode() {
      const code = createCode();
      await table.addLink({ hash: hashCode(code), validSeconds: linkSeconds });
      return code;
    },

    redeemLoginCode: async (code) => isCode(code) && (await table.takeLink(hashCode(code))),
  };
}
