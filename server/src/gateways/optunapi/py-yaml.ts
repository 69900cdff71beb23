import { type ScalarTag, parseDocument } from "yaml";

/*
 * YAML 1.1 as PyYAML reads it, which is not quite YAML 1.1: `y` and `n` are texts, and good names; a float with an exponent needs a dot
 * and a sign, so that `1e-5` is a text, which a bound casts to a number and a choice keeps.
 */
const pyYaml: readonly ScalarTag[] = [
  {
    tag: "tag:yaml.org,2002:bool",
    default: true,
    test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
    resolve: (text) => /^(?:yes|true|on)$/i.test(text),
  },
  {
    tag: "tag:yaml.org,2002:float",
    default: true,
    test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|[-+]?\.[0-9][0-9_]*)[eE][-+][0-9]+$/,
    resolve: (text) => Number(text.replaceAll("_", "")),
  },
];

/** Reads a document as PyYAML's `safe_load` would. @throws Error whose first line says why it cannot be read */
export function parsePyYaml(text: string): unknown {
  const document = parseDocument(text, {
    version: "1.1",
    // As PyYAML: the last of equal keys counts.
    uniqueKeys: false,
    customTags: (tags) => [...tags.filter((tag) => !isReplaced(tag)), ...pyYaml],
  });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  // Throws, too: for too many aliases, or what is nested too deeply to be read.
  return document.toJS();
}

/** What is read as above, and dates, which stay the texts that they are. */
function isReplaced(tag: unknown): boolean {
  if (typeof tag !== "object" || tag === null || !("tag" in tag)) return false;
  const isExponent = "format" in tag && tag.format === "EXP";
  return isExponent || /:(?:bool|timestamp)$/.test(String(tag.tag));
}
