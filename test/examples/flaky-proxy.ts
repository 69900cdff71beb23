import { type Server, createServer, request } from "node:http";
import { type AddressInfo } from "node:net";
import { once } from "node:events";

export interface FlakyProxy {
  readonly url: string;
  /** How many answers it has lost. */
  lost(): number;
  close(): Promise<void>;
}

/**
 * An HTTP proxy in front of `target` that passes every request on but cuts the connection instead of passing on each `every`th answer:
 * the server has done its part, the client cannot know.
 */
export async function startFlakyProxy(target: string, every: number): Promise<FlakyProxy> {
  let answers = 0;
  let lost = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const { method, headers, url = "/" } = incoming;
    const passed = request(new URL(url, target), { method, headers, agent: false }, (answer) => {
      answers += 1;
      if (answers % every === 0) {
        // Only once the server has answered completely.
        answer.resume().on("end", () => {
          lost += 1;
          incoming.socket.destroy();
        });
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => incoming.socket.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lost: () => lost,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
