import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
  clone,
  create,
} from "@bufbuild/protobuf";
import { DurationSchema, FieldMaskSchema, TimestampSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import type { JsonObject } from "@bufbuild/protobuf";

/** A message with one field at one of its extremes. */
export interface Extreme {
  /** Which field, and at what. */
  readonly name: string;
  readonly message: Message;
}

/**
 * The message with each of its fields, and of those below, set to each of its extremes in turn.
 *
 * @param depth - levels of messages to go down
 */
export function* extremesOf(desc: DescMessage, base: Message, depth = 4): Generator<Extreme> {
  for (const field of desc.fields) {
    for (const [name, value] of valuesOf(field))
      yield { name: `${field.name} = ${name}`, message: withField(desc, base, field, value) };
    if (depth === 0 || field.message === undefined || isWellKnown(field.message)) continue;
    const [inner, wrap] = below(field, fieldsOf(base));
    for (const { name, message } of extremesOf(field.message, inner, depth - 1)) {
      yield { name: `${field.name}.${name}`, message: withField(desc, base, field, wrap(message)) };
    }
  }
}

type Fields = Record<string, unknown>;

/** Generated messages are plain objects: reflection would refuse the very values that are wanted here. */
const fieldsOf = (message: Message): Fields => message;

function withField(desc: DescMessage, base: Message, field: DescField, value: unknown): Message {
  const message = clone(desc, base);
  if (field.oneof === undefined) fieldsOf(message)[field.localName] = value;
  else fieldsOf(message)[field.oneof.localName] = { case: field.localName, value };
  return message;
}

/** The message in a field, or the first of several, and how one takes its place. */
function below(field: DescField, parent: Fields): [Message, (message: Message) => unknown] {
  const empty = create(field.message ?? ValueSchema);
  if (field.fieldKind === "list") {
    const [first, ...rest] = parent[field.localName] as Message[];
    return [first ?? empty, (message) => [message, ...rest]];
  }
  if (field.fieldKind === "map") return [empty, (message) => ({ key: message })];
  if (field.oneof === undefined)
    return [(parent[field.localName] as Message | undefined) ?? empty, (message) => message];
  const chosen = parent[field.oneof.localName] as { case?: string; value?: Message };
  return [chosen.case === field.localName ? (chosen.value ?? empty) : empty, (message) => message];
}

type Named = [name: string, value: unknown];

/** What one element of a list, or one value of a map, may be. */
function itemsOf(field: Extract<DescField, { fieldKind: "list" | "map" }>): Named[] {
  if (field.scalar !== undefined) return scalars(field.scalar);
  return field.message === undefined ? enums(field.enum) : messages(field.message);
}

function valuesOf(field: DescField): Named[] {
  switch (field.fieldKind) {
    case "scalar":
      return scalars(field.scalar);
    case "enum":
      return enums(field.enum);
    case "message":
      return messages(field.message);
    case "list": {
      const items = itemsOf(field);
      return [
        ["nothing", []],
        ...items.map(([name, value]): Named => [`[${name}]`, [value]]),
        ["2,000 times the first", Array(2_000).fill(items[0]?.[1])],
      ];
    }
    case "map": {
      const items = itemsOf(field);
      return [
        ...items.map(([name, value]): Named => [`{a: ${name}}`, { a: value }]),
        ['a key ""', { "": items[0]?.[1] }],
        ["a key with NUL", { "\0": items[0]?.[1] }],
        ["a key of 100,000 characters", { ["k".repeat(100_000)]: items[0]?.[1] }],
        [
          "2,000 keys",
          Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, items[0]?.[1]])),
        ],
      ];
    }
  }
}

const named = (...values: unknown[]): Named[] =>
  values.map((value) => [Object.is(value, -0) ? "-0" : String(value), value]);

function scalars(type: ScalarType): Named[] {
  switch (type) {
    case ScalarType.DOUBLE:
      return named(
        NaN,
        Infinity,
        -Infinity,
        -0,
        5e-324,
        -1.7976931348623157e308,
        1.7976931348623157e308,
        2 ** 53 + 2,
        0.1,
      );
    case ScalarType.INT32:
      return named(-2147483648, -1, 0, 1, 2147483647);
    case ScalarType.UINT32:
      return named(0, 4294967295);
    case ScalarType.INT64:
      return named(-(2n ** 63n), -(2n ** 53n) - 1n, -1n, 0n, 2n ** 53n + 1n, 2n ** 63n - 1n);
    case ScalarType.BOOL:
      return named(true, false);
    case ScalarType.STRING:
      return [
        ["empty", ""],
        ["NUL", "\0"],
        ["a line feed", "\n"],
        ["beyond the basic plane", "😀\u{10ffff}"],
        ["a change of direction", "\u202eabc"],
        ["SQL", "'; drop table trial; --"],
        ["a pattern", "%_\\"],
        ["a path", "../../../etc/passwd"],
        ["a study", "projects/default/studies/good"],
        ["a trial", "good/trials/2147483647"],
        ["100,000 characters", "x".repeat(100_000)],
      ];
    default:
      throw new Error(`no extremes of the scalar type ${ScalarType[type]}`);
  }
}

function enums({ values }: DescEnum): Named[] {
  return [...values.map(({ name, number }): Named => [name, number]), ...named(-1, 99, 2147483647)];
}

const wellKnown: Readonly<Record<string, () => Named[]>> = {
  "google.protobuf.Duration": () => times((seconds, nanos) => create(DurationSchema, { seconds, nanos })),
  "google.protobuf.Timestamp": () => times((seconds, nanos) => create(TimestampSchema, { seconds, nanos })),
  "google.protobuf.FieldMask": () =>
    [
      [],
      [""],
      ["*"],
      ["a.b.c"],
      ["__proto__"],
      ["note", "note"],
      ["\0"],
      Array(2_000).fill("note"),
      ["x".repeat(100_000)],
    ].map((paths): Named => [
      `${paths.length} paths, ${paths[0]?.slice(0, 10)}`,
      create(FieldMaskSchema, { paths }),
    ]),
  "google.protobuf.Struct": () => [
    ["{}", {}],
    ["null", { lr: null }],
    ["NaN", { lr: NaN }],
    ["Infinity", { lr: Infinity }],
    ["beyond 2^53", { n: 2 ** 60 }],
    ["a list", { lr: [1] }],
    ["an object", { lr: { a: 1 } }],
    ["no name", { "": 1 }],
    ["NUL", { "\0": "\0" }],
    ["__proto__", JSON.parse('{"__proto__":{"a":1}}')],
    ["90 levels", nested(90)],
    ["2,000 names", Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index]))],
    ["100,000 characters", { lr: "x".repeat(100_000) }],
  ],
  "google.protobuf.Value": () => [
    ["nothing at all", create(ValueSchema)],
    ...(
      [
        { case: "nullValue", value: 0 },
        { case: "nullValue", value: 7 },
        { case: "numberValue", value: NaN },
        { case: "numberValue", value: -Infinity },
        { case: "numberValue", value: -0 },
        { case: "numberValue", value: 2 ** 60 },
        { case: "stringValue", value: "" },
        { case: "stringValue", value: "\0" },
        { case: "stringValue", value: "x".repeat(100_000) },
        { case: "boolValue", value: true },
        { case: "listValue", value: { values: [{}] } },
        { case: "structValue", value: { a: NaN } },
      ] as unknown[]
    ).map((kind): Named => [JSON.stringify(kind).slice(0, 60), create(ValueSchema, { kind } as object)]),
  ],
};

const isWellKnown = ({ typeName }: DescMessage): boolean => typeName in wellKnown;

function messages(desc: DescMessage): Named[] {
  return wellKnown[desc.typeName]?.() ?? [["empty", create(desc)]];
}

function times(make: (seconds: bigint, nanos: number) => Message): Named[] {
  const pairs: [bigint, number][] = [
    [0n, 0],
    [1n, 0],
    [0n, -1],
    [1n, -1],
    [0n, 1_000_000_000],
    [0n, 2_147_483_647],
    [0n, -2_147_483_648],
    [-1n, 0],
    [2n ** 63n - 1n, 999_999_999],
    [-(2n ** 63n), -999_999_999],
    [253_402_300_799n, 999_999_999],
    [253_402_300_800n, 0],
    [-62_135_596_801n, 0],
    [315_576_000_000n, 0],
  ];
  return pairs.map(([seconds, nanos]) => [`${seconds} s ${nanos} ns`, make(seconds, nanos)]);
}

function nested(levels: number): JsonObject {
  let inner: JsonObject = {};
  for (let level = 1; level < levels; level += 1) inner = { a: inner };
  return inner;
}
