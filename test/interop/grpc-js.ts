import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import {
  type DescMethodUnary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  create,
  fromBinary,
  toBinary,
} from "@bufbuild/protobuf";
import { Client, type ChannelCredentials, type ChannelOptions, Metadata, credentials } from "@grpc/grpc-js";
import type { TestServer } from "../support/server.ts";
import { type InteropClient, clientOf } from "./client.ts";

/** gRPC's own library for Node, which shares no code with Connect. */
export function grpcJsClient(
  server: TestServer,
  security: ChannelCredentials = credentials.createInsecure(),
  options: ChannelOptions = {},
): InteropClient {
  const client = new Client(server.address, security, options);
  const call = unaryCaller(client, server.token);
  const { askTrials, reportTrial, tellTrial, getTrial } = TrialService.method;
  return clientOf(
    "grpc-js",
    {
      askTrials: (request) => call(askTrials, request),
      reportTrial: (request) => call(reportTrial, request),
      tellTrial: (request) => call(tellTrial, request),
      getTrial: (request) => call(getTrial, request),
    },
    () => client.close(),
  );
}

/** Calls any unary method of the stubs through a client that knows none of them. */
export function unaryCaller(client: Client, token: string) {
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  return <I extends DescMessage, O extends DescMessage>(
    { parent, name, input, output }: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest<MessageShape<I>, MessageShape<O>>(
        `/${parent.typeName}/${name}`,
        (message) => Buffer.from(toBinary(input, message)),
        (bytes) => fromBinary(output, bytes),
        create(input, request),
        metadata,
        { deadline: Date.now() + 30_000 },
        (error, answer) => {
          if (error !== null) reject(error);
          else if (answer === undefined) reject(new Error(`${name} answered nothing`));
          else resolve(answer);
        },
      );
    });
}
