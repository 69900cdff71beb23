import { Health } from "@asktell/proto/health/v1/health_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { expect, test } from "vitest";
import { permissionsTable } from "./permissions.ts";

test("each method stands in the row of the role that it needs", () => {
  expect(permissionsTable([TokenService]).split("\n").at(-1)).toBe(
    "| admin | `manage` | CreateToken, ListTokens, RotateToken, RevokeToken |",
  );
});

test("a method that states no permission fails the build", () => {
  expect(() => permissionsTable([TokenService, Health])).toThrow(
    "grpc.health.v1.Health.Check states no permission: add option (scope)",
  );
});
