import { ServerReflection } from "@asktell/proto/grpc/reflection/v1/reflection_pb";
import { ServerReflection as ServerReflectionAlpha } from "@asktell/proto/grpc/reflection/v1alpha/reflection_pb";
import { createRegistry, toBinary } from "@bufbuild/protobuf";
import type { DescFile, DescService } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";

/** What both versions of the protocol ask; their messages differ in the package's name only. */
type Query =
  | { case: "fileByFilename" | "fileContainingSymbol" | "allExtensionNumbersOfType"; value: string }
  | { case: "fileContainingExtension"; value: { containingType: string; extensionNumber: number } }
  | { case: "listServices"; value: string }
  | { case: undefined; value?: undefined };

type Answer =
  | { case: "fileDescriptorResponse"; value: { fileDescriptorProto: Uint8Array<ArrayBuffer>[] } }
  | { case: "allExtensionNumbersResponse"; value: { baseTypeName: string; extensionNumber: number[] } }
  | { case: "listServicesResponse"; value: { service: { name: string }[] } }
  | { case: "errorResponse"; value: { errorCode: number; errorMessage: string } };

/**
 * Registers server reflection, so that grpcurl, Postman and `buf curl` need no proto files. Old clients still ask
 * for v1alpha first, hence both versions.
 *
 * @param services called at the first question, since services register after this one
 * @see https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
 */
export function registerReflection(router: ConnectRouter, services: () => readonly DescService[]): void {
  let prepared: ((query: Query) => Answer) | undefined;
  const answer = (query: Query) => (prepared ??= prepare(services()))(query);

  router.service(ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        const messageResponse = answer(request.messageRequest);
        yield { validHost: request.host, originalRequest: request, messageResponse };
      }
    },
  });
  router.service(ServerReflectionAlpha, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        const messageResponse = answer(request.messageRequest);
        yield { validHost: request.host, originalRequest: request, messageResponse };
      }
    },
  });
}

function prepare(services: readonly DescService[]): (query: Query) => Answer {
  const files = withDependencies(services.map(({ file }) => file));
  const registry = createRegistry(...files);
  const byName = new Map(files.map((file) => [file.proto.name, file]));
  const bySymbol = new Map(files.flatMap((file) => symbolsOf(file).map((symbol) => [symbol, file])));

  return (query) => {
    switch (query.case) {
      case "listServices":
        return {
          case: "listServicesResponse",
          value: { service: services.map(({ typeName }) => ({ name: typeName })) },
        };
      case "fileByFilename":
        return describeFile(byName.get(query.value), `file ${query.value}`);
      case "fileContainingSymbol":
        return describeFile(bySymbol.get(query.value.replace(/^\./, "")), `symbol ${query.value}`);
      case "fileContainingExtension": {
        const { containingType, extensionNumber } = query.value;
        const message = registry.getMessage(containingType);
        const extension = message && registry.getExtensionFor(message, extensionNumber);
        return describeFile(extension?.file, `extension ${extensionNumber} of ${containingType}`);
      }
      case "allExtensionNumbersOfType": {
        if (registry.getMessage(query.value) === undefined) return notFound(`type ${query.value}`);
        const extensionNumber = [...registry]
          .filter((type) => type.kind === "extension")
          .filter(({ extendee }) => extendee.typeName === query.value)
          .map(({ number }) => number);
        return { case: "allExtensionNumbersResponse", value: { baseTypeName: query.value, extensionNumber } };
      }
      case undefined:
        return {
          case: "errorResponse",
          value: { errorCode: Code.InvalidArgument, errorMessage: "the request asks nothing" },
        };
    }
  };
}

/** The file and all that it imports: clients need every file before they can use one. */
function describeFile(file: DescFile | undefined, wanted: string): Answer {
  if (file === undefined) return notFound(wanted);
  const fileDescriptorProto = withDependencies([file]).map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function notFound(wanted: string): Answer {
  return { case: "errorResponse", value: { errorCode: Code.NotFound, errorMessage: `no ${wanted}` } };
}

function withDependencies(roots: readonly DescFile[]): DescFile[] {
  const seen = new Map<string, DescFile>();
  const visit = (file: DescFile): void => {
    if (seen.has(file.proto.name)) return;
    seen.set(file.proto.name, file);
    file.dependencies.forEach(visit);
  };
  roots.forEach(visit);
  return [...seen.values()];
}

/** Full names of everything that the file declares: types, services, methods, fields, enum values. */
function symbolsOf(file: DescFile): string[] {
  return [...nestedTypes(file)].flatMap((type) => {
    switch (type.kind) {
      case "service":
        return [type.typeName, ...type.methods.map(({ name }) => `${type.typeName}.${name}`)];
      case "message":
        return [type.typeName, ...type.fields.map(({ name }) => `${type.typeName}.${name}`)];
      case "enum": {
        // Values are siblings of their enum, as in C++.
        const scope = type.typeName.slice(0, type.typeName.lastIndexOf(".") + 1);
        return [type.typeName, ...type.values.map(({ name }) => scope + name)];
      }
      case "extension":
        return [type.typeName];
    }
  });
}
