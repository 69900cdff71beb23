import { parentPort, workerData } from "node:worker_threads";
import { createMirrors } from "./mirrors.ts";
import type { Answer, Request } from "./messages.ts";
import { perform } from "./tasks.ts";

/** The program of a worker thread: answers one request after the other, from its mirrors of the studies. */
if (parentPort === null) throw new Error("this program runs as a worker thread");
const port = parentPort;
const mirrors = createMirrors((workerData as { maxBytes: number }).maxBytes);

function answer({ update, name, args }: Request): Answer {
  try {
    const mirror = mirrors.update(update);
    if (mirror === undefined) return { kind: "lost" };
    return { kind: "done", result: perform(name, mirror, args) };
  } catch (error) {
    return { kind: "failed", error };
  }
}

port.on("message", (request: Request) => port.postMessage(answer(request)));
