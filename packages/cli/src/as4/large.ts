import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  As4Fault,
  type Identity,
  type PMode,
  type SealedMessage,
  sealStream,
  sealUserMessage,
  type StreamedMessage,
} from '@corridor/as4'
import { readNamed } from './keys.ts'
import type { MessageOfFiles } from './message.ts'

/** Messages of more bytes are sealed into files, and sent from there. */
const STREAM_ABOVE = 4 * 1024 * 1024

/** What is taken when nothing has to be in memory: 2 GiB, before decompression and after. */
export const LARGE_LIMITS = { bodyBytes: 2 ** 31, unzippedBytes: 2 ** 31 }

/** How long a request with something large may take, where nothing else is said. */
export const LARGE_TIMEOUT_MS = 600_000

/**
 * Seals a message of files, a large one into the directory. What must be whole to be signed, XML and text without
 * compression, is sealed in memory whatever its size. Throws UsageError, As4Fault.
 */
export async function sealFiles(
  message: MessageOfFiles,
  pmode: PMode,
  identity: Identity,
  directory: () => string,
): Promise<SealedMessage | StreamedMessage> {
  if (message.parts.reduce((sum, { size }) => sum + size, 0) > STREAM_ABOVE) {
    const parts = message.parts.map(({ file, size: _, ...part }) => ({ ...part, content: createReadStream(file) }))
    try {
      return await sealStream({ ...message, parts }, pmode, identity, { directory: directory() })
    } catch (error) {
      if (!(error instanceof As4Fault) || error.code !== 'not-streamable') throw error
    } finally {
      for (const { content } of parts) content.destroy()
    }
  }
  const parts = message.parts.map(({ file, size: _, ...part }) => ({ ...part, bytes: readNamed(file) }))
  return sealUserMessage({ ...message, parts }, pmode, identity)
}

/** A directory for what is sent, made when it is asked for and gone when the process ends, by Ctrl-C too. */
export function passingDirectory(): () => string {
  let made: string | undefined
  return () => {
    if (made !== undefined) return made
    const directory = mkdtempSync(join(tmpdir(), 'corridor-as4-'))
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
    process.once('SIGINT', () => process.exit(130))
    process.once('SIGTERM', () => process.exit(143))
    made = directory
    return directory
  }
}
