import { expect, test } from "vitest";
import { rpcError } from "./errors.ts";
import { fitMessage } from "./fit-details.ts";

/** What the error adds to the trailers of a gRPC answer, bytes: clients read 8 KiB. */
function trailerBytes(text: string): number {
  const problems = Array.from({ length: 300 }, (_, index) => ({
    field: `trials[${index}].params.${text}`,
    description: `${text} is not accepted`,
  }));
  const message = `${problems[0]?.field}: ${problems[0]?.description} (and 299 more)`;
  const { rawMessage, details } = rpcError("INVALID_REQUEST", message, {
    problems,
    metadata: { difference: text },
  });
  return (
    encodeURIComponent(rawMessage).length + JSON.stringify(details.map((d) => "value" in d && d.value)).length
  );
}

test("an error fits into what a gRPC client reads, whatever the request held", () => {
  expect(trailerBytes("x".repeat(1_000_000))).toBeLessThan(7_000);
  expect(trailerBytes("数".repeat(1_000_000))).toBeLessThan(7_000);
});

test("a long path does not push what is wrong there out of the message", () => {
  const field = "x".repeat(1_000);
  const message = fitMessage(`${field}: 7 is not accepted`, { field, description: "7 is not accepted" });
  expect(message).toMatch(/^x+…: 7 is not accepted$/);
});

test("a short message stays as it is", () => {
  expect(fitMessage("no study ü 😀")).toBe("no study ü 😀");
});
