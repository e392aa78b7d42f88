import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplicates, ReceivedMessage } from '@corridor/as4/http'
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
  write(received: ReceivedMessage): string[]
  /** Answers from the folder, so that a message has one receipt whatever was restarted. */
  duplicates: Duplicates
}

interface Record_ {
  sender: string
  digest: string
  receipt: { contentType: string; body: string }
}

/** Opens a folder, which is made when it is not there. */
export function messageFolder(folder: string): MessageFolder {
  mkdirSync(folder, { recursive: true })
  const nameFor = (messageId: string): string => join(folder, fileNameFor(messageId))
  return {
    write({ message, digest, receipt, pmode, peer }) {
      const name = nameFor(message.messageId)
      const files = message.parts.map(({ mimeType, bytes }, n) => {
        const type = mimeType.split(';', 1)[0]!.trim().toLowerCase()
        const file = `${name}.${n + 1}.${EXTENSIONS[type] ?? 'bin'}`
        writeDurably(file, bytes)
        return file
      })
      const { parts, ...header } = message
      const told = parts.map(({ bytes, ...part }, n) => ({ ...part, bytes: bytes.length, file: files[n] }))
      const kept = { contentType: receipt.contentType, body: Buffer.from(receipt.body).toString() }
      const signer = pmode.partnerCertificate?.subject
      const sender = JSON.stringify([header.from.type ?? '', header.from.id])
      const record = { ...header, parts: told, signer, from_address: peer.address, sender, digest, receipt: kept }
      writeDurably(`${name}.json`, Buffer.from(`${JSON.stringify(record, null, 2)}\n`))
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

function writeDurably(file: string, bytes: Uint8Array): void {
  const half = `${file}.part`
  const handle = openSync(half, 'w')
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(half, file)
}
