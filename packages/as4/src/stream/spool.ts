import { createCipheriv, createDecipheriv, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { As4Fault } from '../faults.ts'
import { randomBytes } from '../random.ts'
import { release } from './pieces.ts'

/** Octets that lie in the spool, under a key that only this object has. */
export interface SpooledFile {
  length: number
  /** The octets from the first, as often as one likes. */
  read: () => AsyncIterable<Uint8Array>
}

// Larger pieces are more garbage than is collected in time, smaller ones a call into the file system each.
const PIECE_BYTES = 32 * 1024
// Of no use to anybody but this process: confidentiality is all that is asked of it, what is read was written by us.
const CIPHER = 'aes-128-ctr'
const KEY_BYTES = 16
// Each key is used for one file, from its first octet.
const COUNTER = Buffer.alloc(16)
const NAME = /^as4-(\d+)-[0-9a-f-]{36}$/

/**
 * Files of one message in a directory that the caller chose. Nobody else may read them, what is on disk is encrypted
 * with a key that is never written, and all go together.
 */
export class Spool {
  readonly #directory: string
  readonly #paths: string[] = []
  readonly #writing = new Set<Promise<SpooledFile>>()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Writes one file. Rejects with what the source rejects with; faults: `spool-failed`, with the cause. */
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
    const path = join(this.#directory, `as4-${process.pid}-${randomUUID()}`)
    const key = randomBytes(KEY_BYTES)
    const cipher = createCipheriv(CIPHER, key, COUNTER)
    const file = await orFault(open(path, 'wx', 0o600))
    this.#paths.push(path)
    let length = 0
    try {
      for await (const piece of source) {
        const encrypted = cipher.update(piece)
        await orFault(writeAll(file, encrypted))
        release(encrypted)
        length += piece.length
      }
    } finally {
      await file.close()
    }
    return { length, read: () => readEncrypted(path, key) }
  }

  /** Removes every file, those that are being written when their sources have ended. Does not reject when one is gone. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#writing)
    await Promise.all(this.#paths.splice(0).map((path) => rm(path, { force: true })))
  }
}

/**
 * Makes a directory for spools ready, open to nobody else if it is not there yet, and removes what processes that have
 * ended left in it. Faults: `spool-failed`.
 */
export function prepareSpool(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(directory)) {
      const pid = NAME.exec(name)?.[1]
      const path = join(directory, name)
      if (pid !== undefined && isLeft(path, Number(pid))) rmSync(path, { force: true })
    }
  } catch (error) {
    throw spoolFailed(error)
  }
}

// In a container every process has the same number: there only its age tells a file of ours from one that was left.
function isLeft(path: string, pid: number): boolean {
  if (pid === process.pid) {
    const found = statSync(path, { throwIfNoEntry: false })
    return found !== undefined && found.mtimeMs < performance.timeOrigin
  }
  try {
    return !process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

async function* readEncrypted(path: string, key: Uint8Array): AsyncGenerator<Uint8Array> {
  const decipher = createDecipheriv(CIPHER, key, COUNTER)
  const file = await open(path)
  try {
    // One buffer for all pieces: what is left to the garbage collector adds up to more than a stream needs.
    const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES)
      if (bytesRead === 0) return
      yield decipher.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten
}

async function orFault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw spoolFailed(error)
  }
}

function spoolFailed(cause: unknown): As4Fault {
  return new As4Fault('spool-failed', `The spool cannot be used: ${(cause as Error).message}`, { cause })
}
