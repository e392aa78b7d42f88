import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalize, parse } from '@corridor/xml'
import { type Identity, type Part, type PMode, sealUserMessage, type UserMessage } from '@corridor/as4'
import {
  type Endpoint,
  memoryDuplicates,
  memoryPullQueue,
  type MemoryPullQueue,
  type ReceivedMessage,
  sendMessage,
  serve,
  type Taken,
} from '@corridor/as4/http'
import { AS4_FACTS, type Jvm, type Line, startJvm } from './peer.ts'
import type { Case } from './plan.ts'
import { agreementOf, fieldsOf, identityOf, phase4Options, pmodeOf } from './sides.ts'

/** Everything that runs during a run: two JVMs with phase4 and an endpoint of ours. */
export interface Scene {
  /** phase4 as `b`, which receives, and where. */
  receiver: Jvm
  receiverUrl: string
  /** phase4 as `a`, which sends, pulls and posts errors. */
  sender: Jvm
  /** Our endpoint, and how it is to answer next. */
  url: string
  ours: Ours
  /** What phase4 may pull from us. */
  queue: MemoryPullQueue
  folder: string
  log: string[]
  stop(): Promise<void>
}

/** How our endpoint answers, and what it was told. */
export interface Ours {
  identity: Identity
  findPMode: (messageId: string) => PMode | undefined
  findPullPMode: (mpc: string) => PMode | undefined
  onMessage: (received: ReceivedMessage) => Taken
  /** Codes that we refused with, and those that were reported to us. */
  refused: string[]
  reported: string[]
  details: string[]
}

/** The channel that phase4 pulls from, and that it has itself. */
export const MPC = 'urn:interop:mpc:party-a'

/** What is wrong with an exchange; nothing when it is right. */
export type Wrong = string[]

/** Starts both sides. */
export async function startScene(classPath: string): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-interop-'))
  const log: string[] = []
  const [receiver, sender] = [
    startJvm(classPath, (line) => log.push(line)),
    startJvm(classPath, (line) => log.push(line)),
  ]
  const base = { profile: 'edelivery1', protection: 'sign+encrypt' } as const
  const inbox = { port: '0', dir: join(folder, 'phase4'), threads: '16', quiet: 'true', mpc: MPC }
  await receiver.ask('options', ...fieldsOf({ ...phase4Options('b', base), ...inbox }))
  const listening = await receiver.ask('listen')
  const receiverUrl = fieldOf(listening, 'URL')
  if (receiverUrl === undefined) throw new Error(`phase4 does not listen: ${textOf(listening)}`)
  const ours: Ours = {
    identity: identityOf('b', 'edelivery1'),
    findPMode: () => undefined,
    findPullPMode: () => undefined,
    onMessage: () => undefined,
    refused: [],
    reported: [],
    details: [],
  }
  const queue = memoryPullQueue({ retryIntervalMs: 60_000 })
  const endpoint: Endpoint = await serve({
    host: '127.0.0.1',
    port: 0,
    now: () => new Date(),
    newMessageId,
    identity: () => ours.identity,
    duplicates: memoryDuplicates(),
    findPMode: ({ messageId }) => ours.findPMode(messageId),
    onMessage: (received) => ours.onMessage(received),
    pull: { queue, findPMode: (mpc) => ours.findPullPMode(mpc) },
    onError: (event) => {
      if (event.kind === 'reported') ours.reported.push(...event.signal.errors.map(({ code }) => code))
      else ours.refused.push(event.error.code)
      if (event.kind === 'refused') ours.details.push(event.detail)
    },
  })
  const stop = async (): Promise<void> => {
    await Promise.all([receiver.stop(), sender.stop(), endpoint.close()])
    rmSync(folder, { recursive: true, force: true })
  }
  return { receiver, receiverUrl, sender, url: endpoint.url, ours, queue, folder, log, stop }
}

/** Runs one case in its direction. Never rejects: a failure is a thing that is wrong. */
export async function runCase(scene: Scene, each: Case): Promise<Wrong> {
  try {
    return await (each.direction === 'to-phase4' ? sendToPhase4(scene, each) : receiveFromPhase4(scene, each))
  } catch (error) {
    return [String(error)]
  }
}

async function sendToPhase4(scene: Scene, each: Case): Promise<Wrong> {
  const dir = join(scene.folder, 'phase4')
  const demands = { 'require-sign': 'true', 'require-encrypt': String(each.protection === 'sign+encrypt') }
  await scene.receiver.ask(
    'options',
    ...fieldsOf({ ...phase4Options('b', each), dir, strict: 'true', quiet: 'true', ...demands }),
  )
  const pmode = pmodeOf('b', each)
  const message = messageFor(each)
  const sealed = sealUserMessage(message, pmode, identityOf('a', each.profile))
  const outcome = await sendMessage(scene.receiverUrl, sealed, { pmode, now: () => new Date() })
  if (outcome.kind !== 'receipt') return [JSON.stringify({ ...outcome, wire: undefined })]
  const base = join(dir, message.messageId)
  const meta = new Map(
    readFileSync(`${base}.meta`, 'utf8')
      .split('\n')
      .map((line) => line.split(/=(.*)/s) as [string, string]),
  )
  const wrong: Wrong = []
  const expect = (name: string, value: string): void => {
    if (meta.get(name) !== value) wrong.push(`phase4 read ${name} as ${meta.get(name)}, not ${value}`)
  }
  expect('conversationId', message.conversationId)
  expect('from', `${message.from.type ?? null}|${message.from.id}`)
  expect('to', `${message.to.type ?? null}|${message.to.id}`)
  expect('service', `${message.service.type ?? null}|${message.service.value}`)
  expect('action', message.action)
  expect('signatureChecked', 'true')
  expect('decrypted', String(each.protection === 'sign+encrypt'))
  for (const { name, value, type } of message.properties) expect(`property.${name}`, `${type ?? null}|${value}`)
  message.parts.forEach(({ bytes }, n) => {
    const got = readFileSync(`${base}.${n}.payload`)
    if (!got.equals(bytes))
      wrong.push(`part ${n + 1} arrived with ${got.length} bytes, and others than ${bytes.length}`)
  })
  return wrong
}

async function receiveFromPhase4(scene: Scene, each: Case): Promise<Wrong> {
  const { ours } = scene
  const files = fileNames(scene, each)
  const received: ReceivedMessage[] = []
  ours.identity = identityOf('b', each.profile)
  ours.findPMode = () => pmodeOf('a', each)
  ours.onMessage = (message) => {
    received.push(message)
  }
  ours.details.length = 0
  await scene.sender.ask('options', ...fieldsOf({ ...phase4Options('a', each), ...senderOptions(each) }))
  const lines = await scene.sender.ask('send', scene.url, ...files)
  const wrong = [...wrongInReceipt(lines), ...ours.details.map((detail) => `we refused: ${detail}`)]
  const [message] = received
  if (!message) return [...wrong, 'nothing arrived']
  const { parts, conversationId, properties } = message.message
  if (conversationId !== 'conversation-1') wrong.push(`the conversation arrived as ${conversationId}`)
  if (each.profile !== 'ics2' && properties.length !== 2) wrong.push(`${properties.length} properties arrived`)
  if (parts.length !== each.parts) wrong.push(`${parts.length} parts arrived`)
  parts.forEach(({ bytes }, n) => {
    const sent = readFileSync(files[n]!)
    // Uncompressed XML is handed on as it was signed, in canonical form.
    const expected = each.compressed ? sent : canonicalize(parse(sent))
    if (!Buffer.from(bytes).equals(expected)) wrong.push(`part ${n + 1} arrived with other bytes`)
  })
  return wrong
}

const KEY_NAMES: Record<Case['token'], string> = {
  x509v3: 'BST_DIRECT_REFERENCE',
  'x509-pki-path': 'BST_DIRECT_REFERENCE',
  'key-identifier': 'SKI_KEY_IDENTIFIER',
  'issuer-serial': 'ISSUER_SERIAL',
}

/** What phase4 is told to send. */
export function senderOptions({
  token,
  compressed,
  profile,
}: Pick<Case, 'token' | 'compressed' | 'profile'>): Record<string, string> {
  return {
    compress: String(compressed),
    props: String(profile !== 'ics2'),
    conversation: 'conversation-1',
    'sign-keyid': KEY_NAMES[token],
    'enc-keyid': KEY_NAMES[token],
    pkipath: String(token === 'x509-pki-path'),
  }
}

/** What phase4 says of our receipt, if it is not what it should say. */
export function wrongInReceipt(lines: readonly Line[]): Wrong {
  const right =
    fieldOf(lines, 'RESULT') === 'SUCCESS' &&
    fieldOf(lines, 'RECEIPT') === 'true' &&
    fieldOf(lines, 'DIGESTS') === 'match'
  return right ? [] : [`phase4 says: ${textOf(lines)}`]
}

/** The first field of the first line that starts with a word. */
export function fieldOf(lines: readonly Line[], word: string): string | undefined {
  return lines.find(([first]) => first === word)?.[1]
}

/** An answer of phase4 on one line. */
export function textOf(lines: readonly Line[]): string {
  return lines.map((line) => line.join(' ')).join('; ') || 'nothing'
}

/** A new id in the form that ICS2 wants too. */
export function newMessageId(): string {
  return `${randomUUID()}@corridor.example`
}

/** A message of ours: XML, octets and text, so that each way in which a signature covers a payload is tried. */
export function messageFor(each: Pick<Case, 'profile' | 'parts' | 'size'>): UserMessage {
  const { a, b, service, agreement, action } = agreementOf(each.profile)
  const xml = readFileSync(join(AS4_FACTS, 'wire', each.size === '1 MB' ? 'p1m.xml' : 'p10k.xml'))
  const octets = createHash('shake256', { outputLength: xml.length }).update('octets').digest()
  const text = Buffer.from(`ë\r\nline\r\n${'text '.repeat(xml.length / 5)}\r\n`)
  const part = (n: number, mimeType: string, bytes: Buffer): Part => ({
    contentId: `part-${n}@corridor.example`,
    mimeType,
    ...(mimeType.includes('octet') ? {} : { characterSet: 'UTF-8' }),
    properties: [],
    bytes,
  })
  const parts = [
    part(1, 'application/xml', xml),
    part(2, 'application/octet-stream', octets),
    part(3, 'text/plain', text),
  ]
  const properties = [
    { name: 'originalSender', value: 'urn:interop:C1' },
    { name: 'finalRecipient', value: 'C4 <&> ë', type: 'urn:interop:type' },
  ]
  return {
    messageId: newMessageId(),
    timestamp: new Date(),
    conversationId: 'conversation-1',
    from: a,
    to: b,
    service,
    agreement,
    action,
    properties: each.profile === 'ics2' ? [] : properties,
    parts: parts.slice(0, each.parts),
  }
}

function fileNames(scene: Scene, { parts, size }: Case): string[] {
  const file = join(AS4_FACTS, 'wire', size === '1 MB' ? 'p1m.xml' : 'p10k.xml')
  const other = join(scene.folder, 'other.xml')
  writeFileSync(other, '<?xml version="1.0"?>\n<a:x  b="1"\n xmlns:a="urn:a"><!-- ë --><![CDATA[<&>]]>\r\n</a:x>\n')
  return [file, other, join(AS4_FACTS, 'wire/p100k.xml')].slice(0, parts)
}
