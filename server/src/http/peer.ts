import { BlockList, isIP } from "node:net";
import type { NodeRequest } from "./node-types.ts";

/** Tells whose request this is, for limits and logs: an IP address, or "" once the socket is gone. */
export type PeerOf = (req: NodeRequest) => string;

/**
 * @param trustedProxies addresses or CIDR ranges whose X-Forwarded-For is believed. Everybody else could write
 *   any address there.
 */
export function createPeerOf(trustedProxies: readonly string[] = []): PeerOf {
  const trusted = new BlockList();
  for (const range of trustedProxies) {
    const [address = "", bits] = range.split("/", 2);
    const family = isIP(address);
    const width = family === 6 ? 128 : 32;
    // Not by Number alone: it reads "" as 0, which would trust the whole internet.
    const prefix = bits === undefined ? width : /^\d+$/.test(bits) ? Number(bits) : NaN;
    if (family === 0 || !(prefix <= width)) {
      throw new Error(`"${range}" is no IP address and no range such as 10.0.0.0/8`);
    }
    trusted.addSubnet(address, prefix, family === 6 ? "ipv6" : "ipv4");
  }
  const isTrusted = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && trusted.check(address, family === 6 ? "ipv6" : "ipv4");
  };

  return (req) => {
    const direct = plain(req.socket.remoteAddress ?? "");
    if (trustedProxies.length === 0 || !isTrusted(direct)) return direct;
    const forwarded = [req.headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
    // From the right: each trusted proxy vouches for the address that it wrote, the first other one is the client.
    let client = direct;
    for (const entry of forwarded.reverse()) {
      const address = plain(entry.trim());
      if (isIP(address) === 0) break;
      client = address;
      if (!isTrusted(address)) break;
    }
    return client;
  };
}

/** An IPv4 client of a dual-stack socket shows as ::ffff:10.0.0.1. */
function plain(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}
