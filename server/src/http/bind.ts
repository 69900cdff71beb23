import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
loopback.addSubnet("::ffff:127.0.0.0", 104, "ipv6");

/** Where the server listens unless told otherwise: nobody but this machine reaches it. */
const DEFAULT_HOST = "127.0.0.1";

export interface BindSafety {
  /** A certificate is configured. */
  readonly tls: boolean;
  /** The operator said that cleartext is fine, as behind a proxy or in a trusted network. */
  readonly insecure: boolean;
}

/**
 * Refuses to offer tokens and passwords in cleartext to a network by mistake.
 * @returns the sentence to print instead of starting, or undefined when the address is fine
 */
export function checkBind(host: string, { tls, insecure }: BindSafety): string | undefined {
  if (tls || insecure || isLoopback(host)) return undefined;
  return (
    `Refusing to listen on ${host} without TLS: tokens would cross the network in cleartext. ` +
    `Give a certificate (--tls-cert FILE --tls-key FILE), or listen on ${DEFAULT_HOST} behind a proxy or an SSH ` +
    `tunnel, or say --insecure if this network is trusted.`
  );
}

/** Whether only this machine can reach the address. Names other than localhost may resolve to anything: no. */
export function isLoopback(host: string): boolean {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  if (/^localhost\.?$/i.test(bare)) return true;
  const family = isIP(bare);
  return family !== 0 && loopback.check(bare, family === 6 ? "ipv6" : "ipv4");
}
