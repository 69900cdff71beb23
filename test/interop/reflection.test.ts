import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import {
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from "@asktell/proto/grpc/reflection/v1/reflection_pb";
import { Health, HealthCheckResponse_ServingStatus as Status } from "@asktell/proto/health/v1/health_pb";
import {
  type FileRegistry,
  type MessageInitShape,
  create,
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptions_IdempotencyLevel as Idempotency,
} from "@bufbuild/protobuf/wkt";
import { Client, credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isUnary } from "../support/method-kinds.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { call } from "../support/call.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { bufCurl } from "./command-client.ts";
import { unaryCaller } from "./grpc-js.ts";

const database = useTestPostgres();
const services = [StudyService, TrialService, AnalysisService, TokenService];
const server = useTestServer(() => startTestServer({ env: { DATABASE_URL: database.url } }));
let client: Client;
beforeAll(async () => {
  client = new Client(server.address, credentials.createInsecure());
  const parameters = [{ name: "x", real: { low: 0, high: 1 } }];
  await call(server, "StudyService/CreateStudy", { studyId: "s", study: { parameters } });
  const plane = [...parameters, { name: "y", real: { low: 0, high: 1 } }];
  await call(server, "StudyService/CreateStudy", { studyId: "plane", study: { parameters: plane } });
  await call(server, "TrialService/AskTrials", { study: "s" });
  await call(server, "TrialService/TellTrial", { trial: "s/trials/0", values: [0.5] });
});
afterAll(async () => {
  client.close();
});

describe("buf curl, with no proto file and no token, learns", () => {
  const run = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(...bufCurl(args), { cwd: "/" });
    return stdout.trim().split("\n");
  };

  test("the services", async () => {
    const names = services.map(({ typeName }) => typeName);
    expect(await run("--list-services", server.url)).toEqual(
      expect.arrayContaining([...names, "grpc.health.v1.Health"]),
    );
  });

  test("every method", async () => {
    const names = services.flatMap(({ typeName, methods }) =>
      methods.map(({ name }) => `${typeName}/${name}`),
    );
    expect(await run("--list-methods", server.url)).toEqual(expect.arrayContaining(names));
  });
});

describe("gRPC's own client, with no proto file but reflection's and no token,", () => {
  /** Asks over one stream, as grpcurl does. */
  function reflect(
    questions: readonly MessageInitShape<typeof ServerReflection.method.serverReflectionInfo.input>[],
  ) {
    const { input, output } = ServerReflection.method.serverReflectionInfo;
    return new Promise<ServerReflectionResponse[]>((resolve, reject) => {
      const answers: ServerReflectionResponse[] = [];
      const stream = client.makeBidiStreamRequest<ServerReflectionRequest, ServerReflectionResponse>(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        (message) => Buffer.from(toBinary(input, message)),
        (bytes) => fromBinary(output, bytes),
      );
      stream.on("data", (answer: ServerReflectionResponse) => answers.push(answer));
      stream.on("error", reject);
      stream.on("end", () => resolve(answers));
      for (const question of questions) stream.write(create(input, question));
      stream.end();
    });
  }

  async function schema(): Promise<{ names: string[]; registry: FileRegistry }> {
    const [list] = await reflect([{ messageRequest: { case: "listServices", value: "" } }]);
    if (list?.messageResponse.case !== "listServicesResponse") throw new Error("no list of services");
    const names = list.messageResponse.value.service.map(({ name }) => name);
    const answers = await reflect(
      names.map((value) => ({ messageRequest: { case: "fileContainingSymbol", value } })),
    );
    const files = new Map<string, FileDescriptorProto>();
    for (const { messageResponse } of answers) {
      if (messageResponse.case !== "fileDescriptorResponse") throw new Error("no file");
      for (const bytes of messageResponse.value.fileDescriptorProto) {
        const file = fromBinary(FileDescriptorProtoSchema, bytes);
        files.set(file.name, file);
      }
    }
    // Needs every import before the file that imports it.
    const sorted: FileDescriptorProto[] = [];
    const visit = (file: FileDescriptorProto | undefined): void => {
      if (file === undefined || sorted.includes(file)) return;
      file.dependency.forEach((name) => visit(files.get(name)));
      sorted.push(file);
    };
    files.forEach(visit);
    return { names, registry: createFileRegistry(create(FileDescriptorSetSchema, { file: sorted })) };
  }

  test("finds every service with all of its methods and messages", async () => {
    const { names, registry } = await schema();
    expect(names).toEqual(expect.arrayContaining(services.map(({ typeName }) => typeName)));
    for (const { typeName, methods } of services) {
      const found = registry.getService(typeName);
      expect(found?.methods.map(({ name }) => name)).toEqual(methods.map(({ name }) => name));
      for (const { name, input } of methods) {
        const fields = found?.methods.find((method) => method.name === name)?.input.fields;
        expect(fields?.map((field) => field.name)).toEqual(input.fields.map((field) => field.name));
      }
    }
  });

  test("makes a call by what it found", async () => {
    const { registry } = await schema();
    const method = registry.getService("asktell.v1.StudyService")?.method["getStudy"];
    if (method === undefined || !isUnary(method)) throw new Error("GetStudy is not there");
    const call = unaryCaller(client, server.token);
    const answer = await call(method, fromJson(method.input, { study: "s" }));
    expect(toJson(method.output, answer)).toMatchObject({
      study: {
        name: "projects/default/studies/s",
        parameters: [{ name: "x" }],
        trialCounts: { completed: 1 },
      },
    });
  });

  test("checks the health of the server and of each service", async () => {
    const call = unaryCaller(client, "none-is-needed");
    for (const service of ["", ...services.map(({ typeName }) => typeName)]) {
      expect(await call(Health.method.check, { service })).toMatchObject({ status: Status.SERVING });
    }
    await expect(call(Health.method.check, { service: "no.Such" })).rejects.toMatchObject({ code: 5 });
  });
});

describe("a plain GET reads by every method without side effects:", () => {
  const requests: Readonly<Record<string, object>> = {
    GetStudy: { study: "s" },
    ListStudies: { pageSize: 1 },
    ListBestTrials: { study: "s" },
    GetTrial: { trial: "s/trials/0" },
    ListTrials: { study: "s", filter: "values.value < 1" },
    FindTrials: { study: "s", filter: "values.value < 1" },
    ListWorkers: {},
    GetImportances: { study: "s" },
    GetSlices: { study: "s", parameters: ["x"] },
    GetContour: { study: "plane", x: "x" },
    SampleTrials: { study: "s", size: 10 },
    GetDistribution: { study: "s" },
    GetProgress: { study: "s" },
    GetParetoFront: { study: "s" },
    GetExpectations: { study: "s" },
    GetPruningSavings: { study: "s" },
    ListHints: { study: "s" },
    ListTokens: {},
  };
  const readable = services
    .flatMap(({ methods }) => methods)
    .filter(({ idempotency }) => idempotency === Idempotency.NO_SIDE_EFFECTS);

  test("there are no others than tested here", () => {
    expect(readable.map(({ name }) => name).toSorted()).toEqual(Object.keys(requests).toSorted());
  });

  test.each(readable)("$name", async ({ name, parent }) => {
    const message = encodeURIComponent(JSON.stringify(requests[name]));
    const path = `/${parent.typeName}/${name}?connect=v1&encoding=json&message=${message}`;
    const byHeader = await fetch(server.url + path, { headers: { authorization: `Bearer ${server.token}` } });
    expect(byHeader.status).toBe(200);
    const byPath = await fetch(`${server.url}/t/${server.token}${path}`);
    expect(await byPath.json()).toEqual(await byHeader.json());
    expect(byPath.headers.get("cache-control")).toContain("no-store");
    expect((await fetch(server.url + path)).status).toBe(401);
  });

  test("and by no other", async () => {
    for (const { name, parent, methodKind, idempotency } of services.flatMap(({ methods }) => methods)) {
      if (idempotency === Idempotency.NO_SIDE_EFFECTS || methodKind !== "unary") continue;
      const response = await fetch(
        `${server.url}/${parent.typeName}/${name}?connect=v1&encoding=json&message={}`,
      );
      expect(response.status, name).toBe(405);
    }
  });
});
