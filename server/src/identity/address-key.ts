import { isIPv6 } from "node:net";

/**
 * What an address is counted as: IPv4 as it is, IPv6 by its network of 64 bits, for a single machine has all addresses of that (RFC
 * 4291, section 2.5.4).
 *
 * @example addressKey("2001:db8::7:1") is "2001:db8:0:0"
 */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::", 2);
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}

/** An IPv4 address at the end takes the place of two groups. */
function groupsOf(text: string): string[] {
  if (text === "") return [];
  return text
    .split(":")
    .flatMap((group) =>
      group.includes(".") ? ["v4", "v4"] : [group.toLowerCase().replace(/^0+(?=.)|%.*$/g, "")],
    );
}
