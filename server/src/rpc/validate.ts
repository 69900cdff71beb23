import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { pathToString } from "@bufbuild/protobuf/reflect";
import type { Interceptor } from "@connectrpc/connect";
import { invalid } from "../studies/errors.ts";
import { describeViolation } from "./describe-violation.ts";
import { findBadTexts } from "./texts.ts";

const validator = createValidator();

/**
 * Compiles the rules of messages, which costs about 0.1 s a type the first time: done before the first call has to wait for it.
 */
export function warmUp(
  schemas: readonly DescMessage[],
  empty: (schema: DescMessage) => MessageShape<DescMessage>,
): void {
  for (const schema of schemas) validator.validate(schema, empty(schema));
}

/** @throws StudyError INVALID_REQUEST that names every field whose rule in the proto does not hold */
export function validate<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): void {
  const badTexts = findBadTexts(schema, message);
  if (badTexts.length > 0) throw invalid(badTexts);
  const result = validator.validate(schema, message);
  if (result.kind === "valid") return;
  if (result.kind === "error") throw result.error;
  throw invalid(
    result.violations.map((violation) => ({
      field: pathToString(violation.field),
      description: describeViolation(message, violation),
    })),
  );
}

/** Checks every request message against the rules in its proto, before the use case sees it. */
export const validateRequests: Interceptor = (next) => async (request) => {
  if (!request.stream) validate(request.method.input, request.message);
  if (!request.stream) return next(request);
  const { message, method } = request;
  async function* checked() {
    for await (const item of message) {
      validate(method.input, item);
      yield item;
    }
  }
  return next({ ...request, message: checked() });
};
