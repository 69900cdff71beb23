import { type Expected, type Row, row } from "./row.ts";

const token = (name: string, fields: object, expected: Expected) =>
  row(name, "TokenService/CreateToken", { token: { displayName: "a", ...fields } }, expected);
const project = (name: string, method: string, body: object, expected: Expected) =>
  row(name, `ProjectService/${method}`, body, expected);

/** Malformed requests about projects, members and the tokens of one study. */
export const projectRows: readonly Row[] = [
  token(
    "a share link to no study",
    { kind: "TOKEN_KIND_SHARE_LINK" },
    { field: "token.study", message: /is empty: a share link is for one study/ },
  ),
  token(
    "a share link that may work",
    { kind: "TOKEN_KIND_SHARE_LINK", study: "good", scopes: ["SCOPE_WORK"] },
    { field: "token.scopes", message: /a share link only reads/ },
  ),
  token("a token of a kind that does not exist", { kind: 9 }, { field: "token.kind", message: /9/ }),
  token(
    "a token for a study that is not there",
    { study: "nowhere" },
    { code: "not_found", reason: "STUDY_NOT_FOUND", message: /no study "nowhere"/ },
  ),
  token(
    "a token for a study of another project",
    { study: "projects/other/studies/good" },
    { code: "not_found", reason: "STUDY_NOT_FOUND", message: /no project "other"/ },
  ),
  token(
    "a token for what is no study",
    { study: "a/b" },
    { field: "token.study", message: /"a\/b" is no study/ },
  ),
  token(
    "a negative cap on asks",
    { maxAsks: -1 },
    { field: "token.max_asks", message: /-1 is not accepted/ },
  ),
  row(
    "rotating a token that does not exist",
    "TokenService/RotateToken",
    { name: "projects/default/tokens/987654321" },
    { code: "not_found", reason: "TOKEN_NOT_FOUND", message: /no token 987654321/ },
  ),
  row(
    "an overlap of a year",
    "TokenService/RotateToken",
    { name: "projects/default/tokens/1", overlap: "31536000s" },
    { field: "overlap", message: /31536000s is not accepted/ },
  ),
  project(
    "a project made by a token",
    "CreateProject",
    { projectId: "x" },
    { code: "permission_denied", reason: "TOKEN_SCOPE", message: /for people who are signed in/ },
  ),
  project(
    "a project that is none",
    "GetProject",
    { name: "default" },
    { field: "name", message: /"default" is no project: expected projects/ },
  ),
  project(
    "a project of others",
    "GetProject",
    { name: "projects/other" },
    { code: "not_found", reason: "PROJECT_NOT_FOUND", message: /no project "other"/ },
  ),
  project(
    "deleting the project that every installation has",
    "DeleteProject",
    { name: "projects/default" },
    { code: "failed_precondition", reason: "PROJECT_NEEDED", message: /every installation has it/ },
  ),
  project(
    "changing a project's name",
    "UpdateProject",
    { project: { name: "projects/default" }, updateMask: "name" },
    { field: "update_mask", message: /"name": expected display_name/ },
  ),
  project(
    "a project's display name of 101 characters",
    "UpdateProject",
    { project: { displayName: "x".repeat(101) }, updateMask: "displayName" },
    { field: "project.display_name", message: /at most 100/ },
  ),
  project(
    "a member in no role",
    "AddMember",
    { user: "a@example.org" },
    { field: "role", message: /must be one of ROLE_VIEWER/ },
  ),
  project(
    "a member whom nobody knows",
    "AddMember",
    { user: "a@example.org", role: "ROLE_VIEWER" },
    { code: "not_found", reason: "MEMBER_NOT_FOUND", message: /nobody who has signed in is "a@example.org"/ },
  ),
  project(
    "a member beyond 2^53",
    "UpdateMember",
    { name: `projects/default/members/${"9".repeat(30)}`, role: "ROLE_VIEWER" },
    { field: "name", message: /is no member: expected projects/ },
  ),
  project(
    "removing who is no member",
    "RemoveMember",
    { name: "projects/default/members/987654321" },
    { code: "not_found", reason: "MEMBER_NOT_FOUND", message: /no member 987654321/ },
  ),
  project(
    "a page token of members that is none",
    "ListMembers",
    { pageToken: "x" },
    { field: "page_token", message: /not one that this method answered/ },
  ),
  project(
    "a negative page of audit entries",
    "ListAuditEntries",
    { pageSize: -1 },
    { field: "page_size", message: /-1 is not accepted/ },
  ),
  project(
    "audit entries of an actor that is none",
    "ListAuditEntries",
    { actor: "users/ada" },
    { field: "actor", message: /"users\/ada"/ },
  ),
  row(
    "a negative page of workers",
    "TrialService/ListWorkers",
    { pageSize: -1 },
    { field: "page_size", message: /-1 is not accepted/ },
  ),
  row(
    "workers of a project that is none",
    "TrialService/ListWorkers",
    { parent: "default" },
    { field: "parent", message: /"default" is no project: expected projects/ },
  ),
];
