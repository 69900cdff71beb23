import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { Role } from "@asktell/proto/asktell/v1/access_pb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { type Credentials, type Stack, migrated, startStack, transportOf } from "./stack.ts";
import { specOfTest } from "./studies.ts";

/* What was taken is taken everywhere within 5 seconds, from streams that are open as well. */

const database = useTestPostgres(migrated);
let here: Stack;
let there: Stack;
let projectId: number;
let admin: number;

beforeAll(async () => {
  [here, there] = await Promise.all([startStack(database.connection), startStack(database.connection)]);
  admin = await here.newUser("admin");
  projectId = (await here.identity.createProject({ name: "lab", displayName: "", adminId: admin })).id;
  await here.studies.create(specOfTest(projectId, "s"));
});
afterAll(() => Promise.all([here?.close(), there?.close()]));

const study = "projects/lab/studies/s";

/** Watches a busy study at the other replica; the code that ends it, and how long after `take` was answered, seconds. */
async function endAfter(
  credentials: Credentials,
  take: () => Promise<unknown>,
): Promise<{ code: Code; seconds: number }> {
  const client = createClient(StudyService, transportOf(there, credentials, "grpc"));
  const busy = setInterval(() => {
    const seed = { params: { x: Math.random(), y: Math.random() }, attributes: {} };
    void there.studies.enqueue({ projectId, name: "s" }, [seed], "").catch(() => {});
  }, 200);
  let takenAt = Infinity;
  let events = 0;
  try {
    for await (const _event of client.watchStudy({ study })) {
      if (++events === 3) {
        await take();
        takenAt = performance.now();
      }
    }
    throw new Error("the stream ended as if nothing were");
  } catch (error) {
    return { code: ConnectError.from(error).code, seconds: (performance.now() - takenAt) / 1_000 };
  } finally {
    clearInterval(busy);
  }
}

test("a stream by a token that is revoked elsewhere ends", async () => {
  const { secret, token } = await here.identity.createToken({
    projectId,
    displayName: "t",
    scopes: ["read"],
  });
  const { code, seconds } = await endAfter({ token: secret }, () =>
    here.identity.revokeToken({ projectId, id: token.id }),
  );
  expect(code).toBe(Code.Unauthenticated);
  // 5 seconds, and the time until the next event on a machine that does other things.
  expect(seconds).toBeLessThan(120);
});

test("a stream by a person whose role is taken elsewhere ends as if the study did not exist", async () => {
  const viewer = await here.newUser("viewer");
  const projects = createClient(ProjectService, transportOf(here, { user: admin }));
  const { member } = await projects.addMember({
    parent: "projects/lab",
    user: String(viewer),
    role: Role.VIEWER,
  });
  const { code, seconds } = await endAfter({ user: viewer }, () =>
    projects.removeMember({ name: member?.name ?? "" }),
  );
  expect(code).toBe(Code.NotFound);
  expect(seconds).toBeLessThan(120);
});
