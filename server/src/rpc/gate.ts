import { getOption, hasOption, type DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { Scope, people_only as peopleOnly, scope as scopeOption } from "@asktell/proto/asktell/v1/access_pb";
import { type HandlerContext, createContextKey } from "@connectrpc/connect";
import {
  type Identity,
  type Need,
  type Principal,
  type Scope as ScopeName,
  authorizeAnywhere,
} from "../identity/index.ts";
import { peerKey, personKey, tokenKey, visitKey } from "./call-values.ts";
import { rpcError, toRpcError } from "./errors.ts";

/** Who calls, once the gate has let the call pass. */
export const callerKey = createContextKey<Principal | undefined>(undefined, { description: "caller" });

/** Whether a method changes nothing. Streams of the API only answer. */
export function isRead(method: DescMethod): boolean {
  return method.idempotency === Idempotency.NO_SIDE_EFFECTS || method.methodKind !== "unary";
}

/** Finds out anew who calls, for calls that go on for long: tokens are revoked meanwhile, and roles change. */
const renewKey = createContextKey<() => Promise<Principal>>(
  () => Promise.reject(rpcError("INTERNAL", "the call passed no gate")),
  { description: "renew" },
);

/** The caller as of now, at most 5 seconds old. Throws what the gate would throw. */
export async function renewedCaller(context: HandlerContext): Promise<Caller> {
  context.values.set(callerKey, await context.values.get(renewKey)());
  return callerOf(context);
}

/** A caller with what the call needs: names are resolved through it, and none is without permission. */
export interface Caller {
  readonly principal: Principal;
  readonly need: Need;
}

/** The caller of a method of ours: the gate has set it, or the call would not be here. */
export function callerOf(context: HandlerContext): Caller {
  const principal = context.values.get(callerKey);
  const scope = neededScope(context.method);
  if (principal === undefined || scope === undefined) throw rpcError("INTERNAL", "the call passed no gate");
  return { principal, need: { scope, what: context.method.name } };
}

const scopeNames: Partial<Record<Scope, ScopeName>> = {
  [Scope.READ]: "read",
  [Scope.WORK]: "work",
  [Scope.EDIT]: "edit",
  [Scope.MANAGE]: "manage",
};

/** Services for clients that know nobody here yet: whether the server is well, and what it offers. */
const openServices = new Set([
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
]);

/**
 * The scope that a method states in its proto; undefined for open services.
 *
 * @throws Error for a method of ours that states none: the server must not start with one
 */
export function neededScope(method: DescMethod): ScopeName | undefined {
  if (openServices.has(method.parent.typeName)) return undefined;
  const stated = hasOption(method, scopeOption) ? scopeNames[getOption(method, scopeOption)] : undefined;
  if (stated === undefined)
    throw new Error(
      `${method.parent.typeName}.${method.name} states no scope: add option (asktell.v1.scope)`,
    );
  return stated;
}

/** Whether a method refuses tokens. */
export function isForPeopleOnly(method: DescMethod): boolean {
  return hasOption(method, peopleOnly) && getOption(method, peopleOnly);
}

/** Throws for a call that may not pass. */
export type Admit = (context: HandlerContext) => Promise<void>;

/**
 * Lets a call pass whose caller is known, and may do such a thing in some project at least; in which one it is asked for, the message
 * says, so names are checked as they are resolved.
 */
export function createAdmission(identity: Recognition): Admit {
  return async (context) => {
    const needed = neededScope(context.method);
    if (needed === undefined) return;
    // Where the short path gives a call up, Connect's gate asks again about the same request: it is one visit.
    const visit = context.values.get(visitKey) ?? {};
    const caller = await (visit.caller ??= arrive(identity, context));
    context.values.set(callerKey, caller).set(renewKey, () => recognise(identity, context));
    if (caller.actor.kind !== "user" && isForPeopleOnly(context.method)) {
      const message = `${context.method.name} is for people who are signed in, not for tokens`;
      throw rpcError("TOKEN_SCOPE", message);
    }
    authorizeAnywhere(caller, { scope: needed, what: context.method.name });
  };
}

type Recognition = Pick<Identity, "authenticate" | "countVisit" | "recognise">;

/** Who calls, counted as one call more. */
async function arrive(identity: Recognition, context: HandlerContext): Promise<Principal> {
  const { method, values } = context;
  const visit = { address: values.get(peerKey), isRead: isRead(method) };
  const token = values.get(tokenKey);
  // Whoever sends a token means it, also from a browser that is signed in.
  if (token !== undefined) return identity.authenticate(token.value, visit);
  const person = await personBehind(context);
  await identity.countVisit(person, visit);
  return person;
}

/** Who goes on calling. */
async function recognise(identity: Recognition, context: HandlerContext): Promise<Principal> {
  const token = context.values.get(tokenKey);
  if (token === undefined) return personBehind(context);
  return identity.recognise(token.value, context.values.get(peerKey));
}

async function personBehind({ values }: HandlerContext): Promise<Principal> {
  const person = await values.get(personKey)();
  if (person !== undefined) return person;
  throw rpcError(
    "TOKEN_INVALID",
    "this call needs a token: send `Authorization: Bearer at_…`, or put /t/at_…/ before the path",
  );
}

/**
 * The admission as Connect runs it: before the body is read, for every protocol, with errors as clients see them.
 *
 * @param refused - hears of refusals, which no interceptor sees
 */
export function createGate(admit: Admit, refused: (context: HandlerContext, error: unknown) => void): Admit {
  return async (context) => {
    try {
      await admit(context);
    } catch (error) {
      const mapped = toRpcError(error);
      refused(context, mapped.unforeseenId === undefined ? mapped.error : error);
      throw mapped.error;
    }
  };
}
