/** A message that is given back to its sender, who does not remember it. */
export interface Returned {
  run: string
  messageId: string
  /** How it had come: what `signed` is depends on it. */
  link: 'as4' | 'carried'
  /** What its sender signed, decrypted. */
  signed: { contentType: string; body: Uint8Array }
  /** The receipt that its addressee gave for it. */
  receipt: { contentType: string; body: Uint8Array }
}

const version = 1
const longestHead = 4_096
const lineEnd = 0x0a

/** Largest message that is given back: with its envelope it must fit into a body of 10 MB. */
export const mostReturnedBytes = 7_000_000

/** One line of JSON, then what was signed, then the receipt. */
export function writeReturned({ run, messageId, link, signed, receipt }: Returned): Uint8Array {
  const head = JSON.stringify({
    version,
    run,
    messageId,
    link,
    signedType: signed.contentType,
    signedLength: signed.body.length,
    receiptType: receipt.contentType,
    receiptLength: receipt.body.length,
  })
  return Buffer.concat([Buffer.from(`${head}\n`, 'utf8'), signed.body, receipt.body])
}

/** Undefined for what is none. Copies nothing. */
export function readReturned(bytes: Uint8Array): Returned | undefined {
  const end = bytes.subarray(0, longestHead).indexOf(lineEnd)
  if (end < 0) return undefined
  const head = membersOf(bytes.subarray(0, end))
  const { run, messageId, link, signedType, signedLength, receiptType, receiptLength } = head
  const texts = [run, messageId, signedType, receiptType]
  if (head['version'] !== version || !texts.every((text) => typeof text === 'string' && text !== '')) return undefined
  if (link !== 'as4' && link !== 'carried') return undefined
  if (!isLength(signedLength) || !isLength(receiptLength)) return undefined
  const body = bytes.subarray(end + 1)
  if (signedLength + receiptLength !== body.length) return undefined
  return {
    run: String(run),
    messageId: String(messageId),
    link,
    signed: { contentType: String(signedType), body: body.subarray(0, signedLength) },
    receipt: { contentType: String(receiptType), body: body.subarray(signedLength) },
  }
}

const isLength = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

function membersOf(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
