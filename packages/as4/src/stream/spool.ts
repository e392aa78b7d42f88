import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Octets in a file of the spool. */
export interface SpooledFile {
  path: string
  length: number
}

// Larger pieces cost memory for every stream under way, smaller ones a call into the file system each.
const PIECE_BYTES = 64 * 1024

/** Files of one message in a directory that the caller chose; nobody else may read them, and all go together. */
export class Spool {
  readonly #directory: string
  readonly #paths: string[] = []
  readonly #writing = new Set<Promise<SpooledFile>>()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Writes one file. Rejects with what the source or the file system rejects with. */
  async write(source: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
    const writing = this.#write(source)
    this.#writing.add(writing)
    try {
      return await writing
    } finally {
      this.#writing.delete(writing)
    }
  }

  async #write(source: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
    const path = join(this.#directory, `as4-${randomUUID()}`)
    this.#paths.push(path)
    const file = await open(path, 'wx', 0o600)
    let length = 0
    try {
      for await (const piece of source) {
        await writeAll(file, piece)
        length += piece.length
      }
    } finally {
      await file.close()
    }
    return { path, length }
  }

  /** Removes every file, those that are being written when their sources have ended. Does not reject when one is gone. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#writing)
    await Promise.all(this.#paths.splice(0).map((path) => rm(path, { force: true })))
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten
}

/** The octets of a spooled file from its start. */
export function readSpooled({ path }: SpooledFile): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>
}
