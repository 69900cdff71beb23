import { fc } from "../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { encodeGrpcMessage } from "./grpc-message.ts";

test("printable ASCII stays as it is, but for the percent sign", () => {
  expect(encodeGrpcMessage("no study: projects/a, 100 %")).toBe("no study: projects/a, 100 %25");
});

test("any text becomes printable ASCII, and can be decoded again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const encoded = encodeGrpcMessage(text);
      expect(encoded).toMatch(/^[\x20-\x7e]*$/);
      expect(decodeURIComponent(encoded)).toBe(text.toWellFormed());
    }),
  );
});

test("half of a surrogate pair, which no UTF-8 has, does not throw", () => {
  expect(encodeGrpcMessage("\ud800")).toBe("%EF%BF%BD");
});
