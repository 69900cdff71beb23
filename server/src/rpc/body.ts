import { Code, ConnectError } from "@connectrpc/connect";

/** A request body that fails when it has not arrived as a whole in time. */
export function boundBody(body: AsyncIterable<Uint8Array>, timeoutMs: number): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const chunks = body[Symbol.asyncIterator]();
      const late = Promise.withResolvers<never>();
      late.promise.catch(() => undefined);
      const timer = setTimeout(() => {
        const message = `the request message did not arrive within ${timeoutMs} ms`;
        late.reject(new ConnectError(message, Code.DeadlineExceeded));
      }, timeoutMs).unref();
      return {
        async next() {
          const chunk = await Promise.race([chunks.next(), late.promise]);
          if (chunk.done === true) clearTimeout(timer);
          return chunk;
        },
        async return(value?: unknown) {
          clearTimeout(timer);
          return (await chunks.return?.(value)) ?? { done: true, value };
        },
      };
    },
  };
}

/** A body that can be looked at again when it turns out to be no message. */
export function keepText(body: AsyncIterable<Uint8Array>): {
  body: AsyncIterable<Uint8Array>;
  text: () => string;
} {
  const chunks: Uint8Array[] = [];
  async function* kept(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      chunks.push(chunk);
      yield chunk;
    }
  }
  return { body: kept(), text: () => Buffer.concat(chunks).toString() };
}
