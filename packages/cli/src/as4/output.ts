import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Wire } from '@corridor/as4'
import type { StreamedWire } from '@corridor/as4/http'
import { print } from '../print.ts'
import type { Typed } from './options.ts'

/** Says what happened: a line for people, or a JSON object. */
export type Say = (event: Record<string, unknown>, line: string) => Promise<void>

/** How this command talks. */
export function sayer(typed: Typed): Say {
  const json = typed.flag('json')
  return (event, line) => print(json ? `${JSON.stringify(event)}\n` : `${line}\n`)
}

/** Keeps messages as raw HTTP, the way `explain` reads them; does nothing without a folder. */
export function capturer(
  folder: string | undefined,
): (name: string, start: string, wire: Wire | StreamedWire) => Promise<void> {
  if (folder === undefined) return () => Promise.resolve()
  mkdirSync(folder, { recursive: true })
  let count = 0
  return async (name, start, wire) => {
    count += 1
    const file = join(folder, `${String(count).padStart(4, '0')}.${name}.raw`)
    const length = 'length' in wire ? wire.length : wire.body.length
    const head = `${start}\r\nContent-Type: ${wire.contentType}\r\nContent-Length: ${length}\r\n\r\n`
    await writeFile(file, Buffer.from(head, 'latin1'))
    await appendFile(file, 'length' in wire ? wire.body() : wire.body)
  }
}

/** A file name for an id that a stranger chose. */
export function fileNameFor(messageId: string): string {
  const plain = messageId.replaceAll(/[^A-Za-z0-9@._-]+|^\.+/g, '_').slice(0, 100)
  const same = plain === messageId
  return same ? plain : `${plain}.${createHash('sha256').update(messageId).digest('hex').slice(0, 12)}`
}

/** How many parts, for people. */
export function partsText(count: number): string {
  return count === 1 ? '1 part' : `${count} parts`
}

/** Bytes for people. */
export function sizeOf(bytes: number): string {
  return `${bytes.toLocaleString('en')} bytes`
}
