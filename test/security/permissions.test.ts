import { type DescMethod, type DescService, getOption, hasOption } from "@bufbuild/protobuf";
import { Role, Scope, people_only as peopleOnly, scope } from "@asktell/proto/asktell/v1/access_pb";
import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { neededScope } from "../../server/src/rpc/gate.ts";
import { scopes } from "../../server/src/identity/index.ts";
import { isServerStreaming, isUnary } from "../support/method-kinds.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { specOfTest } from "./studies.ts";
import { type Credentials, type Stack, migrated, startStack, transportOf } from "./stack.ts";

const services: readonly DescService[] = [
  ProjectService,
  StudyService,
  TrialService,
  AnalysisService,
  TokenService,
];
const methods = services.flatMap((service) => service.methods);

const database = useTestPostgres(migrated);
let stack: Stack;
const callers = new Map<string, Credentials>();
let projectId: number;
let victim: number;

const people = ["viewer", "worker", "editor", "admin"] as const;
const tokens = ["read token", "work token", "edit token", "manage token"] as const;
const outsiders = [
  "stranger",
  "stranger's token",
  "token of another study",
  "link to another study",
] as const;
const everybody = [...people, ...tokens, ...outsiders, "token of the study", "link to the study", "nobody"];

beforeAll(async () => {
  stack = await startStack(database.connection);
  const { identity, studies } = stack;
  const owner = await stack.newUser("owner");
  projectId = (await identity.createProject({ name: "lab", displayName: "Lab", adminId: owner })).id;
  for (const role of people) {
    const user = await stack.newUser(role);
    await identity.addMember(projectId, String(user), role);
    callers.set(role, { user });
  }
  victim = await stack.newUser("victim");
  for (const [index, name] of tokens.entries()) {
    const { secret } = await identity.createToken({ projectId, displayName: name, scopes: [scopes[index]!] });
    callers.set(name, { token: secret });
  }
  const stranger = await stack.newUser("stranger");
  callers.set("stranger", { user: stranger });
  const theirs = (await identity.getProject("stranger")).id;
  const { secret } = await identity.createToken({ projectId: theirs, displayName: "t", scopes: ["manage"] });
  callers.set("stranger's token", { token: secret });
  await studies.create(specOfTest(projectId, "other"));
  for (const [name, kind, study] of [
    ["token of another study", "token", "other"],
    ["link to another study", "link", "other"],
  ] as const) {
    const made = await identity.createToken({ projectId, displayName: name, kind, study });
    callers.set(name, { token: made.secret });
  }
  callers.set("nobody", {});
});

afterAll(() => stack.close());

/** What a call is about: made anew for each, as many of them leave it changed or gone. */
interface Things {
  readonly study: string;
  readonly trial: string;
  readonly leaseToken: string;
  readonly waiting: string;
  readonly token: string;
  readonly member: string;
  readonly project: string;
  readonly number: number;
}

let made = 0;
async function makeThings(): Promise<Things> {
  const { identity, studies } = stack;
  const number = ++made;
  const name = `s${number}`;
  const ref = { projectId, name };
  await studies.create(specOfTest(projectId, name));
  const { trials } = await studies.ask(ref, {
    count: 2,
    worker: "w",
    requestId: "",
    fixed: {},
    leaseSeconds: 60,
    resume: false,
    maxWaitMs: 0,
  });
  await studies.tell(ref, {
    number: 1,
    leaseToken: "",
    values: [1],
    metrics: {},
    state: undefined,
    failure: "",
    requestId: "",
  });
  await studies.enqueue(ref, [{ params: {}, attributes: {} }], "");
  const { token } = await identity.createToken({ projectId, displayName: name });
  await identity.addMember(projectId, String(victim), "viewer");
  return {
    study: `projects/lab/studies/${name}`,
    trial: `projects/lab/studies/${name}/trials/0`,
    leaseToken: trials[0]?.leaseToken ?? "",
    waiting: `projects/lab/studies/${name}/trials/2`,
    token: `projects/lab/tokens/${token.id}`,
    member: `projects/lab/members/${victim}`,
    project: "projects/lab",
    number,
  };
}

const inStudy = ({ study }: Things) => ({ study });
const trialOf = ({ trial, leaseToken }: Things) => ({ trial, leaseToken });
const parent = ({ project }: Things) => ({ parent: project });
const space = { parameters: [{ name: "x", domain: { case: "real", value: { low: 0, high: 1 } } }] };

/** A request that is acceptable, for each method; a method without one fails the test below. */
const requests: Readonly<Record<string, (things: Things) => Record<string, unknown>>> = {
  "ProjectService.CreateProject": ({ number }) => ({ projectId: `p${number}` }),
  "ProjectService.GetProject": ({ project }) => ({ name: project }),
  "ProjectService.ListProjects": () => ({}),
  "ProjectService.UpdateProject": ({ project }) => ({
    project: { name: project, displayName: "Laboratory" },
    updateMask: { paths: ["display_name"] },
  }),
  "ProjectService.DeleteProject": ({ project }) => ({ name: project }),
  "ProjectService.ListMembers": parent,
  "ProjectService.AddMember": (things) => ({ ...parent(things), user: String(victim), role: Role.WORKER }),
  "ProjectService.UpdateMember": ({ member }) => ({ name: member, role: Role.WORKER }),
  "ProjectService.RemoveMember": ({ member }) => ({ name: member }),
  "ProjectService.ListAuditEntries": parent,
  "TrialService.ListWorkers": parent,
  "StudyService.CreateStudy": (things) => ({
    ...parent(things),
    studyId: `new${things.number}`,
    study: space,
  }),
  "StudyService.GetStudy": inStudy,
  "StudyService.ListStudies": parent,
  "StudyService.UpdateStudy": ({ study }) => ({
    study: { name: study, note: "n" },
    updateMask: { paths: ["note"] },
  }),
  "StudyService.DeleteStudy": ({ study }) => ({ study, force: true }),
  "StudyService.PauseStudy": inStudy,
  "StudyService.ResumeStudy": inStudy,
  "StudyService.FinishStudy": inStudy,
  "StudyService.WatchStudy": inStudy,
  "StudyService.ListBestTrials": inStudy,
  "StudyService.ExportStudy": inStudy,
  "TrialService.AskTrials": inStudy,
  "TrialService.ReportTrial": (things) => ({ ...trialOf(things), step: 1, values: [1] }),
  "TrialService.RenewLease": (things) => ({ leases: [trialOf(things)] }),
  "TrialService.TellTrial": (things) => ({ ...trialOf(things), values: [1] }),
  "TrialService.EnqueueTrials": ({ study }) => ({ study, trials: [{ params: { x: 0.5 } }] }),
  "TrialService.ImportTrials": ({ study }) => ({
    study,
    trials: [{ params: { x: 0.5, y: 0.5 }, values: [1] }],
  }),
  "TrialService.GetTrial": ({ trial }) => ({ trial }),
  "TrialService.ListTrials": inStudy,
  "TrialService.FindTrials": inStudy,
  "TrialService.UpdateTrial": ({ trial }) => ({
    trial: { name: trial, attributes: { a: 1 } },
    updateMask: { paths: ["attributes"] },
  }),
  "TrialService.EditTrial": ({ waiting }) => ({ trial: waiting, params: { x: 0.25, y: 0.25 } }),
  "TrialService.CancelTrial": ({ waiting }) => ({ trial: waiting }),
  "AnalysisService.GetImportances": inStudy,
  "AnalysisService.GetSlices": inStudy,
  "AnalysisService.GetContour": ({ study }) => ({ study, x: "x", y: "y" }),
  "AnalysisService.SampleTrials": inStudy,
  "AnalysisService.GetDistribution": inStudy,
  "AnalysisService.GetProgress": inStudy,
  "AnalysisService.GetParetoFront": inStudy,
  "AnalysisService.GetExpectations": inStudy,
  "AnalysisService.GetPruningSavings": inStudy,
  "AnalysisService.ListHints": inStudy,
  "TokenService.CreateToken": (things) => ({ ...parent(things), token: { displayName: "t" } }),
  "TokenService.ListTokens": parent,
  "TokenService.RotateToken": ({ token }) => ({ name: token }),
  "TokenService.RevokeToken": ({ token }) => ({ name: token }),
};

const nameOf = (method: DescMethod): string => `${method.parent.name}.${method.name}`;

/** Methods that name no project: everybody who is somebody may call them, or only people. */
const placeless = new Set(["ProjectService.ListProjects", "ProjectService.CreateProject"]);
/** Methods on a project that a person is right to be refused for another reason than their role. */
const otherwise = new Map([["ProjectService.DeleteProject", "failed_precondition"]]);

const width: Readonly<Record<number, number>> = {
  [Scope.READ]: 1,
  [Scope.WORK]: 2,
  [Scope.EDIT]: 3,
  [Scope.MANAGE]: 4,
};

/** What the annotations of the protos say must come of a call. */
function expected(method: DescMethod, caller: string): string {
  const needed = width[getOption(method, scope)] ?? Infinity;
  const name = nameOf(method);
  const isAboutStudy =
    /"?(study|trial)/.test(JSON.stringify(Object.keys(requests[name]!(sample)))) ||
    name === "TrialService.RenewLease";
  const good = otherwise.get(name) ?? "ok";
  const isPerson = callers.get(caller)?.user !== undefined;
  if (caller === "nobody") return "unauthenticated";
  if (getOption(method, peopleOnly)) return isPerson ? good : "permission_denied";
  if (placeless.has(name)) return good;
  if (caller === "stranger" || caller === "stranger's token") return "not_found";
  const held = Math.max(people.indexOf(caller as never), tokens.indexOf(caller as never)) + 1;
  if (held > 0) return held >= needed ? good : "permission_denied";
  // Tokens for a study work in it, links read it; neither has anything to do with the project.
  const isLink = caller.startsWith("link");
  if (needed > (isLink ? 1 : 2)) return "permission_denied";
  if (!isAboutStudy || name === "StudyService.CreateStudy") return "permission_denied";
  return caller.endsWith("another study") ? "not_found" : good;
}

const sample: Things = {
  study: "s",
  trial: "t",
  leaseToken: "",
  waiting: "",
  token: "",
  member: "",
  project: "",
  number: 0,
};

async function outcome(
  method: DescMethod,
  credentials: Credentials,
  protocol: "json" | "grpc",
  things: Things,
): Promise<string> {
  const transport = transportOf(stack, credentials, protocol);
  const init = requests[nameOf(method)]!(things);
  try {
    if (isUnary(method)) await transport.unary(method, undefined, undefined, undefined, init);
    else if (isServerStreaming(method)) {
      async function* one() {
        yield init as never;
      }
      const end = new AbortController();
      const { message } = await transport.stream(method, end.signal, undefined, undefined, one());
      for await (const _first of message) break;
      end.abort();
    }
    return "ok";
  } catch (error) {
    return Code[ConnectError.from(error).code].replaceAll(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase();
  }
}

/** JSON takes the short path that workers' calls have; gRPC never does, and streams are read otherwise. */
function protocolsOf(method: DescMethod): readonly ("json" | "grpc")[] {
  return method.parent === TrialService || !isUnary(method) ? ["json", "grpc"] : ["json"];
}

test("every method of the API states who may call it, and has a request here", () => {
  for (const method of methods) {
    expect(hasOption(method, scope), nameOf(method)).toBe(true);
    expect(neededScope(method), nameOf(method)).toBeDefined();
    expect(Object.keys(requests), nameOf(method)).toContain(nameOf(method));
  }
});

it.each(methods.map((method) => [nameOf(method), method] as const))(
  "%s answers each caller as its annotation says",
  async (_name, method) => {
    const found: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const protocol of protocolsOf(method)) {
      for (const caller of everybody) {
        const things = await makeThings();
        found[`${caller} by ${protocol}`] = await outcome(
          method,
          await credentialsOf(caller, things),
          protocol,
          things,
        );
        wanted[`${caller} by ${protocol}`] = expected(method, caller);
      }
    }
    expect(found).toEqual(wanted);
  },
);

async function credentialsOf(caller: string, { study }: Things): Promise<Credentials> {
  if (!caller.endsWith(" the study")) return callers.get(caller)!;
  const kind = caller.startsWith("link") ? "link" : "token";
  const name = study.slice("projects/lab/studies/".length);
  const { secret } = await stack.identity.createToken({ projectId, displayName: caller, kind, study: name });
  return { token: secret };
}
