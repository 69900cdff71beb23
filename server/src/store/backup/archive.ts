import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import tar from "tar-stream";

/** Writes a `.tar.gz` part by part. */
export interface ArchiveWriter {
  /** Resolves when the disk has kept up, so that a slow one holds the caller back instead of filling memory. */
  add(name: string, content: Buffer): Promise<void>;
  /** Flushes it to the disk and gives it its name. */
  finish(): Promise<void>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

/**
 * Starts an archive. It has another name until it is whole, so a file with the name that was asked for is a whole
 * archive; one that is there already is not overwritten.
 */
export async function createArchive(target: string): Promise<ArchiveWriter> {
  if ((await stat(target).catch(() => undefined)) !== undefined) throw new Error(`${target} exists already`);
  const partial = `${target}.partial`;
  const pack = tar.pack();
  // It holds what the database holds, hashes of tokens included: for its owner's eyes only.
  const file = createWriteStream(partial, { mode: 0o600, flush: true });
  const written = pipeline(pack, createGzip(), file);
  // Whoever adds or finishes hears of the failure.
  written.catch(() => {});
  return {
    async add(name, content) {
      try {
        const added = new Promise<void>((resolve, reject) => {
          pack.entry({ name, size: content.byteLength }, content, (error) =>
            error ? reject(error) : resolve(),
          );
        });
        await Promise.race([added, written]);
      } catch (error) {
        // An entry fails because the file did; that failure is the one to tell.
        pack.destroy();
        await written;
        throw error;
      }
    },
    async finish() {
      pack.finalize();
      await written;
      await rename(partial, target);
    },
    async abandon() {
      pack.destroy();
      await written.catch(() => {});
      await rm(partial, { force: true });
    },
  };
}

export interface ArchivePart {
  readonly name: string;
  readonly content: AsyncIterable<Buffer>;
}

/** Reads the parts in order; each content must be read to its end before the next part is asked for. */
export async function* readArchive(source: string): AsyncGenerator<ArchivePart> {
  const extract = tar.extract();
  const read = pipeline(createReadStream(source), createGunzip(), extract);
  read.catch(() => {});
  try {
    for await (const entry of rephrase(source, extract)) {
      // Streamx leaves the type of its chunks open; these come out of gunzip.
      yield { name: entry.header.name, content: rephrase(source, entry as AsyncIterable<Buffer>) };
    }
    await read.catch((error: unknown) => {
      throw damage(source, error);
    });
  } finally {
    extract.destroy();
  }
}

/** Reads a small content whole. */
export async function readAll(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Passes everything on, and an error with the name of the file. */
async function* rephrase<T>(source: string, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    throw damage(source, error);
  }
}

function damage(source: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const isTheFileSystems = error instanceof Error && "syscall" in error;
  const what = isTheFileSystems ? "cannot be read" : "is damaged, incomplete or no backup";
  return new Error(`${source} ${what}: ${reason}`, { cause: error });
}
