import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type DescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { Plugin } from "vite";

/** Number of buf.validate's extensions of fields, oneofs and messages. */
const RULES = 1159;

/**
 * Leaves the validation rules out of the descriptors that our stubs carry: the server checks them. Saves 1 kB gzip, since options compress
 * badly in base64; leaving out the error details that the page never reads saves another. What is left goes into the page's files as the bytes
 * that it is, which saves 3 kB more: base64 hides from gzip what repeats.
 */
export function withoutRules(): Plugin {
  return {
    name: "without-rules",
    transform(code, id) {
      if (!/gen\/ts\/src\/(asktell|google\/rpc)\/.*_pb\.ts/.test(id)) return undefined;
      return {
        code: code.replace(
          /fileDesc\("([^"]+)"/,
          (_, text: string) => `fileDesc(btoa(${JSON.stringify(stripped(text))})`,
        ),
        map: null,
      };
    },
  };
}

/** The descriptor, a character a byte. */
function stripped(text: string): string {
  const file = fromBinary(FileDescriptorProtoSchema, Buffer.from(text, "base64"));
  file.messageType.forEach(strip);
  // Stubs find messages by their places, so those of error details that the page never reads stay, but empty.
  if (file.package === "google.rpc") file.messageType.forEach(empty);
  return Buffer.from(toBinary(FileDescriptorProtoSchema, file)).toString("latin1");
}

/** The error details that the page reads. */
const read = new Set(["ErrorInfo", "BadRequest"]);

function empty(message: DescriptorProto): void {
  if (read.has(message.name ?? "")) return;
  message.field = [];
  message.nestedType.forEach(empty);
}

function strip(message: DescriptorProto): void {
  for (const part of [message, ...message.field, ...message.oneofDecl]) {
    if (part.options === undefined) continue;
    part.options.$unknown = part.options.$unknown?.filter(({ no }) => no !== RULES) ?? [];
    if (part.options.$unknown.length === 0 && ownOptions(part) === 0) delete part.options;
  }
  message.nestedType.forEach(strip);
}

/** How many options of its own a part has, besides extensions. */
function ownOptions({ options }: { options?: object | undefined }): number {
  return Object.entries(options ?? {}).filter(
    ([name, value]) =>
      !name.startsWith("$") && (Array.isArray(value) ? value.length > 0 : value !== undefined),
  ).length;
}
