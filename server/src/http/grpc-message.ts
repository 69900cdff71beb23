/**
 * Percent-encodes a status message as gRPC over HTTP/2 wants it: every byte outside of printable ASCII, and "%". It
 * must not encode more: grpc-js does not decode reserved characters, and would show "projects%2Fa" for "projects/a".
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses
 */
export function encodeGrpcMessage(message: string): string {
  return message.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]+/g, encodeURIComponent);
}
