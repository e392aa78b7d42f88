import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { ContentDecryption } from '../algorithms/content-stream.ts'
import { signedFormIsPlain } from '../content-transform.ts'
import { failedDecryption, SAME_IV, unwrapOrSubstitute } from '../decrypt.ts'
import { As4Fault } from '../faults.ts'
import { type As4Limits, DEFAULT_LIMITS } from '../limits.ts'
import { checkAttachment, checkRoot, readOuter } from '../mime-read.ts'
import type { Part, UserMessageHeader } from '../model.ts'
import {
  afterDecryption,
  checkCoverage,
  type Glimpse,
  type JudgedEnvelope,
  type JudgedMessage,
  type OpenedMessage,
  type OpenedPullRequest,
  openEnvelope,
  openedMessage,
  type OpenOptions,
  partOf,
  type PullOptions,
  type RefusedMessage,
  refusalOf,
  signedTypeOf,
} from '../open.ts'
import { demand, Refusal } from '../refusal.ts'
import type { ErrorSignal, ReceiptSignal } from '../signal-read.ts'
import type { PartInfo } from '../user-message-read.ts'
import { checkAttachmentDigest } from '../verify.ts'
import { inflate } from './inflate-stream.ts'
import { type IncomingPart, MultipartStream } from './mime-stream.ts'
import { bounded, collect, seen } from './pieces.ts'
import { Spool, type SpooledFile } from './spool.ts'

/** An HTTP body as it comes, and its Content-Type. */
export interface IncomingWire {
  contentType: string
  body: AsyncIterable<Uint8Array>
  /** Octets of the body, where they are known before it is read. */
  length?: number
}

/** Options of {@link openStream}. The limits are those of messages in memory unless told otherwise. */
export interface OpenStreamOptions extends OpenOptions {
  /** Where payloads are kept: under a key that is never written, until they are discarded. On this machine, writable. */
  directory: string
}

/** One payload on disk, encrypted there; what is handed out is as it was sent. */
export interface SpooledPart extends Omit<Part, 'bytes'> {
  length: number
  /** In hex. */
  sha256: string
  /** The octets from the first, as often as one likes. */
  content: () => AsyncIterable<Uint8Array>
}

/** A user message whose every part was verified, decrypted and decompressed, on disk until it is discarded. */
export interface OpenedStream extends Omit<OpenedMessage, 'message'> {
  message: UserMessageHeader & { parts: SpooledPart[] }
  discard: () => Promise<void>
}

/** The outcome of {@link openStream}. */
export type StreamOutcome = OpenedStream | ReceiptSignal | ErrorSignal | OpenedPullRequest | RefusedMessage

// XML and text that are not compressed are signed in another form than they have, for which they must be whole.
const WHOLE_BYTES = 16 * 1024 * 1024

/**
 * Opens an incoming message of any size in memory that does not grow with it. The envelope comes first: who may not
 * send, or does not sign and encrypt what he should, is refused before any payload is read; the rest of the body is then
 * not read, and the connection of no more use. Payloads go to the spool while they come, and are handed on when
 * their digests and tags hold. Otherwise as open. A spool that fails, because its disk is full for one, is a refusal with
 * EBMS:0202, its fault the `cause`: the partner may try again. Rejects with what the body rejects with.
 */
export async function openStream(
  wire: IncomingWire,
  options: OpenStreamOptions & Partial<PullOptions>,
): Promise<StreamOutcome> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const glimpse: Glimpse = {}
  const spool = new Spool(options.directory)
  try {
    const outer = readOuter(wire.contentType)
    if (outer.kind === 'bare') {
      const envelope = await collect(wire.body, limits.envelopeBytes, 'the envelope')
      return await finish(openEnvelope(envelope, options, limits, glimpse), undefined, undefined, spool, limits)
    }
    const stream = new MultipartStream(wire.body, outer.boundary, limits)
    const root = await stream.next()
    demand(root, 'EBMS:0007', 'there are no parts')
    checkRoot(root, outer)
    const envelope = await collect(root.octets, limits.envelopeBytes, 'the envelope')
    return await finish(openEnvelope(envelope, options, limits, glimpse), stream, root, spool, limits)
  } catch (error) {
    await spool.discard()
    if (!(error instanceof As4Fault) || error.code !== 'spool-failed') return refusalOf(error, glimpse)
    return { ...refusalOf(new Refusal('EBMS:0202', error.message), glimpse), cause: error }
  }
}

async function finish(
  judged: JudgedEnvelope,
  stream: MultipartStream | undefined,
  root: IncomingPart | undefined,
  spool: Spool,
  limits: As4Limits,
): Promise<StreamOutcome> {
  if (judged.kind !== 'message') {
    demand(!(await stream?.next()), 'EBMS:0007', 'a signal has attachments')
    return judged
  }
  checkCoverage(judged)
  const files = new Map<string, SpooledPayload>()
  const payloads = new PayloadOpener(judged, spool, limits)
  for (let part = await stream?.next(); part; part = await stream?.next()) {
    checkAttachment(part, root!, files)
    files.set(part.contentId, await payloads.open({ ...part, contentId: part.contentId }))
  }
  demand(files.size === judged.parts.length, 'EBMS:0007', 'PartInfo and attachments are not the same')
  const parts = judged.parts.map((info): SpooledPart => {
    const { read: content, ...file } = files.get(info.contentId)!
    return { ...partOf(info), ...file, content }
  })
  return { ...openedMessage(judged, parts), discard: () => spool.discard() }
}

type SpooledPayload = SpooledFile & { sha256: string }

class PayloadOpener {
  readonly #judged: JudgedMessage
  readonly #spool: Spool
  readonly #limits: As4Limits
  readonly #key: Buffer | undefined
  readonly #ivs = new Set<string | undefined>()
  #remaining: number

  constructor(judged: JudgedMessage, spool: Spool, limits: As4Limits) {
    const { encryption } = judged.security
    this.#judged = judged
    this.#spool = spool
    this.#limits = limits
    this.#remaining = limits.unzippedBytes
    this.#key = encryption && unwrapOrSubstitute(encryption, judged.own)
  }

  async open(part: IncomingPart & { contentId: string }): Promise<SpooledPayload> {
    const { encryption } = this.#judged.security
    const info = this.#judged.parts.find(({ contentId }) => contentId === part.contentId)
    demand(info, 'EBMS:0007', 'PartInfo and attachments are not the same')
    const decryption = this.#key && new ContentDecryption(encryption!.content, this.#key)
    const type = signedTypeOf(info, encryption, part.mediaType.type)
    const file = await this.#keep(info, type, part.octets, decryption)
    this.#remaining -= file.length
    demand(this.#remaining >= 0, 'EBMS:0303', 'the payloads are too large')
    return file
  }

  async #keep(
    info: PartInfo,
    type: string,
    octets: AsyncIterable<Buffer>,
    decryption: ContentDecryption | undefined,
  ): Promise<SpooledPayload> {
    const digest = this.#judged.verified.attachmentDigests.get(info.contentId)!
    const hash = createHash('sha256')
    const plain = seen(decrypted(octets, decryption), (piece) => hash.update(piece))
    const isHere = (): void => {
      this.#checkTag(decryption)
      const check = (): void =>
        demand(hash.digest().equals(digest), 'EBMS:0101', 'an attachment is not what was signed')
      if (decryption) afterDecryption(check)
      else check()
    }
    if (info.compressed) {
      const inflated = await inflate(plain, (each) => this.#write(each), this.#limits, this.#remaining)
      isHere()
      if ('refusal' in inflated) throw inflated.refusal
      return inflated.kept
    }
    if (signedFormIsPlain(type)) {
      const file = await this.#write(bounded(plain, () => this.#remaining))
      isHere()
      return file
    }
    const whole = await collect(plain, WHOLE_BYTES, 'XML or text that is not compressed')
    this.#checkTag(decryption)
    const check = (): Uint8Array => checkAttachmentDigest(whole, type, digest)
    return this.#write(Readable.from([decryption ? afterDecryption(check) : check()]))
  }

  async #write(plain: AsyncIterable<Uint8Array>): Promise<SpooledPayload> {
    const hash = createHash('sha256')
    const file = await this.#spool.write(seen(plain, (piece) => hash.update(piece)))
    return { ...file, sha256: hash.digest('hex') }
  }

  #checkTag(decryption: ContentDecryption | undefined): void {
    if (!decryption) return
    demand(!this.#ivs.has(decryption.iv), 'EBMS:0103', SAME_IV)
    this.#ivs.add(decryption.iv)
    if (!decryption.isSound()) throw failedDecryption()
  }
}

async function* decrypted(
  octets: AsyncIterable<Buffer>,
  decryption: ContentDecryption | undefined,
): AsyncGenerator<Buffer> {
  for await (const piece of octets) yield* decryption ? decryption.update(piece) : [piece]
}
