import { once } from 'node:events'
import { EBMS_ERRORS, type EbmsErrorCode, type Identity, type PMode } from '@corridor/as4'
import {
  type ErrorEvent,
  type MemoryPullQueue,
  memoryPullQueue,
  type ReceivedMessage,
  serve as listen,
  type SpooledMessage,
  type Taken,
} from '@corridor/as4/http'
import { UsageError } from '../arguments.ts'
import { AGREEMENT_OPTIONS, offeringPMode, receivingPModes } from './agreement.ts'
import { readTls } from './connection.ts'
import { readIdentity, readNamed } from './keys.ts'
import { LARGE_LIMITS, LARGE_TIMEOUT_MS, sealFiles } from './large.ts'
import { composeMessage, type MessageOfFiles, newMessageId } from './message.ts'
import { readTyped, type Typed } from './options.ts'
import { capturer, partsText, type Say, sayer } from './output.ts'
import { messageFolder } from './store.ts'

const OPTIONS = [
  'key',
  'cert',
  'encryption-key',
  'encryption-cert',
  ...AGREEMENT_OPTIONS,
  'tls-cert',
  'tls-key',
  'client-ca',
  'host',
  'path',
  'port',
  'out',
  'fail',
  'max',
  'capture',
  'json',
  'property',
  'conversation',
  'mime',
  'interval',
  'retry',
  'timeout',
]

/** `corridor as4 serve --port P --out DIR [FILE…]`: until Ctrl-C, or so many messages. */
export async function serve(args: string[]): Promise<number> {
  const typed = readTyped(args, Infinity, OPTIONS)
  if (typed.text('port') === undefined) throw new UsageError('Give --port: where to listen; 0 takes a free one.')
  const out = typed.needed('out', 'the folder for the messages')
  const fail = readFailure(typed)
  const identity = readIdentity(typed)
  const findPMode = receivingPModes(typed)
  const say = sayer(typed)
  const capture = capturer(typed.text('capture'))
  const offer = offers(typed, say)
  const [tls, clientCa] = [readTls(typed), typed.text('client-ca')]
  const [host, path] = [typed.text('host'), typed.text('path')]
  // Nothing is made before everything that was typed is known to be right.
  const folder = messageFolder(out)
  const takeBack = await putOnOffer(offer, identity, folder.spool)
  const most = typed.number('max') ?? Infinity
  const done = new AbortController()
  let taken = 0

  const onMessage = async (received: ReceivedMessage | SpooledMessage): Promise<Taken> => {
    if ('wire' in received) await capture('request', `POST ${typed.text('path') ?? '/as4'} HTTP/1.1`, received.wire)
    if (fail) return { refuse: fail, detail: 'by --fail' }
    await tellReceived(say, received, await folder.write(received))
    taken += 1
    if (taken >= most) done.abort()
  }
  const endpoint = await listen({
    identity,
    findPMode,
    newMessageId,
    onMessage,
    port: typed.number('port') ?? 0,
    now: () => new Date(),
    onTest: ({ message: { messageId, from } }) =>
      say({ event: 'test', messageId, from: from.id }, `test     ${messageId}  from ${from.id}, to the test service`),
    duplicates: folder.duplicates,
    // What is captured must be in memory; what is not may be large.
    ...(typed.text('capture') === undefined && {
      limits: LARGE_LIMITS,
      spool: { directory: folder.spool, onMessage },
    }),
    requestTimeoutMs: typed.number('timeout') ?? LARGE_TIMEOUT_MS,
    ...(host !== undefined && { host }),
    ...(path !== undefined && { path: path.startsWith('/') ? path : `/${path}` }),
    ...(tls && { tls: { ...tls, ...(clientCa !== undefined && { clientCa: readNamed(clientCa).toString() }) } }),
    onError: async (event) => {
      if (event.wire) await capture('refused', 'POST /as4 HTTP/1.1', event.wire)
      await tellError(say, event)
    },
    onReceipt: ({ receipt, verdict }) => {
      const what = { event: 'receipt', refToMessageId: receipt.refToMessageId, verdict: verdict.kind }
      return say(what, `receipt  for ${receipt.refToMessageId}: ${verdict.kind}`)
    },
    ...(offer && {
      pull: { queue: offer.queue, findPMode: (mpc) => (mpc === offer.pmode.mpc ? offer.pmode : undefined) },
    }),
    onFault: (error) => {
      process.stderr.write(`${(error as Error).stack ?? String(error)}\n`)
    },
  })
  await say({ event: 'listening', url: endpoint.url }, `listening  ${endpoint.url}  (Ctrl-C ends)`)
  const stop = (): void => done.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  if (!done.signal.aborted) await once(done.signal, 'abort')
  await endpoint.close()
  await takeBack()
  folder.close()
  return 0
}

function readFailure(typed: Typed): EbmsErrorCode | undefined {
  const code = typed.text('fail')
  if (code === undefined) return undefined
  if (!Object.hasOwn(EBMS_ERRORS, code)) throw new UsageError(`--fail takes a code like EBMS:0004, not “${code}”.`)
  return code as EbmsErrorCode
}

interface Offer {
  queue: MemoryPullQueue
  pmode: PMode
  messages: MessageOfFiles[]
}

/** Puts messages on offer; returns what removes the files of those that were not pulled. */
async function putOnOffer(
  offer: Offer | undefined,
  identity: Identity,
  directory: string,
): Promise<() => Promise<void>> {
  if (!offer) return () => Promise.resolve()
  const { queue, pmode } = offer
  const all: (() => Promise<void>)[] = []
  for (const message of offer.messages) {
    const sealed = await sealFiles(message, pmode, identity, () => directory)
    if ('discard' in sealed) all.push(sealed.discard)
    queue.add(sealed, pmode)
  }
  return async () => {
    for (const discard of all) await discard()
  }
}

function offers(typed: Typed, say: Say): Offer | undefined {
  if (typed.text('mpc') === undefined) {
    if (typed.words.length > 0) throw new UsageError('Give --mpc: the channel from which the files are pulled.')
    return undefined
  }
  const identity = readIdentity(typed)
  const pmode = offeringPMode(typed, identity.certificate)
  const mostOffers = typed.number('retry')
  const queue = memoryPullQueue({
    retryIntervalMs: typed.number('interval') ?? 60_000,
    ...(mostOffers !== undefined && { mostOffers: mostOffers + 1 }),
    onSettled: (messageId, { kind }) => {
      void say({ event: 'settled', messageId, kind }, `settled  ${messageId}: ${kind}`)
    },
  })
  // One message for each file, oldest first as they were named.
  return { queue, pmode, messages: typed.words.map((file) => composeMessage(typed, [file], pmode)) }
}

/** Says which message arrived and where it lies. */
export function tellReceived(
  say: Say,
  { message }: ReceivedMessage | SpooledMessage,
  files: readonly string[],
): Promise<void> {
  const { messageId, from, to, service, action, conversationId } = message
  return say(
    { event: 'received', messageId, from: from.id, to: to.id, service: service.value, action, conversationId, files },
    `received ${messageId}  ${action}  from ${from.id} to ${to.id}  ${partsText(files.length)}${files.map((file) => `\n         ${file}`).join('')}`,
  )
}

/** Says what was refused, and why; or what the partner reports. */
export function tellError(say: Say, event: ErrorEvent): Promise<void> {
  if (event.kind === 'reported') {
    const { signal, verdict } = event
    const codes = signal.errors.map(({ code }) => code).join(', ')
    const told = {
      event: 'reported',
      refToMessageId: signal.refToMessageId,
      errors: signal.errors,
      verdict: verdict.kind,
    }
    return say(told, `reported ${codes} about ${signal.refToMessageId}: ${verdict.kind}`)
  }
  const { error, detail, refToMessageId, header, errorMessageId, cause } = event
  const why = cause instanceof Error ? `${detail}: ${cause.message}` : detail
  return say(
    {
      event: 'refused',
      code: error.code,
      detail: why,
      refToMessageId,
      errorMessageId,
      from: header?.from.id,
      action: header?.action,
    },
    `refused  ${refToMessageId ?? 'a message without id'}  ${error.code}: ${why}`,
  )
}
