import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { AppUser } from "../store/entities/index.ts";
import { migrate } from "../store/migrate.ts";
import { type Orm, createOrm } from "../store/orm.ts";
import { PermissionError, ProjectNotFoundError } from "./errors.ts";
import { type Identity, authorize, authorizeAnywhere, createIdentity } from "./index.ts";
import { nameFrom } from "./projects.ts";

const log = { info: () => {}, warn: () => {} };
const visit = { address: "", isRead: true };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});

let orm: Orm;
let identity: Identity;
let people = 0;
/** By how many milliseconds its clock is ahead. */
let skip = 0;

beforeAll(async () => {
  orm = await createOrm({ connection: database.connection });
  identity = createIdentity({
    orm,
    log,
    now: () => Date.now() + skip,
    groupRoles: [
      { group: "lab/ml", project: "default", role: "worker" },
      { group: "lab/ml/leads", project: "default", role: "admin" },
      { group: "guests/", project: "default", role: "viewer" },
      { group: "lab/ml", project: "nowhere", role: "admin" },
    ],
  });
});

afterAll(async () => {
  await identity.stop();
  await orm.close();
});

async function newUser(displayName = ""): Promise<number> {
  people++;
  return Number(
    await orm.em.fork().insert(AppUser, { issuer: "test", subject: String(people), displayName }),
  );
}

async function newPerson(name: string): Promise<number> {
  const id = await newUser(name);
  await identity.personalProject({ id, suggestedName: name, displayName: name });
  return id;
}

const scopeIn = async (userId: number, project: string) =>
  (await identity.principalOfUser(userId)).access.get(project)?.scope;

test("a user's own project is made once, also by two logins at the same time", async () => {
  const id = await newUser("Ada");
  const user = { id, suggestedName: "Ada Lovelace", displayName: "Ada" };
  const made = await Promise.all([1, 2, 3].map(() => identity.personalProject(user)));
  expect(new Set(made.map((project) => project.id)).size).toBe(1);
  expect(made[0]).toMatchObject({ name: "ada-lovelace", displayName: "Ada", personalOf: id });
  const principal = await identity.principalOfUser(id);
  expect(principal).toMatchObject({
    actor: { kind: "user", id },
    displayName: "Ada",
    project: { name: "ada-lovelace" },
  });
  expect(await scopeIn(id, "ada-lovelace")).toBe("manage");
  expect(await scopeIn(id, "default")).toBeUndefined();
});

test("people of the same name get projects of different names", async () => {
  const names = [];
  for (let i = 0; i < 3; i++) {
    const id = await newUser();
    names.push((await identity.personalProject({ id, suggestedName: "kim", displayName: "" })).name);
  }
  expect(names).toEqual(["kim", "kim-2", "kim-3"]);
  const [one, two] = [await newUser(), await newUser()];
  const long = "x".repeat(100);
  const first = await identity.personalProject({ id: one, suggestedName: long, displayName: "" });
  const second = await identity.personalProject({ id: two, suggestedName: long, displayName: "" });
  expect([first.name.length, second.name.length, second.name.slice(-2)]).toEqual([63, 63, "-2"]);
});

test.each([
  ["Åsa Lindström", "asa-lindstrom"],
  ["josé.garcía@example.org", "jose.garcia-example.org"],
  ["李雷", "user"],
  ["../../etc", "etc"],
  ["-_-", "user"],
])("the project of %j is called %j", (name, expected) => {
  expect(nameFrom(name)).toBe(expected);
  expect(nameFrom(name)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
});

test("groups give roles at login, and take them when they are left", async () => {
  const id = await newPerson("grace");
  await identity.applyGroups(id, ["lab/ml", "lab/ml/leads", "other"]);
  expect(await scopeIn(id, "default")).toBe("manage");
  await identity.applyGroups(id, ["lab/ml"]);
  expect(await scopeIn(id, "default")).toBe("work");
  await identity.applyGroups(id, ["guests/of/somebody"]);
  expect(await scopeIn(id, "default")).toBe("read");
  await identity.applyGroups(id, ["guests", "lab/mlx"]);
  expect(await scopeIn(id, "default")).toBeUndefined();
  expect(await scopeIn(id, "grace")).toBe("manage");
});

test("a role by hand survives the loss of groups", async () => {
  const id = await newPerson("owner");
  await identity.adoptDefaultProject(id);
  await identity.applyGroups(id, ["lab/ml"]);
  await identity.applyGroups(id, []);
  expect(await scopeIn(id, "default")).toBe("manage");
});

test("whoever has no project of their own is at home in the default one", async () => {
  const id = await newUser("laptop");
  await expect(identity.principalOfUser(id)).rejects.toThrow("not known any more");
  await identity.adoptDefaultProject(id);
  expect((await identity.principalOfUser(id)).project.name).toBe("default");
});

test("a removed user is nobody", async () => {
  await expect(identity.principalOfUser(999_999)).rejects.toThrow("not known any more");
});

test("what a caller may not know of does not exist; what it may see but not do is refused", async () => {
  const id = await newPerson("viewer");
  await identity.applyGroups(id, ["guests/x"]);
  const viewer = await identity.principalOfUser(id);
  const edit = { scope: "edit", what: "UpdateStudy" } as const;
  expect(authorize(viewer, undefined, "s", edit).project.name).toBe("viewer");
  expect(() => authorize(viewer, "default", "s", edit)).toThrow(PermissionError);
  expect(() => authorize(viewer, "ada-lovelace", "s", edit)).toThrow(ProjectNotFoundError);
  expect(authorize(viewer, "default", "s", { scope: "read", what: "GetStudy" }).scope).toBe("read");
});

test("a token for one study reaches that study alone, and nothing of the project", async () => {
  const { id: projectId } = await identity.getProject("default");
  await orm.em
    .fork()
    .execute("insert into study (project_id, name, uid) values (?, 'mnist', gen_random_uuid())", [projectId]);
  const { secret, token } = await identity.createToken({ projectId, displayName: "rented", study: "mnist" });
  expect(token.study?.name).toBe("mnist");
  const caller = await identity.authenticate(secret, visit);
  const work = { scope: "work", what: "AskTrials" } as const;
  expect(authorize(caller, "default", "mnist", work).project.id).toBe(projectId);
  expect(() => authorize(caller, undefined, "other", work)).toThrow(ProjectNotFoundError);
  expect(() => authorize(caller, undefined, undefined, { ...work, scope: "read" })).toThrow(PermissionError);
  expect(() => authorizeAnywhere(caller, { ...work, scope: "edit" })).toThrow(PermissionError);
  await expect(identity.createToken({ projectId, displayName: "x", study: "nowhere" })).rejects.toThrow(
    'no study "nowhere"',
  );
});

test("a share link reads one study, and looks like no token", async () => {
  const { id: projectId } = await identity.getProject("default");
  const link = { projectId, displayName: "paper", kind: "link", study: "mnist" } as const;
  const { secret, token } = await identity.createToken(link);
  expect(secret).toMatch(/^ats_[0-9A-Za-z]{49}$/);
  expect([token.scope, token.kind, token.hint.slice(0, 4)]).toEqual(["read", "link", "ats_"]);
  expect((await identity.authenticate(secret, visit)).actor.kind).toBe("link");
  await expect(identity.createToken({ ...link, scopes: ["work"] })).rejects.toMatchObject({
    field: "token.scopes",
  });
  await expect(identity.createToken({ ...link, study: undefined })).rejects.toMatchObject({
    field: "token.study",
  });
  await expect(identity.rotateToken({ projectId, id: token.id })).rejects.toThrow("no token");
});

test("rotation makes a token of the same rights; the old one works until the overlap ends", async () => {
  const { id: projectId } = await identity.getProject("default");
  const old = await identity.createToken({ projectId, displayName: "r", scopes: ["edit"], maxAsks: 9 });
  const next = await identity.rotateToken({ projectId, id: old.token.id, overlapSeconds: 600 });
  expect(next.token).toMatchObject({ displayName: "r", scope: "edit", maxAsks: 9, originId: old.token.id });
  for (const { secret } of [old, next])
    expect((await identity.authenticate(secret, visit)).cappedBy).toBe(old.token.id);
  await expect(identity.rotateToken({ projectId, id: old.token.id })).rejects.toThrow("rotated before");
  skip = 601_000;
  await expect(identity.authenticate(old.secret, visit)).rejects.toMatchObject({ reason: "TOKEN_REVOKED" });
  expect((await identity.authenticate(next.secret, visit)).actor.id).toBe(next.token.id);
  skip = 0;
  const at0 = await identity.rotateToken({ projectId, id: next.token.id, overlapSeconds: 0 });
  await expect(identity.authenticate(next.secret, visit)).rejects.toMatchObject({ reason: "TOKEN_REVOKED" });
  expect((await identity.authenticate(at0.secret, visit)).cappedBy).toBe(old.token.id);
});

test("the address of the last use is kept", async () => {
  const { id: projectId } = await identity.getProject("default");
  const { secret, token } = await identity.createToken({ projectId, displayName: "used" });
  await identity.authenticate(secret, { ...visit, address: "192.0.2.7" });
  await identity.flush();
  const { tokens } = await identity.listTokens({ projectId });
  expect(tokens.find(({ id }) => id === token.id)).toMatchObject({ lastUsedFrom: "192.0.2.7" });
});
