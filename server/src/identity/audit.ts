import type { AuditFilter, AuditRow, AuditTable } from "../store/cold/audit.ts";
import type { Log } from "../store/embedded/log.ts";
import { pageOf } from "./page.ts";
import type { Principal } from "./principal.ts";

export type AuditEntry = AuditRow;

/** An attempt to change something. */
export interface Attempt {
  /** Undefined: whoever works on the server's machine. */
  readonly caller: Pick<Principal, "actor" | "displayName"> | undefined;
  readonly projectId: number;
  /** The method, such as `asktell.v1.StudyService/DeleteStudy`. */
  readonly method: string;
  /** The resource name that the caller gave. */
  readonly target: string;
  /** The caller's address; empty if there is none. */
  readonly address: string;
}

export interface AuditTrail {
  /**
   * Runs a change with one row in the audit log, written before the change and completed with its outcome: none is made without a row,
   * and a row without an outcome is one of a server that died.
   *
   * @param outcomeOf - the code by which the log calls an error
   * @param madeBy - the name of what was made, to stand for the attempt's target; undefined keeps that. Default: keeps it
   */
  audited<T>(
    attempt: Attempt,
    work: () => Promise<T>,
    outcomeOf: (error: unknown) => string,
    madeBy?: (answer: T) => string | undefined,
  ): Promise<T>;
  /** Writes down that a browser did not get in; the log of the server says so if that cannot be written. */
  noteRefusedSignIn(attempt: Omit<Attempt, "caller" | "target">, outcome: string): Promise<void>;
  /** Newest first. Throws TokenFieldError for a foreign page token. */
  listAuditEntries(
    query: AuditFilter & { projectId: number; pageSize?: number; pageToken?: string },
  ): Promise<{ entries: AuditEntry[]; nextPageToken: string }>;
}

/** Characters of a target that are kept. */
const maxTarget = 300;

const kept = (target: string): string => target.slice(0, maxTarget).replaceAll("\0", "").toWellFormed();

export function createAuditTrail(table: AuditTable, log: Log): AuditTrail {
  async function end(id: number, outcome: string, target?: string): Promise<void> {
    // The change is made or refused: that its outcome cannot be written must not turn one into the other.
    await table.close(id, outcome, target).catch((error: unknown) => {
      log.warn(
        `could not write the outcome of an audit entry: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  return {
    async audited({ caller, projectId, method, target, address }, work, outcomeOf, madeBy) {
      const id = await table.open({
        projectId,
        actorKind: caller?.actor.kind ?? "command-line",
        actorId: caller?.actor.id ?? 0,
        actorName: caller?.displayName ?? "",
        method,
        target: kept(target),
        address,
      });
      try {
        const answer = await work();
        const made = madeBy?.(answer);
        await end(id, "ok", made === undefined ? undefined : kept(made));
        return answer;
      } catch (error) {
        await end(id, outcomeOf(error));
        throw error;
      }
    },

    async noteRefusedSignIn(attempt, outcome) {
      const actor = { actorKind: "browser", actorId: 0, actorName: "" };
      await table.open({ ...attempt, ...actor, target: "" }, outcome).catch((error: unknown) => {
        log.warn(`could not write an audit entry: ${error instanceof Error ? error.message : String(error)}`);
      });
    },

    async listAuditEntries({ pageSize, pageToken, ...wanted }) {
      const { limit, after } = pageOf(pageSize, pageToken);
      const rows = await table.list({ ...wanted, limit: limit + 1, before: after });
      const entries = rows.slice(0, limit);
      return { entries, nextPageToken: rows.length > limit ? String(entries.at(-1)?.id) : "" };
    },
  };
}
