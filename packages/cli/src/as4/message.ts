import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { basename, extname } from 'node:path'
import { EBMS, type Part, type PMode, type Property, type UserMessageHeader } from '@corridor/as4'
import { UsageError } from '../arguments.ts'
import { sizeOfNamed } from './keys.ts'
import type { Typed } from './options.ts'

const MIME_TYPES: Record<string, string> = {
  '.xml': 'application/xml',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
}

/** A new id of this machine, `uuid@host`. */
export function newMessageId(): string {
  const host = hostname().replaceAll(/[^A-Za-z0-9.-]/g, '-')
  return `${randomUUID()}@${host || 'localhost'}`
}

/** A message whose payloads are still in their files. */
export interface MessageOfFiles extends UserMessageHeader {
  parts: (Omit<Part, 'bytes'> & { file: string; size: number })[]
}

/** A message of the given files under a P-Mode, as the options say. Throws UsageError. */
export function composeMessage(typed: Typed, files: readonly string[], pmode: PMode): MessageOfFiles {
  const isTest = pmode.service.value === EBMS.testService
  const [only] = pmode.actions?.length === 1 ? pmode.actions : []
  const action = typed.text('action') ?? (isTest ? EBMS.testAction : only)
  if (isTest && files.length > 0)
    throw new UsageError('Give --service: files are for an application, not for the test service.')
  if (action === undefined) throw new UsageError('Give --action: what the service is asked to do.')
  const refToMessageId = typed.text('ref-to')
  return {
    messageId: typed.text('message-id') ?? newMessageId(),
    timestamp: new Date(),
    ...(refToMessageId !== undefined && { refToMessageId }),
    conversationId: typed.text('conversation') ?? '1',
    from: pmode.initiator,
    to: pmode.responder,
    service: pmode.service,
    action,
    ...(pmode.agreement && { agreement: pmode.agreement }),
    ...(pmode.mpc !== undefined && { mpc: pmode.mpc }),
    properties: typed.list('property').map(readProperty),
    parts: files.map((file, n) => readPart(file, n, typed.text('mime'))),
  }
}

function readPart(file: string, n: number, mime: string | undefined): MessageOfFiles['parts'][number] {
  const size = sizeOfNamed(file)
  const mimeType = mime ?? MIME_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream'
  const name = basename(file)
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 80)
  return { contentId: `part-${n + 1}-${name}@corridor`, mimeType, properties: [], file, size }
}

function readProperty(text: string): Property {
  const at = text.indexOf('=')
  if (at <= 0) throw new UsageError(`--property takes NAME=VALUE, not “${text}”.`)
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}
