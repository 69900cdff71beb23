import { type DescMethod, type Message, getOption } from "@bufbuild/protobuf";
import { trial_step as trialStep } from "@asktell/proto/asktell/v1/access_pb";
import type { Interceptor } from "@connectrpc/connect";
import type { Identity, Principal } from "../identity/index.ts";
import { peerKey } from "./call-values.ts";
import { codeName, toRpcError } from "./errors.ts";
import { callerKey, isForPeopleOnly, isRead, neededScope } from "./gate.ts";

/**
 * Whether calls of a method leave a row in the audit log: whatever changes something, but for what workers do with their trials, asking,
 * reporting and telling, which is in the trials' own rows.
 */
export function isAudited(method: DescMethod): boolean {
  return neededScope(method) !== undefined && !isRead(method) && !getOption(method, trialStep);
}

/** Writes one row for each call that changes something, with its outcome. */
export function createAuditor(identity: Pick<Identity, "audited">): Interceptor {
  return (next) => async (request) => {
    const caller = request.contextValues.get(callerKey);
    if (request.stream || caller === undefined || !isAudited(request.method)) return next(request);
    const target = targetOf(request.message);
    const projectId = projectOf(caller, target, request.method);
    // Somebody else's project: whoever may not know of it must not fill its log either.
    if (projectId === undefined) return next(request);
    const method = `${request.method.parent.typeName}/${request.method.name}`;
    const attempt = { caller, projectId, method, target, address: request.contextValues.get(peerKey) };
    return identity.audited(
      attempt,
      async () => next(request),
      (error) => codeName(toRpcError(error).error.code),
      (answer) => (answer.stream ? undefined : madeBy(request.method, answer.message)),
    );
  };
}

/** The fields that name what a request is about, the likeliest first; of a message, its `name` counts. */
const targetFields = ["name", "study", "trial", "parent", "project", "token"];
/** The fields that name what is to be made under a `parent`. */
const madeFields = new Map([
  ["studyId", "studies"],
  ["user", "members"],
]);

/** The resource name that a request gives, as `projects/a/studies/b`; empty if it gives none. */
export function targetOf(message: Message): string {
  const fields: Readonly<Record<string, unknown>> = { ...message };
  for (const field of targetFields) {
    const name = nameIn(fields[field]);
    if (name !== "") return name + madeBelow(fields, field);
  }
  const projectId = fields["projectId"];
  if (typeof projectId === "string") return `projects/${projectId}`;
  return madeBelow(fields, "parent").slice(1);
}

/** The name of what a call of a method made, which the request may have left to the server; undefined if it made nothing. */
function madeBy({ name }: DescMethod, answer: Message): string | undefined {
  return name.startsWith("Create") ? targetOf(answer) : undefined;
}

function nameIn(field: unknown): string {
  if (typeof field === "string") return field;
  if (typeof field !== "object" || field === null || !("name" in field)) return "";
  return typeof field.name === "string" ? field.name : "";
}

function madeBelow(fields: Readonly<Record<string, unknown>>, field: string): string {
  if (field !== "parent") return "";
  for (const [key, collection] of madeFields) {
    const value = fields[key];
    if (typeof value === "string" && value !== "") return `/${collection}/${value}`;
  }
  return "";
}

/** The project whose log has the row; a project that is being made has none yet, so its maker's own stands in. */
function projectOf(caller: Principal, target: string, method: DescMethod): number | undefined {
  const name = isForPeopleOnly(method) ? undefined : /^projects\/([^/]+)/.exec(target)?.[1];
  return name === undefined ? caller.project.id : caller.access.get(name)?.project.id;
}
