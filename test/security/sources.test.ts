import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { type Credentials, type Stack, migrated, startStack, transportOf } from "./stack.ts";
import { specOfTest } from "./studies.ts";

/* Who may begin a study from an earlier one: whoever may read that one, in whatever project. */

const database = useTestPostgres(migrated);
let stack: Stack;
let owner: Credentials;
let projectId: number;
const earlier = "projects/lab/studies/earlier";

beforeAll(async () => {
  stack = await startStack(database.connection);
  const user = await stack.newUser("owner");
  owner = { user };
  projectId = (await stack.identity.createProject({ name: "lab", displayName: "Lab", adminId: user })).id;
  await stack.studies.create(specOfTest(projectId, "earlier"));
  await createClient(TrialService, transportOf(stack, owner)).importTrials({
    study: earlier,
    trials: [{ params: { x: 0.25, y: 0.75 }, values: [1] }],
  });
});
afterAll(() => stack.close());

const parameters = [{ name: "x", domain: { case: "real", value: { low: 0, high: 1 } } }] as const;

/** What a caller's own study takes over, or the refusal. */
async function begin(caller: Credentials, studyId: string, parent = "", source = earlier) {
  const client = createClient(StudyService, transportOf(stack, caller));
  const study = { parameters: [...parameters], sources: [{ study: source }] };
  const created = await client
    .createStudy({ parent, studyId, study })
    .catch((error: unknown) => ConnectError.from(error));
  return created instanceof ConnectError ? created : created.study?.sources;
}

test("a reader of the earlier study may begin from it in a project of their own", async () => {
  const viewer = await stack.newUser("viewer");
  await stack.identity.addMember(projectId, String(viewer), "viewer");
  expect(await begin({ user: viewer }, "mine")).toMatchObject([{ study: earlier, trials: 1 }]);
});

test("a stranger is told what they are told of any project that they do not see, whether the study exists or not", async () => {
  const stranger = await stack.newUser("stranger");
  for (const study of [earlier, "projects/lab/studies/none", "projects/none/studies/none"]) {
    const refused = await begin({ user: stranger }, "theirs", "", study);
    const project = study.split("/")[1];
    expect(refused).toMatchObject({
      code: Code.NotFound,
      rawMessage: `study.sources[0].study: there is no project "${project}", or you are no member of it`,
    });
  }
  const client = createClient(StudyService, transportOf(stack, { user: stranger }));
  expect((await client.listStudies({})).studies).toEqual([]);
});

test("a token sees its own project's studies and no others", async () => {
  const theirs = (await stack.identity.getProject("owner")).id;
  const token = async (id: number, study?: string) => ({
    token: (
      await stack.identity.createToken({
        projectId: id,
        displayName: "t",
        scopes: ["edit"],
        ...(study && { study }),
      })
    ).secret,
  });
  expect(await begin(await token(projectId), "by-token")).toMatchObject([{ study: earlier }]);
  expect(await begin(await token(theirs), "by-token")).toMatchObject({ code: Code.NotFound });
});
