import { isIP } from "node:net";
import { resolve } from "node:path";
import type { GroupRole } from "../identity/people.ts";
import { roles } from "../identity/scope.ts";

/** Reads a setting's value from text (flags, environment) or from what a YAML or JSON file holds. */
export interface Parser<Value> {
  /** What it accepts, to end the sentence "accepted is …". */
  readonly accepts: string;
  /** Undefined for a value that it does not accept. `base` is the directory that relative paths start from. */
  parse(value: unknown, base: string): Value | undefined;
  /** What stands for the value in the help: `<port>`; none for a flag that stands alone. */
  readonly placeholder: string | undefined;
}

export const text: Parser<string> = {
  accepts: "text",
  placeholder: "text",
  parse: (value) => (typeof value === "string" && value !== "" ? value : undefined),
};

export const path: Parser<string> = {
  accepts: "a path",
  placeholder: "path",
  parse: (value, base) => (typeof value === "string" && value !== "" ? resolve(base, value) : undefined),
};

export const flag: Parser<boolean> = {
  accepts: "true or false",
  placeholder: undefined,
  parse: (value) => (typeof value === "boolean" ? value : booleans.get(String(value).toLowerCase())),
};

const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

export function integer(min: number, max: number): Parser<number> {
  return {
    accepts: `an integer from ${min} to ${max}`,
    placeholder: "number",
    parse(value) {
      const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
      return typeof number === "number" && Number.isInteger(number) && number >= min && number <= max
        ? number
        : undefined;
    },
  };
}

export function choice<const Option extends string>(...options: readonly Option[]): Parser<Option> {
  return {
    accepts: `one of ${options.join(", ")}`,
    placeholder: "name",
    parse: (value) => options.find((option) => option === value),
  };
}

const unitsInMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, "": 1_000 };

/** Milliseconds, from `30s`, `500ms`, `2m`, or a bare number of seconds. */
export function duration(minSeconds: number, maxSeconds: number): Parser<number> {
  return {
    accepts: `a duration from ${minSeconds} to ${maxSeconds} s, such as 30s, 500ms or 2m`,
    placeholder: "duration",
    parse(value) {
      const match = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|)$/.exec(
        typeof value === "number" ? String(value) : textOf(value),
      );
      const ms = match === null ? Number.NaN : Number(match[1]) * (unitsInMs[match[2] ?? ""] ?? Number.NaN);
      return ms >= minSeconds * 1_000 && ms <= maxSeconds * 1_000 ? ms : undefined;
    },
  };
}

export const databaseUrl: Parser<string> = {
  accepts: "a URL such as postgresql://user:password@host:5432/database",
  placeholder: "url",
  parse: (value) => (/^postgres(ql)?:\/\/\S+$/.test(textOf(value)) ? textOf(value) : undefined),
};

export const httpUrl: Parser<string> = {
  accepts: "a URL such as https://asktell.example.org, without a path",
  placeholder: "url",
  parse(value) {
    if (!URL.canParse(textOf(value))) return undefined;
    const url = new URL(textOf(value));
    const isBare = url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
    return isBare && /^https?:$/.test(url.protocol) ? url.origin : undefined;
  },
};

/** Only over TLS: who somebody is must not be changed on the way. A provider on the same machine may do without. */
export const issuerUrl: Parser<URL> = {
  accepts: "an https URL such as https://gitlab.example.org (http only for one on this machine)",
  placeholder: "url",
  parse(value) {
    if (!URL.canParse(textOf(value))) return undefined;
    const url = new URL(textOf(value));
    const isBare = url.search === "" && url.hash === "" && url.username === "" && url.password === "";
    const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isLoopbackName(url.hostname));
    return isBare && isSafe ? url : undefined;
  },
};

const isLoopbackName = (name: string) => /^(?:localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(name);

export const groupRole: Parser<GroupRole> = {
  accepts: `a group, a project and one of ${roles.join(", ")}, such as physics/cms=default/editor`,
  placeholder: "group=project/role",
  parse(value) {
    const [, group, project, name] = /^(.+)=([^/=]+)\/([a-z]+)$/.exec(textOf(value)) ?? [];
    const role = roles.find((known) => known === name);
    return group === undefined || project === undefined || role === undefined
      ? undefined
      : { group, project, role };
  },
};

export const networkRange: Parser<string> = {
  accepts: "an IP address or range such as 10.0.0.0/8",
  placeholder: "range",
  parse(value) {
    const [address = "", bits = "0", ...rest] = textOf(value).split("/");
    const family = isIP(address);
    const width = family === 6 ? 128 : 32;
    const good = family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= width;
    return good ? textOf(value) : undefined;
  },
};

export const hostName: Parser<string> = {
  accepts: "a host name without port, such as asktell.example.org",
  placeholder: "name",
  parse(value) {
    const name = textOf(value).toLowerCase();
    return /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name) || isIP(name) !== 0
      ? name
      : undefined;
  },
};

/** A list in a file, or text with commas. */
export function listOf<Item>(item: Parser<Item>): Parser<readonly Item[]> {
  return {
    accepts: `a list, each ${item.accepts}`,
    placeholder: `${item.placeholder},...`,
    parse(value, base) {
      const entries = Array.isArray(value)
        ? value
        : textOf(value)
            .split(",")
            .map((entry) => entry.trim());
      const items = entries.map((entry) => item.parse(entry, base)).filter((entry) => entry !== undefined);
      return items.length === entries.length ? items : undefined;
    },
  };
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
