import { Role } from "@asktell/proto/asktell/v1/access_pb";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { expect, test } from "vitest";
import { auditedMethods, methodLabel, methodsFor } from "./permissions.ts";

test("each method stands with the role that its proto names", () => {
  expect(methodsFor([TokenService], Role.ADMIN)).toEqual([
    "CreateToken",
    "ListTokens",
    "RotateToken",
    "RevokeToken",
  ]);
  expect(methodsFor([TokenService], Role.EDITOR)).toEqual([]);
  expect(methodsFor([TrialService], Role.WORKER)).toContain("AskTrials");
});

test("the audit log has what changes something, but for what workers do with their trials", () => {
  const audited = auditedMethods([ProjectService, StudyService, TrialService, TokenService]);
  expect(audited).toContain("CreateProject");
  expect(audited).toContain("DeleteStudy");
  expect(audited).toContain("RevokeToken");
  expect(audited).toContain("EnqueueTrials");
  for (const other of [
    "AskTrials",
    "ReportTrial",
    "RenewLease",
    "TellTrial",
    "ListTokens",
    "WatchStudy",
    "ExportStudy",
  ])
    expect(audited).not.toContain(other);
});

test.each([
  ["asktell.v1.StudyService/DeleteStudy", "Delete study"],
  ["ListBestTrials", "List best trials"],
  ["sign-in/link", "Sign-in: link"],
  ["hopaas/ask", "Hopaas: ask"],
  ["asktell token create", "Asktell token create"],
])("%s reads %s", (method, label) => {
  expect(methodLabel(method)).toBe(label);
});
