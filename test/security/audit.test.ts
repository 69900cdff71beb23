import { create } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";
import { Role, Scope } from "@asktell/proto/asktell/v1/access_pb";
import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { isAudited, targetOf } from "../../server/src/rpc/audit.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { type Stack, migrated, startStack, transportOf } from "./stack.ts";
import { specOfTest } from "./studies.ts";

const database = useTestPostgres(migrated);
let stack: Stack;
let admin: number;
let editor: number;
let projects: Client<typeof ProjectService>;

beforeAll(async () => {
  stack = await startStack(database.connection);
  admin = await stack.newUser("admin");
  editor = await stack.newUser("editor");
  projects = createClient(ProjectService, transportOf(stack, { user: admin }));
  await projects.createProject({ projectId: "lab" });
  await projects.addMember({ parent: "projects/lab", user: "Editor@Example.org", role: Role.EDITOR });
});
afterAll(() => stack.close());

const entriesOf = async (parent: string) =>
  (await projects.listAuditEntries({ parent })).entries.map(
    ({ actor, actorName, method, target, address, outcome }) =>
      [actor, actorName, method.replace("asktell.v1.", ""), target, address, outcome].join(" "),
  );

test("each change leaves one row with who, what, where from and how it ended; what workers do with their trials leaves none", async () => {
  const transport = transportOf(stack, { user: editor });
  const studies = createClient(StudyService, transport);
  const trials = createClient(TrialService, transport);
  const parameters = [{ name: "x", domain: { case: "real", value: { low: 0, high: 1 } } }] as const;
  const study = "projects/lab/studies/s";
  await studies.createStudy({ parent: "projects/lab", studyId: "s", study: { parameters: [...parameters] } });
  const { trials: asked } = await trials.askTrials({ study });
  await trials.tellTrial({ trial: asked[0]?.name ?? "", values: [1] });
  const { trials: waiting } = await trials.enqueueTrials({ study, trials: [{}] });
  const trial = waiting[0]?.name ?? "";
  await trials.updateTrial({
    trial: { name: trial, attributes: { why: "a hunch" } },
    updateMask: { paths: ["attributes"] },
  });
  await trials.editTrial({ trial, params: { x: 0.5 } });
  await trials.cancelTrial({ trial });
  await studies.pauseStudy({ study });
  await studies.deleteStudy({ study, force: true }).catch(() => {});
  await studies.getStudy({ study });
  const tokens = createClient(TokenService, transportOf(stack, { user: admin }));
  const { token, secret } = await tokens.createToken({
    parent: "projects/lab",
    token: { displayName: "ci" },
  });
  const asToken = createClient(StudyService, transportOf(stack, { token: secret }));
  await asToken.finishStudy({ study }).catch(() => {});

  const user = (id: number, name: string) => `users/${id} ${name}`;
  const here = "127.0.0.1";
  expect((await entriesOf("projects/lab")).toReversed()).toEqual([
    `${user(admin, "admin")} ProjectService/AddMember projects/lab/members/Editor@Example.org ${here} ok`,
    `${user(editor, "editor")} StudyService/CreateStudy projects/lab/studies/s ${here} ok`,
    `${user(editor, "editor")} TrialService/EnqueueTrials ${study} ${here} ok`,
    `${user(editor, "editor")} TrialService/UpdateTrial ${study}/trials/1 ${here} ok`,
    `${user(editor, "editor")} TrialService/EditTrial ${study}/trials/1 ${here} ok`,
    `${user(editor, "editor")} TrialService/CancelTrial ${study}/trials/1 ${here} ok`,
    `${user(editor, "editor")} StudyService/PauseStudy ${study} ${here} ok`,
    `${user(editor, "editor")} StudyService/DeleteStudy ${study} ${here} permission_denied`,
    `${user(admin, "admin")} TokenService/CreateToken ${token?.name} ${here} ok`,
  ]);
  expect(JSON.stringify(await entriesOf("projects/lab"))).not.toContain(secret.slice(3));
  expect(token?.name).toContain("projects/lab/tokens/");
  // A project that is being made has no log yet: its maker's own has the row.
  expect(await entriesOf("projects/admin")).toEqual([
    `${user(admin, "admin")} ProjectService/CreateProject projects/lab ${here} ok`,
  ]);
});

test("what the server names itself stands in its row by that name, however little the request said", async () => {
  const { secret } = await createClient(TokenService, transportOf(stack, { user: admin })).createToken({
    parent: "projects/lab",
    token: { displayName: "ci", scopes: [Scope.MANAGE] },
  });
  const transport = transportOf(stack, { token: secret });
  const { study } = await createClient(StudyService, transport).createStudy({
    study: { parameters: [{ name: "x", domain: { case: "real", value: { low: 0, high: 1 } } }] },
  });
  const { token } = await createClient(TokenService, transport).createToken({
    token: { displayName: "next" },
  });
  expect(study?.name).toMatch(/^projects\/lab\/studies\/./);
  const { entries } = await projects.listAuditEntries({ parent: "projects/lab", pageSize: 2 });
  expect(entries.map(({ target }) => target)).toEqual([token?.name, study?.name]);
});

test("a stranger's attempts do not fill the log of a project that they may not know of", async () => {
  const stranger = await stack.newUser("stranger");
  const theirs = createClient(StudyService, transportOf(stack, { user: stranger }));
  const before = await entriesOf("projects/lab");
  await expect(theirs.deleteStudy({ study: "projects/lab/studies/s" })).rejects.toThrow("not_found");
  expect(await entriesOf("projects/lab")).toEqual(before);
});

test("the log is read page by page, newest first, by admins only", async () => {
  const all = await entriesOf("projects/lab");
  const first = await projects.listAuditEntries({ parent: "projects/lab", pageSize: 2 });
  const rest = await projects.listAuditEntries({ parent: "projects/lab", pageToken: first.nextPageToken });
  expect([...first.entries, ...rest.entries]).toHaveLength(all.length);
  expect(rest.nextPageToken).toBe("");
  const asEditor = createClient(ProjectService, transportOf(stack, { user: editor }));
  await expect(asEditor.listAuditEntries({ parent: "projects/lab" })).rejects.toThrow("permission_denied");
  await expect(projects.listAuditEntries({ parent: "projects/lab", pageToken: "x" })).rejects.toThrow(
    "page_token",
  );
});

test("the log is filtered by actor, method and outcome, and a page of what is found leads to the next", async () => {
  const parent = "projects/lab";
  const found = async (filter: { actor?: string; method?: string; outcome?: string }) =>
    (await projects.listAuditEntries({ parent, ...filter })).entries.map(
      ({ actor, method, outcome }) => `${actor} ${method.split("/")[1] ?? ""} ${outcome}`,
    );
  const actor = `users/${editor}`;
  expect(await found({ actor, outcome: "ok" })).toEqual([
    `${actor} PauseStudy ok`,
    `${actor} CancelTrial ok`,
    `${actor} EditTrial ok`,
    `${actor} UpdateTrial ok`,
    `${actor} EnqueueTrials ok`,
    `${actor} CreateStudy ok`,
  ]);
  expect(await found({ outcome: "refused" })).toEqual([`${actor} DeleteStudy permission_denied`]);
  expect(await found({ outcome: "permission_denied", method: "DeleteStudy" })).toHaveLength(1);
  expect(await found({ method: "asktell.v1.StudyService/PauseStudy" })).toEqual([`${actor} PauseStudy ok`]);
  expect(await found({ actor: "command-line" })).toEqual([]);
  const first = await projects.listAuditEntries({ parent, actor, pageSize: 6 });
  const rest = await projects.listAuditEntries({ parent, actor, pageToken: first.nextPageToken });
  expect(rest.entries.map(({ method }) => method)).toEqual(["asktell.v1.StudyService/CreateStudy"]);
  await expect(projects.listAuditEntries({ parent, actor: "Editor" })).rejects.toThrow("actor");
});

test("a change whose row cannot be written is not made, and a row stays without outcome where it cannot be completed", async () => {
  const { id: projectId } = await stack.identity.getProject("lab");
  await stack.studies.create(specOfTest(projectId, "kept"));
  const attempt = { caller: undefined, projectId, method: "m", target: "t\0", address: "" };
  await stack.identity.audited(
    attempt,
    () => Promise.resolve(),
    () => "",
  );
  await expect(
    stack.identity.audited(
      { ...attempt, projectId: Number.NaN },
      () => stack.studies.delete({ projectId, name: "kept" }, true),
      () => "",
    ),
  ).rejects.toThrow();
  expect((await stack.studies.get({ projectId, name: "kept" })).name).toBe("kept");
  const failing = stack.identity.audited(
    attempt,
    () => Promise.reject(new Error("broken")),
    () => "internal",
  );
  await expect(failing).rejects.toThrow("broken");
  const { entries } = await projects.listAuditEntries({ parent: "projects/lab", pageSize: 2 });
  expect(entries.map(({ actor, target, outcome }) => [actor, target, outcome])).toEqual([
    ["command-line", "t", "internal"],
    ["command-line", "t", "ok"],
  ]);
});

const methods = [ProjectService, StudyService, TrialService, AnalysisService, TokenService].flatMap(
  (service) => service.methods,
);

test("what is audited follows from the protos", () => {
  expect(methods.filter(isAudited).map(({ name }) => name)).toEqual([
    "CreateProject",
    "UpdateProject",
    "DeleteProject",
    "AddMember",
    "UpdateMember",
    "RemoveMember",
    "CreateStudy",
    "UpdateStudy",
    "DeleteStudy",
    "PauseStudy",
    "ResumeStudy",
    "FinishStudy",
    "EnqueueTrials",
    "ImportTrials",
    "UpdateTrial",
    "EditTrial",
    "CancelTrial",
    "CreateToken",
    "RotateToken",
    "RevokeToken",
  ]);
});

it.each(methods.filter(isAudited).map((method) => [method.name, method] as const))(
  "%s says what it is about",
  (_name, { input }) => {
    const named: Record<string, unknown> = {};
    for (const { localName, fieldKind, message } of input.fields) {
      if (fieldKind === "scalar") named[localName] = "projects/a";
      else if (fieldKind === "message" && message.fields.some(({ name }) => name === "name")) {
        named[localName] = { name: "projects/a" };
      }
    }
    const scalars = Object.fromEntries(
      Object.entries(named).filter(([key]) =>
        /^(name|parent|study|trial|project|token|projectId|user)$/.test(key),
      ),
    );
    expect(targetOf(create(input, scalars as never))).toContain("projects/a");
  },
);
