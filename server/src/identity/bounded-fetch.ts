import type { CustomFetch } from "openid-client";

/** Largest answer of an identity provider that is read. Lists of groups and of keys are some 10 kB. */
const maxBytes = 1_048_576;

/**
 * The platform's fetch for a server that is not ours: an answer may be no larger than 1 MiB, however its length is stated.
 * The time that it may take is openid-client's to bound.
 */
export const boundedFetch: CustomFetch = async (url, options) => {
  // Its bodies are URLSearchParams; the declared type is wider than what Node's types let fetch take.
  const answer = await fetch(url, options as RequestInit);
  if (answer.body === null) return answer;
  let bytes = 0;
  const bounded = answer.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) controller.error(new TypeError(`an answer of more than ${maxBytes} bytes`));
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = answer;
  return new Response(bounded, { status, statusText, headers });
};
