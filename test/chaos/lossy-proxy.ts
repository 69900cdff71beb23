import { once } from "node:events";
import { Agent, type IncomingMessage, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** An answer that a server gave and its client never saw. */
export interface LostAnswer {
  /** Such as `TellTrial`. */
  readonly procedure: string;
  readonly status: number;
  readonly request: string;
  readonly answer: string;
}

export interface LossyProxy {
  readonly url: string;
  /** Where requests go; undefined refuses them, as a server that is down does. */
  target: string | undefined;
  /** Answers passed on or lost. */
  readonly answered: number;
  readonly lost: readonly LostAnswer[];
  close(): Promise<void>;
}

/**
 * An HTTP proxy that passes every request on, reads the whole answer, and then, for a share of them, closes the client's connection
 * instead of passing the answer on: the server has done its part, and the client cannot know.
 *
 * @param lossRate - share of the answers that are lost
 * @param random - numbers in [0, 1)
 */
export async function startLossyProxy(lossRate: number, random: () => number): Promise<LossyProxy> {
  const agent = new Agent({ keepAlive: true });
  const lost: LostAnswer[] = [];
  let answered = 0;
  let target: string | undefined;

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url = "/" } = incoming;
    // Answers as they are, so that whoever looks at the lost ones can read them.
    const { "accept-encoding": _unread, ...headers } = incoming.headers;
    const body = await buffer(incoming);
    if (target === undefined) throw new Error("the server is down");
    const passed = request(new URL(url, target), { method, headers, agent });
    passed.end(body);
    const [answer] = (await once(passed, "response")) as [IncomingMessage];
    const content = await buffer(answer);
    answered++;
    const { statusCode: status = 500 } = answer;
    if (random() < lossRate) {
      const procedure = url.slice(url.lastIndexOf("/") + 1);
      lost.push({ procedure, status, request: body.toString(), answer: content.toString() });
      outgoing.destroy();
      return;
    }
    outgoing.writeHead(status, answer.headers).end(content);
  }

  const server = createServer((incoming, outgoing) => {
    // A server that dies takes its clients' connections with it.
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost,
    get target() {
      return target;
    },
    set target(url) {
      target = url;
    },
    get answered() {
      return answered;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, "close");
    },
  };
}
