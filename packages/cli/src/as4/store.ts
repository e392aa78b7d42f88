import { mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplicates, ReceivedMessage, SpooledMessage } from '@corridor/as4/http'
import { fileNameFor } from './output.ts'

const EXTENSIONS: Record<string, string> = {
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/json': 'json',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'image/png': 'png',
  'image/jpeg': 'jpg',
}

/** A folder of received messages: payloads as files, and beside them one JSON with the header and the receipt. */
export interface MessageFolder {
  /** Writes a message, on disk when it returns; the JSON last, because it says that all is there. Returns the paths of the payloads. */
  write(received: ReceivedMessage | SpooledMessage): Promise<string[]>
  /** Answers from the folder, so that a message has one receipt whatever was restarted. */
  duplicates: Duplicates
  /** A folder in it for what is too large for memory while it comes in. */
  spool: string
  /** Ends the use of the folder: nothing is left in it but messages. */
  close(): void
}

interface Record_ {
  sender: string
  digest: string
  receipt: { contentType: string; body: string }
}

/** Opens a folder, which is made when it is not there. */
export function messageFolder(folder: string): MessageFolder {
  const spool = join(folder, '.spool')
  mkdirSync(folder, { recursive: true })
  mkdirSync(spool, { recursive: true, mode: 0o700 })
  const nameFor = (messageId: string): string => join(folder, fileNameFor(messageId))
  return {
    async write({ message, digest, receipt, pmode, peer }) {
      const name = nameFor(message.messageId)
      const { parts, ...header } = message
      const told: object[] = []
      const files: string[] = []
      for (const [n, part] of parts.entries()) {
        const type = part.mimeType.split(';', 1)[0]!.trim().toLowerCase()
        const file = `${name}.${n + 1}.${EXTENSIONS[type] ?? 'bin'}`
        const { contentId, mimeType, characterSet, properties } = part
        const bytes = await writeDurably(file, 'bytes' in part ? [part.bytes] : part.content())
        told.push({ contentId, mimeType, characterSet, properties, bytes, file })
        files.push(file)
      }
      const kept = { contentType: receipt.contentType, body: Buffer.from(receipt.body).toString() }
      const signer = pmode.partnerCertificate?.subject
      const sender = JSON.stringify([header.from.type ?? '', header.from.id])
      const record = { ...header, parts: told, signer, from_address: peer.address, sender, digest, receipt: kept }
      await writeDurably(`${name}.json`, [Buffer.from(`${JSON.stringify(record, null, 2)}\n`)])
      return files
    },
    duplicates: {
      find({ sender, messageId }) {
        const kept = readRecord(`${nameFor(messageId)}.json`)
        if (kept?.sender !== sender) return undefined
        const { contentType, body } = kept.receipt
        return { digest: kept.digest, receipt: { contentType, body: Buffer.from(body) } }
      },
    },
    spool,
    close() {
      try {
        rmdirSync(spool)
      } catch (error) {
        // Another command may be using the folder.
        if (!['ENOTEMPTY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      }
    },
  }
}

function readRecord(file: string): Record_ | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record_
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function writeDurably(file: string, source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
  const half = `${file}.part`
  const handle = await open(half, 'w')
  let length = 0
  try {
    for await (const piece of source) {
      for (let at = 0; at < piece.length;) at += (await handle.write(piece, at)).bytesWritten
      length += piece.length
    }
    await handle.sync()
    await handle.close()
    await rename(half, file)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(half, { force: true })
    throw error
  }
  return length
}
