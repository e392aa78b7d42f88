import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { encryptStream } from '../algorithms/content-stream.ts'
import { IV_BYTES } from '../algorithms/content.ts'
import { signedFormIsPlain } from '../content-transform.ts'
import { type ContentEncryption, startEncryption } from '../encryption-write.ts'
import { writeSignedEnvelope } from '../envelope-write.ts'
import { As4Fault } from '../faults.ts'
import { multipartFrame } from '../mime-write.ts'
import type { Identity, Part, PMode, SentMessage, UserMessageHeader } from '../model.ts'
import { policyOf, type SealPolicy } from '../policy.ts'
import { randomBytes } from '../random.ts'
import { checkMessage, recipientOf, type SealOptions, wireTypeOf, writeUserMessage } from '../seal.ts'
import { zipOptions } from '../zip.ts'
import { released, seen } from './pieces.ts'
import { Spool, type SpooledFile } from './spool.ts'

/** One payload that is read while it is sealed, uncompressed; from the first octet to the last, once. */
export interface PartToStream extends Omit<Part, 'bytes'> {
  content: AsyncIterable<Uint8Array>
}

/** A message whose payloads are streams. */
export interface MessageToStream extends UserMessageHeader {
  parts: PartToStream[]
}

/** Options of {@link sealStream}. */
export interface SealStreamOptions extends SealOptions {
  /** Where what is to be sent is kept, encrypted. On this machine, writable. */
  directory: string
}

/** A sealed message on disk: to be sent, and sent again, until it is discarded. */
export interface StreamedMessage extends SentMessage {
  contentType: string
  /** Octets of the whole body. */
  length: number
  /** The body from its start, the same each time. */
  body: () => AsyncIterable<Uint8Array>
  /** Removes what is kept. */
  discard: () => Promise<void>
}

/**
 * Seals a message of any size in memory that does not grow with it. The header, which comes first on the wire, holds the
 * digests of payloads that come after it; so each payload is compressed, digested and encrypted into a file first, and
 * the body is read from there. Otherwise as sealUserMessage. Rejects with {@link As4Fault}: `not-streamable` for XML and
 * text under a P-Mode without compression, `spool-failed`; and with what a payload rejects with.
 */
export async function sealStream(
  message: MessageToStream,
  pmode: PMode,
  identity: Identity,
  options: SealStreamOptions,
): Promise<StreamedMessage> {
  const policy = policyOf(pmode)
  checkMessage(message, pmode)
  const random = options.randomBytes ?? randomBytes
  const recipient = policy.encryption && recipientOf(pmode, message)
  const encryption = recipient && startEncryption(recipient, policy.encryption!, policy.token, random)
  const spool = new Spool(options.directory)
  try {
    const payloads: SealedPayload[] = []
    for (const part of message.parts) payloads.push(await sealPart(part, policy, encryption, spool, random))
    const content = writeUserMessage(message, policy)
    const header = encryption && payloads.length > 0 ? encryption.header(payloads) : ''
    const protect = { payloads, encryption: header }
    const { envelope, references } = writeSignedEnvelope(content, identity, random, policy, protect)
    const boundary = `corridor-${Buffer.from(random(18)).toString('hex')}`
    const { contentType, frame } = multipartFrame(
      envelope,
      payloads.map((each) => ({ ...each, mimeType: encryption ? 'application/octet-stream' : each.mimeType })),
      boundary,
    )
    const files = payloads.map(({ file }) => file)
    const length = [...frame, ...files].reduce((sum, each) => sum + each.length, 0)
    const { messageId } = message
    return {
      contentType,
      length,
      body: () => joined(frame, files),
      messageId,
      references,
      discard: () => spool.discard(),
    }
  } catch (error) {
    await spool.discard()
    throw error
  }
}

interface SealedPayload {
  contentId: string
  mimeType: string
  digest: Buffer
  file: SpooledFile
}

async function sealPart(
  part: PartToStream,
  policy: SealPolicy,
  encryption: ContentEncryption | undefined,
  spool: Spool,
  random: (size: number) => Uint8Array,
): Promise<SealedPayload> {
  if (!policy.compress && !signedFormIsPlain(part.mimeType)) {
    throw new As4Fault('not-streamable', `${part.contentId} is ${part.mimeType} and is not compressed`)
  }
  const hash = createHash('sha256')
  const keep = async (source: AsyncIterable<Uint8Array>): Promise<SpooledFile> => {
    const digested = seen(source, (piece) => hash.update(piece))
    const iv = encryption && random(IV_BYTES)
    return spool.write(encryption ? encryptStream(encryption.content, encryption.key, iv!, digested) : digested)
  }
  let file: SpooledFile | undefined
  if (policy.compress) {
    await pipeline(part.content, createGzip(zipOptions(Infinity)), async (zipped: AsyncIterable<Uint8Array>) => {
      // What zlib hands over is nobody else's.
      file = await keep(released(zipped))
    })
  } else file = await keep(part.content)
  return { contentId: part.contentId, mimeType: wireTypeOf(part, policy), digest: hash.digest(), file: file! }
}

/** The frame's pieces with a file between each two. */
async function* joined(frame: readonly Uint8Array[], files: readonly SpooledFile[]): AsyncGenerator<Uint8Array> {
  for (const [n, piece] of frame.entries()) {
    yield piece
    const file = files[n]
    if (file) yield* file.read()
  }
}
