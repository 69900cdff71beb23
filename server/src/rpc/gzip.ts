import { Code, ConnectError } from "@connectrpc/connect";
import { compressionGzip } from "@connectrpc/connect-node";
import type { Compression } from "@connectrpc/connect/protocol";

/** gzip as connect-node has it, except that whatever is no gzip is the client's error, and is said to be that. */
export const gzip: Compression = {
  name: compressionGzip.name,
  compress: (bytes) => compressionGzip.compress(bytes),
  async decompress(bytes, readMaxBytes) {
    try {
      return await compressionGzip.decompress(bytes, readMaxBytes);
    } catch (error) {
      const known = ConnectError.from(error);
      if (known.code !== Code.Internal && known.code !== Code.InvalidArgument) throw known;
      const message = `the message is no gzip, or not all of it: ${known.rawMessage}`;
      throw new ConnectError(message, Code.InvalidArgument, undefined, undefined, error);
    }
  },
};
