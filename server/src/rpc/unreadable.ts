import type { DescMessage } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import { type FieldProblem, StudyError, invalid } from "../studies/errors.ts";
import { jsonProblem } from "./json-problem.ts";

/**
 * What to tell a client whose message Connect could not read; undefined when that was not the matter.
 *
 * Connect answers `internal` for binary that does not parse, as some gRPC servers do, but it is the sender's mistake: it
 * must count as no failure of this server, and nobody should send it again.
 *
 * @param input - the type that the message should have
 * @param json - its text, if it is JSON and whole
 */
export function unreadable(
  error: ConnectError,
  input: DescMessage,
  json: string | undefined,
): StudyError | undefined {
  const { code, rawMessage } = error;
  if (code === Code.Internal && rawMessage.startsWith(binaryPrefix)) {
    const reason = rawMessage.slice(binaryPrefix.length);
    return new StudyError("INVALID_REQUEST", `the request is no ${input.typeName} message: ${reason}`);
  }
  if (code === Code.InvalidArgument && rawMessage.endsWith("not valid for encoding utf-8"))
    return new StudyError("INVALID_REQUEST", `the request is no ${input.typeName} in JSON: it is not UTF-8`);
  if (code !== Code.InvalidArgument || !/^cannot decode .* from JSON/.test(rawMessage)) return undefined;
  const problem = json === undefined ? undefined : locate(input, json);
  if (problem !== undefined && problem.field !== "") return invalid([problem]);
  const reason = problem?.description ?? rawMessage.replace(/^cannot decode message \S+ from JSON: /, "");
  return new StudyError("INVALID_REQUEST", `the request is no ${input.typeName} in JSON: ${reason}`);
}

const binaryPrefix = "parse binary: ";

/** Looking for the place parses the text a few times over, during which nobody else is served. */
const maxSearched = 256 * 1024;

function locate(input: DescMessage, json: string): FieldProblem | undefined {
  if (json.length > maxSearched) return undefined;
  try {
    return jsonProblem(input, JSON.parse(json));
  } catch {
    // Not even JSON: the parser's own words say where.
    return undefined;
  }
}
