import { readFile, readdir } from "node:fs/promises";
import { type DescMethod, type DescService, getOption, hasOption } from "@bufbuild/protobuf";
import { Scope, people_only as peopleOnly, scope } from "@asktell/proto/asktell/v1/access_pb";
import { format, resolveConfig } from "prettier";

/** The committed file that shows which method needs what. */
export const permissionsFile = "SECURITY.md";

/** From the narrowest to the widest: the scope of a token, and the role of a person. */
const rights = [
  [Scope.READ, "`read`", "viewer"],
  [Scope.WORK, "`work`", "worker"],
  [Scope.EDIT, "`edit`", "editor"],
  [Scope.MANAGE, "`manage`", "admin"],
] as const;

/** Every service that the protos publish, by what buf has generated from them. */
async function publishedServices(): Promise<DescService[]> {
  const files = (await readdir("proto/asktell/v1")).filter((file) => file.endsWith("_service.proto"));
  const modules = await Promise.all(
    files.toSorted().map((file): Promise<Record<string, unknown>> => {
      return import(`@asktell/proto/asktell/v1/${file.replace(".proto", "_pb")}`);
    }),
  );
  return modules.flatMap((exported) => Object.values(exported).filter(isService));
}

function isService(value: unknown): value is DescService {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "service";
}

/** @throws Error for a method that states no permission: it must not be built */
function scopeOf(method: DescMethod): Scope {
  const stated = hasOption(method, scope) ? getOption(method, scope) : Scope.UNSPECIFIED;
  if (rights.some(([known]) => known === stated)) return stated;
  throw new Error(
    `${method.parent.typeName}.${method.name} states no permission: add option (scope) to its proto`,
  );
}

/** The table of methods by role, from the protos' own annotations. @throws Error for a method without one */
export function permissionsTable(services: readonly DescService[]): string {
  const methods = services.flatMap((service) => service.methods);
  const needed = new Map(methods.map((method) => [method, scopeOf(method)]));
  const rows = rights.map(([right, token, role]) => {
    const names = methods
      .filter((method) => needed.get(method) === right)
      .map((method) => (getOption(method, peopleOnly) ? `${method.name} (people only)` : method.name));
    return `| ${role} | ${token} | ${names.join(", ")} |`;
  });
  return [
    "| Role | Token's scope | may, besides what those above may |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** What the file has to say today. @throws Error for a method that states no permission */
export async function writtenPermissions(): Promise<string> {
  const text = await readFile(permissionsFile, "utf8");
  const table = permissionsTable(await publishedServices());
  const filled = text.replace(
    /(<!-- permissions:begin -->).*(<!-- permissions:end -->)/s,
    (_all, begin: string, end: string) => `${begin}\n\n${table}\n\n${end}`,
  );
  return format(filled, { ...(await resolveConfig(permissionsFile)), filepath: permissionsFile });
}
