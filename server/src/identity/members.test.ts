import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { AppUser } from "../store/entities/index.ts";
import { migrate } from "../store/migrate.ts";
import { type Orm, createOrm } from "../store/orm.ts";
import { type Identity, createIdentity } from "./index.ts";

const log = { info: () => {}, warn: () => {} };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});

/** Two replicas on one database. */
const orms: Orm[] = [];
const replicas: Identity[] = [];
const clock = { skip: 0 };
let people = 0;

beforeAll(async () => {
  for (let i = 0; i < 2; i++) {
    const orm = await createOrm({ connection: database.connection });
    orms.push(orm);
    const groupRoles = [{ group: "lab", project: "shared", role: "admin" }] as const;
    replicas.push(createIdentity({ orm, log, groupRoles, now: () => Date.now() + clock.skip }));
  }
});
afterAll(async () => {
  for (const replica of replicas) await replica.stop();
  for (const orm of orms) await orm.close();
});

const first = () => replicas[0]!;
const second = () => replicas[1]!;

async function newUser(email = "", emailVerified = true): Promise<number> {
  people++;
  const row = {
    issuer: "test",
    subject: String(people),
    displayName: `user ${people}`,
    email,
    emailVerified,
  };
  const id = Number(await orms[0]!.em.fork().insert(AppUser, row));
  await first().personalProject({ id, suggestedName: "user", displayName: "" });
  return id;
}

let owner: number;
let projectId: number;
let name: string;
beforeEach(async () => {
  owner = await newUser();
  name = `project-${people}`;
  projectId = (await first().createProject({ name, displayName: "P", adminId: owner })).id;
});

const rolesOf = async () =>
  (await second().listMembers({ projectId })).members.map(({ userId, role, groupRole }) => [
    userId,
    role,
    groupRole,
  ]);
const reason = (expected: string) => expect.objectContaining({ reason: expected });

test("its maker is admin; others come by number or by a verified address, whatever its case", async () => {
  const kim = await newUser("Kim@example.org");
  const lee = await newUser();
  await newUser("unverified@example.org", false);
  await first().addMember(projectId, "kim@EXAMPLE.org", "worker");
  await first().addMember(projectId, String(lee), "viewer");
  expect(await rolesOf()).toEqual([
    [owner, "admin", undefined],
    [kim, "worker", undefined],
    [lee, "viewer", undefined],
  ]);
  for (const stranger of ["unverified@example.org", "nobody@example.org", "999999", "", "' or 1=1"]) {
    await expect(first().addMember(projectId, stranger, "admin")).rejects.toEqual(reason("MEMBER_NOT_FOUND"));
  }
});

test("an address that two people have names neither", async () => {
  await newUser("twin@example.org");
  await newUser("TWIN@example.org");
  await expect(first().addMember(projectId, "twin@example.org", "viewer")).rejects.toThrow(
    "name one by number",
  );
});

test("a change of role reaches this replica at once and others within 5 seconds", async () => {
  const kim = await newUser();
  await first().addMember(projectId, String(kim), "worker");
  const scopeOn = async (replica: Identity) => (await replica.principalOfUser(kim)).access.get(name)?.scope;
  expect([await scopeOn(first()), await scopeOn(second())]).toEqual(["work", "work"]);
  await first().updateMember(projectId, kim, "editor");
  expect(await scopeOn(first())).toBe("edit");
  await first().removeMember(projectId, kim);
  expect(await scopeOn(first())).toBeUndefined();
  clock.skip += 5_000;
  expect(await scopeOn(second())).toBeUndefined();
  await expect(first().updateMember(projectId, kim, "admin")).rejects.toEqual(reason("MEMBER_NOT_FOUND"));
  await expect(first().removeMember(projectId, kim)).rejects.toEqual(reason("MEMBER_NOT_FOUND"));
});

test("the last admin stays, also when two admins leave at the same time", async () => {
  await expect(first().removeMember(projectId, owner)).rejects.toEqual(reason("LAST_ADMIN"));
  await expect(first().updateMember(projectId, owner, "editor")).rejects.toEqual(reason("LAST_ADMIN"));
  await first().updateMember(projectId, owner, "admin");
  for (let round = 0; round < 5; round++) {
    const other = await newUser();
    await first().addMember(projectId, String(other), "admin");
    const leaving = await Promise.allSettled([
      first().removeMember(projectId, owner),
      second().updateMember(projectId, other, "viewer"),
    ]);
    expect(leaving.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await rolesOf()).filter(([, role]) => role === "admin")).toHaveLength(1);
    await first().addMember(projectId, String(owner), "admin");
    await first().removeMember(projectId, other);
  }
});

test("what groups give stays when what an admin gave is taken, and counts as an admin", async () => {
  const shared = (await first().createProject({ name: "shared", displayName: "", adminId: owner })).id;
  const kim = await newUser();
  await first().applyGroups(kim, ["lab"]);
  await first().removeMember(shared, owner);
  await first().addMember(shared, String(kim), "viewer");
  await first().removeMember(shared, kim);
  const { members } = await first().listMembers({ projectId: shared });
  expect(members).toMatchObject([{ userId: kim, role: "admin", groupRole: "admin" }]);
});

test("members are listed page by page", async () => {
  const users = [owner];
  for (let i = 0; i < 4; i++) {
    users.push(await newUser());
    await first().addMember(projectId, String(users.at(-1)), "viewer");
  }
  const page = await first().listMembers({ projectId, pageSize: 3 });
  const rest = await first().listMembers({ projectId, pageToken: page.nextPageToken });
  expect([...page.members, ...rest.members].map(({ userId }) => userId)).toEqual(users);
  expect([page.members.length, rest.nextPageToken]).toEqual([3, ""]);
  await expect(first().listMembers({ projectId, pageToken: "x" })).rejects.toMatchObject({
    field: "page_token",
  });
});

test("a project's name is taken once, by whomever", async () => {
  await expect(second().createProject({ name, displayName: "", adminId: await newUser() })).rejects.toEqual(
    reason("PROJECT_EXISTS"),
  );
});

test("a project is deleted with its tokens once it has no study; the default one and people's own stay", async () => {
  const { secret } = await first().createToken({ projectId, displayName: "t" });
  const study = "insert into study (project_id, name, uid) values (?, 's', gen_random_uuid())";
  await orms[0]!.em.fork().execute(study, [projectId]);
  await expect(first().deleteProject(name)).rejects.toEqual(reason("PROJECT_NOT_EMPTY"));
  await orms[0]!.em.fork().execute("delete from study where project_id = ?", [projectId]);
  await first().deleteProject(name);
  await expect(first().getProject(name)).rejects.toThrow("no project");
  clock.skip += 5_000;
  await expect(first().authenticate(secret, { address: "", isRead: true })).rejects.toMatchObject({
    reason: "TOKEN_INVALID",
  });
  const own = (await first().principalOfUser(owner)).project.name;
  for (const kept of ["default", own]) {
    await expect(first().deleteProject(kept)).rejects.toEqual(reason("PROJECT_NEEDED"));
  }
});
