import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Config } from "../config.ts";
import type { TlsKeyPair } from "../http/listener.ts";
import { CommandError } from "./command-error.ts";

/** Reads the certificate and its key, and makes sure that they belong together; undefined without TLS. */
export async function readTlsFiles(config: Config): Promise<TlsKeyPair | undefined> {
  const { "tls-cert": certFile, "tls-key": keyFile } = config;
  if (certFile === undefined || keyFile === undefined) return undefined;
  const cert = await read("tls-cert", certFile);
  const key = await read("tls-key", keyFile);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new CommandError(
      `tls-cert ${certFile} and tls-key ${keyFile} do not work together: ${textOf(error)}.`,
    );
  }
  return { cert, key };
}

async function read(setting: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandError(`${setting}: ${file} cannot be read: ${textOf(error)}.`);
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
