import pg from "pg";

const { builtins } = pg.types;
/** OID of int8[], which pg-types has a parser for but no name: hence a plain number. */
const int8Array: number = 1016;

type Parse = (text: string) => unknown;

/** An int8 that a double cannot hold exactly stays a bigint: wrong digits would be worse than another type. */
function parseInt8(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

const parseInt8Texts: Parse = pg.types.getTypeParser(int8Array, "text");

const parsers = new Map<number, Parse>([
  [builtins.INT8, parseInt8],
  [int8Array, (text) => mapDeep(parseInt8Texts(text), parseInt8)],
  // A calendar day has no time zone; the default makes it midnight of this machine's.
  [builtins.DATE, (text) => text],
]);

/**
 * How columns become values: int8 and count(*) as numbers, timestamptz as Date, float8 and float8[] as numbers with
 * NaN and infinities, json and jsonb parsed, numeric as text. For one pool or client; pg's global table stays as it is.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: string) {
    const own = format === "binary" ? undefined : parsers.get(oid);
    // The declared signature has an overload for each format, and both of them return any function.
    return own ?? pg.types.getTypeParser(oid, format as "text");
  },
};

/** Arrays of the database may be nested and hold nulls. */
function mapDeep(value: unknown, parse: (text: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapDeep(item, parse));
  return typeof value === "string" ? parse(value) : value;
}
