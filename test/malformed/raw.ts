import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { type Socket, connect } from "node:net";
import type { Target } from "./target.ts";

/** A bare connection, and all that the server says on it. */
export interface RawClient {
  readonly socket: Socket;
  write(bytes: string | Buffer): void;
  text(): string;
  /** Resolves with all text once the server has closed the connection. */
  closed(): Promise<string>;
}

export async function openRaw({ origin }: Target): Promise<RawClient> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString("latin1");
  socket.on("data", (chunk) => chunks.push(chunk));
  // A reset is one of the ways in which a server may close.
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(text())));
  await once(socket, "connect");
  return { socket, text, closed: () => closed, write: (bytes) => void socket.write(bytes) };
}

/** Sends bytes and returns what was answered until the server closed. */
export async function sendRaw(target: Target, bytes: string | Buffer): Promise<string> {
  const client = await openRaw(target);
  client.write(bytes);
  return client.closed();
}

export const path = "/asktell.v1.StudyService/GetStudy";

/** The head of a request for GetStudy; further header lines end with CRLF each. */
export function head({ tokens }: Target, lines: string): string {
  const fixed = `Host: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer ${tokens.manage}\r\nConnection: close\r\n`;
  return `POST ${path} HTTP/1.1\r\n${fixed}${lines}\r\n`;
}

/** The status of an HTTP/1 answer, and the message of its JSON. */
export function read(answer: string): { status: number; message: string } {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  const { message } = JSON.parse(body || "{}") as { message?: string };
  return { status, message: message ?? "" };
}

export function openHttp2({ origin }: Target): ClientHttp2Session {
  const session = connectHttp2(origin);
  // The server may end it however it likes; what matters is what it does afterwards.
  session.on("error", () => undefined);
  return session;
}

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const start = Buffer.alloc(9);
  start.writeUIntBE(payload.length, 0, 3);
  start[3] = type;
  start[4] = flags;
  start.writeUInt32BE(stream, 5);
  return Buffer.concat([start, payload]);
}

export const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
