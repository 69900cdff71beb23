import { type Duration, durationMs } from "@bufbuild/protobuf/wkt";
import type { HandlerContext } from "@connectrpc/connect";

/** What is left of a call's deadline for the answer, and for its way to the client, ms. */
const answerMs = 2_000;

/**
 * How long a call may wait that was asked to wait up to some time, ms: its answer, that there was nothing to wait for, must come before its
 * deadline, which the server sets where the client has named none.
 */
export function waitWithin(
  { timeoutMs }: Pick<HandlerContext, "timeoutMs">,
  asked: Duration | undefined,
): number {
  if (asked === undefined) return 0;
  return Math.max(0, Math.min(durationMs(asked), (timeoutMs() ?? Infinity) - answerMs));
}
