import { expect, test } from "vitest";
import { addressKey } from "./address-key.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["2001:db8::7:1", "2001:db8:0:0"],
  ["2001:0DB8:0000:0001:1:2:3:4", "2001:db8:0:1"],
  ["::1", "0:0:0:0"],
  ["2001:db8:1:2::", "2001:db8:1:2"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::ffff:192.0.2.7", "0:0:0:0"],
  ["no address", "no address"],
])("%s is counted as %s", (address, key) => {
  expect(addressKey(address)).toBe(key);
});
