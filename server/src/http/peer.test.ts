import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { createPeerOf } from "./peer.ts";

function from(address: string, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, "remoteAddress", { value: address });
  const req = new IncomingMessage(socket);
  if (forwarded !== undefined) req.headers["x-forwarded-for"] = forwarded;
  return req;
}

test("the peer is the socket's, whatever the request says", () => {
  expect(createPeerOf()(from("203.0.113.5", "1.2.3.4"))).toBe("203.0.113.5");
  expect(createPeerOf(["10.0.0.0/8"])(from("203.0.113.5", "1.2.3.4"))).toBe("203.0.113.5");
});

test("an IPv4 client of a dual-stack socket is written as IPv4", () => {
  expect(createPeerOf()(from("::ffff:203.0.113.5"))).toBe("203.0.113.5");
});

test("a trusted proxy's word is taken, and no one's before it", () => {
  const peerOf = createPeerOf(["10.0.0.0/8", "::1"]);
  expect(peerOf(from("10.0.0.9", "203.0.113.5"))).toBe("203.0.113.5");
  expect(peerOf(from("::ffff:10.0.0.9", "203.0.113.5"))).toBe("203.0.113.5");
  expect(peerOf(from("::1", "6.6.6.6, 203.0.113.5, 10.0.0.7"))).toBe("203.0.113.5");
  expect(peerOf(from("10.0.0.9"))).toBe("10.0.0.9");
  expect(peerOf(from("10.0.0.9", "10.0.0.8"))).toBe("10.0.0.8");
  expect(peerOf(from("10.0.0.9", "not an address, 10.0.0.8"))).toBe("10.0.0.8");
});

test.each(["10.0.0.0/33", "example.org", "10.0.0.0/x", "", "::1/129", "10.0.0.0/"])(
  "%j is no range of proxies",
  (range) => {
    expect(() => createPeerOf([range])).toThrow("no IP address");
  },
);
