import { type DescMethod, type DescService, getOption } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { Role, Scope, scope, trial_step as trialStep } from "@asktell/proto/asktell/v1/access_pb";

/** The role that a scope stands for: the rights of people and of programs are the same. */
const roles: Readonly<Record<Scope, Role>> = {
  [Scope.UNSPECIFIED]: Role.UNSPECIFIED,
  [Scope.READ]: Role.VIEWER,
  [Scope.WORK]: Role.WORKER,
  [Scope.EDIT]: Role.EDITOR,
  [Scope.MANAGE]: Role.ADMIN,
};

const methodsOf = (services: readonly DescService[]): DescMethod[] =>
  services.flatMap((service) => service.methods);

/** The names of the methods that a role may call and the ones before it may not, as the API's own description says. */
export function methodsFor(services: readonly DescService[], role: Role): readonly string[] {
  return methodsOf(services)
    .filter((method) => roles[getOption(method, scope)] === role)
    .map(({ name }) => name);
}

/** The names of the methods whose calls are in the audit log: what changes something, but for workers' steps on their trials. */
export function auditedMethods(services: readonly DescService[]): readonly string[] {
  return methodsOf(services)
    .filter((method) => {
      const changes = method.idempotency !== Idempotency.NO_SIDE_EFFECTS && method.methodKind === "unary";
      return changes && !getOption(method, trialStep);
    })
    .map(({ name }) => name)
    .toSorted();
}

/** "DeleteStudy" as people say it: "Delete study"; what is no method of the API by its room: "Sign-in: link". */
export function methodLabel(method: string): string {
  const words = method
    .replace(/^.*\.\w+\//, "")
    .replace("/", ": ")
    .replace(/([a-z])([A-Z])/g, "$1 $2");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
