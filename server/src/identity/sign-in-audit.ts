import type { SignInMethod } from "../store/cold/sessions.ts";
import type { AuditTrail } from "./audit.ts";
import type { NewSession } from "./sessions.ts";

/** The rows of sign-ins in the audit log. */
export interface SignInAudit {
  /** Has somebody come in, and notes how that went. */
  entered(session: NewSession, enter: () => Promise<string>): Promise<string>;
  /** @param outcome - why nobody came in, by a name */
  refused(method: SignInMethod, address: string, outcome: string): Promise<void>;
}

/** @param auditProject - id of the project whose log has the sign-ins */
export function createSignInAudit(
  audit: Pick<AuditTrail, "audited" | "noteRefusedSignIn">,
  auditProject: () => Promise<number>,
): SignInAudit {
  return {
    async entered({ user, method, address }, enter) {
      const caller = {
        actor: { kind: "user" as const, id: user.id },
        displayName: user.displayName || user.email,
      };
      const attempt = {
        caller,
        projectId: await auditProject(),
        method: `sign-in/${method}`,
        target: `users/${user.id}`,
        address,
      };
      return audit.audited(attempt, enter, () => "failed");
    },

    async refused(method, address, outcome) {
      const attempt = { projectId: await auditProject(), method: `sign-in/${method}`, address };
      await audit.noteRefusedSignIn(attempt, outcome);
    },
  };
}
