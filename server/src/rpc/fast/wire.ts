import {
  type DescMessage,
  type Message,
  fromBinary,
  fromJsonString,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import type { JsonReadOptions, JsonWriteOptions } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus, errorToJsonBytes } from "@connectrpc/connect/protocol-connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { encodeGrpcMessage } from "../../http/grpc-message.ts";
import type { NodeRequest, NodeResponse } from "../../http/node-types.ts";

/** How one call's messages travel. */
export interface Wire {
  readonly protocolName: string;
  /** Throws for bytes that are no such message. */
  read(bytes: Buffer, schema: DescMessage): Message;
  write(res: NodeResponse, schema: DescMessage, message: Message): void;
  fail(res: NodeResponse, error: ConnectError): void;
}

export interface WireOptions {
  readonly json: Partial<JsonReadOptions & JsonWriteOptions>;
}

/** The wire of a request that is as plain as most are; undefined for any other, which Connect serves. */
export type WireOf = (req: NodeRequest) => Wire | undefined;

export function createWires({ json }: WireOptions): WireOf {
  const grpc = grpcWire();
  const connectJson = connectWire("application/json", {
    errors: json,
    read: (bytes, schema) => fromJsonString(schema, utf8.decode(bytes), json),
    write: (schema, message) => Buffer.from(toJsonString(schema, message, json)),
  });
  const connectProto = connectWire("application/proto", {
    errors: json,
    read: (bytes, schema) => fromBinary(schema, bytes),
    write: (schema, message) => toBinary(schema, message),
  });
  return (req) => {
    if (req.method !== "POST") return undefined;
    const { headers } = req;
    switch (headers["content-type"]) {
      case "application/grpc":
      case "application/grpc+proto":
        // gRPC needs trailers, which HTTP/1 clients rarely read; Connect explains that.
        return req.httpVersionMajor === 2 && isPlain(headers["grpc-encoding"]) ? grpc : undefined;
      case "application/json":
        return isPlain(headers["content-encoding"]) ? connectJson : undefined;
      case "application/proto":
        return isPlain(headers["content-encoding"]) ? connectProto : undefined;
      default:
        return undefined;
    }
  };
}

// Otherwise what is no UTF-8 would be stored as replacement characters.
const utf8 = new TextDecoder("utf-8", { fatal: true });

function isPlain(encoding: string | string[] | undefined): boolean {
  return encoding === undefined || encoding === "identity";
}

interface Codec {
  /** How details of errors, which are JSON in any case, are written. */
  readonly errors: Partial<JsonWriteOptions>;
  read(bytes: Buffer, schema: DescMessage): Message;
  write(schema: DescMessage, message: Message): Uint8Array;
}

/** https://connectrpc.com/docs/protocol#unary-rpcs */
function connectWire(contentType: string, codec: Codec): Wire {
  return {
    protocolName: "connect",
    read: codec.read,
    write(res, schema, message) {
      const body = codec.write(schema, message);
      send(res, 200, { "content-type": contentType, "content-length": String(body.byteLength) }, body);
    },
    fail(res, error) {
      const body = errorToJsonBytes(error, codec.errors);
      const headers: Record<string, string> = { "content-type": "application/json" };
      for (const [name, value] of error.metadata) headers[name] = value;
      send(
        res,
        codeToHttpStatus(error.code),
        { ...headers, "content-length": String(body.byteLength) },
        body,
      );
    },
  };
}

const prefixBytes = 5;

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: one message, uncompressed, after five bytes of prefix. */
function grpcWire(): Wire {
  return {
    protocolName: "grpc",
    read(bytes, schema) {
      if (
        bytes.length < prefixBytes ||
        bytes[0] !== 0 ||
        bytes.readUInt32BE(1) !== bytes.length - prefixBytes
      ) {
        throw new RangeError("not one uncompressed message");
      }
      return fromBinary(schema, bytes.subarray(prefixBytes));
    },
    write(res, schema, message) {
      const content = toBinary(schema, message);
      const body = Buffer.allocUnsafe(prefixBytes + content.byteLength);
      body[0] = 0;
      body.writeUInt32BE(content.byteLength, 1);
      body.set(content, prefixBytes);
      res.setHeader("content-type", "application/grpc+proto");
      res.addTrailers({ "grpc-status": "0" });
      res.end(body);
    },
    fail(res, error) {
      const trailers = setTrailerStatus(new Headers(), error);
      const headers: Record<string, string> = { "content-type": "application/grpc+proto" };
      for (const [name, value] of trailers) headers[name] = value;
      // A response without a message carries its status in the headers.
      send(res, 200, { ...headers, "grpc-message": encodeGrpcMessage(error.rawMessage) });
    },
  };
}

/** Sends a whole answer; headers that were set before stay. */
function send(
  res: NodeResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body?: Uint8Array,
): void {
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (body === undefined) res.end();
  else res.end(body);
}
