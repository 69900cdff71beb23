import { type DescField, type DescMessage, type DescMethod, ScalarType } from "@bufbuild/protobuf";

/** Numbers in [0, 1), the same for the same seed (mulberry32, https://github.com/bryc/code/blob/master/jshash/PRNGs.md). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One request to throw at a server. */
export interface RandomRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Corpus {
  readonly methods: readonly DescMethod[];
  /** Secrets of tokens, good and bad. */
  readonly tokens: readonly string[];
  /** Paths besides those of RPCs. */
  readonly paths: readonly string[];
  /** What names in messages may be. */
  readonly names: readonly string[];
}

/** Makes requests that are right in most places and wrong in some, over every part that a client controls. */
export function createRequests(corpus: Corpus, random: () => number): () => RandomRequest {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const chance = (share: number): boolean => random() < share;
  const upTo = (count: number): number => Math.floor(random() * (count + 1));

  const oddTexts = [
    "",
    " ",
    "%00",
    "%",
    "%2e%2e%2f",
    "../../../../etc/passwd",
    "//",
    "\\",
    "__proto__",
    "constructor",
    "null",
    "-1",
    "1e400",
    "' or 1=1 --",
    "<script>alert(1)</script>",
    "${7*7}",
    "Ω≈ç",
    "\u{1f680}",
    "\ud800",
    "x".repeat(300),
    "http://169.254.169.254/latest/meta-data",
  ] as const;
  const oddNumbers = [
    0,
    -0,
    1,
    -1,
    0.5,
    1e308,
    -1e308,
    5e-324,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    2 ** 63,
    NaN,
    Infinity,
  ];

  /** Bytes changed, left out, doubled or added in a few places. */
  function damage(text: string): string {
    let damaged = text;
    for (let edits = 1 + upTo(3); edits > 0; edits--) {
      const at = upTo(damaged.length);
      const inserted = chance(0.5) ? pick(oddTexts) : String.fromCharCode(33 + upTo(93));
      damaged = damaged.slice(0, at) + inserted + damaged.slice(at + upTo(3));
    }
    return damaged;
  }

  function text(): string {
    if (chance(0.6)) return pick(corpus.names);
    return chance(0.5) ? pick(oddTexts) : damage(pick(corpus.names));
  }

  function scalar(type: ScalarType): unknown {
    if (chance(0.05)) return pick([null, {}, [], "x", true]);
    switch (type) {
      case ScalarType.STRING:
        return text();
      case ScalarType.BOOL:
        return chance(0.5);
      case ScalarType.BYTES:
        return Buffer.from(text()).toString("base64");
      case ScalarType.DOUBLE:
      case ScalarType.FLOAT: {
        const number = chance(0.5) ? pick(oddNumbers) : random() * 10;
        return Number.isFinite(number) ? number : String(number);
      }
      default:
        return chance(0.7) ? upTo(20) : pick(oddNumbers.filter(Number.isFinite));
    }
  }

  function single(field: DescField, depth: number): unknown {
    if (field.message !== undefined) return message(field.message, depth - 1);
    if (field.enum !== undefined)
      return chance(0.8) ? pick(field.enum.values).name : pick(oddNumbers.slice(0, 6));
    return scalar(field.scalar ?? ScalarType.STRING);
  }

  /** JSON that fits the type in most places. */
  function message(schema: DescMessage, depth = 5): unknown {
    switch (schema.typeName) {
      case "google.protobuf.Struct":
        return chance(0.9) ? { x: scalar(ScalarType.DOUBLE), [text()]: text() } : [1];
      case "google.protobuf.Value":
        return pick([1, "a", true, null, [1], { a: 1 }]);
      case "google.protobuf.Duration":
        return pick(["1s", "0s", "-1s", "86400s", "1e9s", "1", 1, "315576000000s"]);
      case "google.protobuf.Timestamp":
        return pick(["2026-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", 1]);
      case "google.protobuf.FieldMask":
        return pick(["note", "displayName", "name,state", "measurements", "", "x", "attributes"]);
      default:
    }
    const object: Record<string, unknown> = {};
    for (const field of depth <= 0 ? [] : schema.fields) {
      if (chance(0.4) && schema.fields.length > 1) continue;
      object[field.jsonName] =
        field.fieldKind === "list"
          ? Array.from({ length: upTo(3) }, () => single(field, depth))
          : field.fieldKind === "map"
            ? { [text()]: field.message === undefined ? text() : message(field.message, depth - 1) }
            : single(field, depth);
    }
    if (chance(0.03)) object[pick(oddTexts)] = text();
    return object;
  }

  function bodyFor(schema: DescMessage | undefined): Buffer {
    const kind = random();
    if (kind < 0.65 && schema !== undefined) return Buffer.from(JSON.stringify(message(schema)));
    if (kind < 0.75 && schema !== undefined) return Buffer.from(damage(JSON.stringify(message(schema))));
    if (kind < 0.8) return Buffer.from(Array.from({ length: upTo(200) }, () => upTo(255)));
    if (kind < 0.83) return Buffer.from("[".repeat(5_000));
    if (kind < 0.86)
      return Buffer.from([0, 0, 0, 0, upTo(20), ...Array.from({ length: upTo(20) }, () => upTo(255))]);
    return Buffer.from(pick(["", "{}", "null", "a=1&b=2", '{"study":"good"}']));
  }

  const types = [
    "application/json",
    "application/proto",
    "application/grpc",
    "application/grpc-web+proto",
    "application/grpc-web-text",
    "application/connect+json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=latin1",
    "",
  ];

  function headersFor(token: string | undefined): Record<string, string> {
    const headers: Record<string, string> = {};
    if (chance(0.9)) headers["content-type"] = chance(0.75) ? "application/json" : pick(types);
    if (token !== undefined)
      headers["authorization"] = chance(0.95) ? `Bearer ${token}` : pick([token, `Basic ${token}`, "Bearer"]);
    const extras: readonly (readonly [string, readonly string[]])[] = [
      ["cookie", ["asktell=1", `asktell_session=${pick(corpus.tokens)}`, "=;=;", "a".repeat(2_000)]],
      ["origin", ["http://localhost", "null", "https://attacker.example"]],
      ["referer", ["https://attacker.example/?q=1"]],
      ["x-forwarded-for", ["127.0.0.1", "::1, 10.0.0.1", "x"]],
      ["connect-protocol-version", ["1", "2", "x"]],
      ["connect-timeout-ms", ["500", "0", "-1", "99999999999", "x"]],
      ["grpc-timeout", ["1S", "0n", "999999999H", "x"]],
      ["content-encoding", ["gzip", "br", "identity", "x"]],
      ["connect-content-encoding", ["gzip", "x"]],
      ["accept-encoding", ["gzip", "br;q=1", "*", "x"]],
      ["te", ["trailers"]],
      ["range", ["bytes=0-10", "bytes=9-1"]],
      ["if-none-match", ["*", '"x"']],
      ["sec-fetch-site", ["cross-site", "same-origin", "none"]],
      ["sec-fetch-mode", ["navigate", "cors"]],
      ["forwarded", ["for=1.2.3.4;host=x"]],
      ["x-http-method-override", ["DELETE"]],
    ];
    for (const [name, values] of extras) if (chance(0.06)) headers[name] = pick(values);
    return headers;
  }

  return () => {
    const rpc = chance(0.6) ? pick(corpus.methods) : undefined;
    let path = rpc === undefined ? pick(corpus.paths) : `/${rpc.parent.typeName}/${rpc.name}`;
    const isGet = rpc !== undefined && chance(0.1);
    const token = chance(0.85) ? pick(corpus.tokens) : chance(0.5) ? damage(pick(corpus.tokens)) : undefined;
    const inUrl = token !== undefined && chance(0.3);
    if (chance(0.12)) path = damage(path);
    if (inUrl) path = `/t/${encodeURIComponent(token.toWellFormed())}${path}`;
    const query: string[] = [];
    if (isGet) {
      const json = JSON.stringify(message(rpc.input)).toWellFormed();
      query.push("connect=v1", "encoding=json", `message=${encodeURIComponent(json)}`);
    }
    if (inUrl && chance(0.2)) query.push(`token=${encodeURIComponent(pick(corpus.tokens))}`);
    if (chance(0.1))
      query.push(`${encodeURIComponent(text().toWellFormed())}=${encodeURIComponent(text().toWellFormed())}`);
    const method = isGet
      ? "GET"
      : chance(0.75)
        ? rpc === undefined
          ? pick(["GET", "POST"])
          : "POST"
        : pick(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY", "PROPFIND"]);
    return {
      method,
      // What no HTTP client would put on the wire is another test's business.
      path: (query.length === 0 ? path : `${path}?${query.join("&")}`)
        .replaceAll(/[^\x21-\x7e]/g, "%20")
        .slice(0, 8_000),
      headers: headersFor(inUrl ? undefined : token?.replaceAll(/[^\x20-\x7e]/g, "?")),
      body: method === "GET" || method === "HEAD" ? Buffer.alloc(0) : bodyFor(rpc?.input),
    };
  };
}
