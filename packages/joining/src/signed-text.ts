import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { SealedFault, signStatement, verifyStatement } from '@corridor/sealed'
import { JoinFault } from './faults.ts'

const begin = '-----BEGIN CMS-----'
const end = '-----END CMS-----'
/** A list of a few thousand offices; what is larger is nothing that this room has made. */
const mostBytes = 4_000_000

/** A text with its signature below it. Nothing is proven before {@link verifyText}. */
export interface SignedText {
  text: string
  signature: Uint8Array
}

/**
 * Signs a text: the text as it is, then its CMS signature in PEM. People read the one, `openssl cms -verify` the other.
 * @throws JoinFault join.no-certificate
 */
export async function signText(text: string, own: { certificate: string; key: string }, now: Date): Promise<string> {
  const whole = text.endsWith('\n') ? text : `${text}\n`
  const identity = { certificate: new X509Certificate(own.certificate), privateKey: createPrivateKey(own.key) }
  try {
    const signature = Buffer.from(await signStatement(Buffer.from(whole), identity, now)).toString('base64')
    return `${whole}${begin}\n${signature.replace(/.{64}(?=.)/g, '$&\n')}\n${end}\n`
  } catch (error) {
    if (!(error instanceof SealedFault)) throw error
    throw new JoinFault('join.no-certificate', `Our signing certificate: ${error.message.replaceAll('\n', ', ')}.`)
  }
}

/**
 * Takes text and signature apart. Line ends are made plain ones: mail programs write others, and the text was signed with these.
 * @param name of the file, for people
 * @throws JoinFault join.bad-file
 */
export function readSignedText(bytes: Uint8Array, name: string): SignedText {
  const wrong = (what: string): never => {
    throw new JoinFault('join.bad-file', `${name}: ${what}.`)
  }
  if (bytes.length > mostBytes) wrong(`${bytes.length} bytes; ${mostBytes} at the most`)
  const whole = textOf(bytes) ?? wrong('this is no text in UTF-8')
  const at = whole.lastIndexOf(`\n${begin}\n`)
  if (at < 0) wrong(`there is no line “${begin}”: the signature is missing`)
  const rest = whole.slice(at + begin.length + 2)
  const [base64 = '', after, ...more] = rest.split(end)
  if (after === undefined || after.trim() !== '' || more.length > 0) wrong(`“${end}” is not its last line`)
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(base64)) wrong('the signature is no base64')
  return { text: whole.slice(0, at + 1), signature: Buffer.from(base64, 'base64') }
}

/** @throws JoinFault join.bad-signature */
export async function verifyText(
  { text, signature }: SignedText,
  signer: X509Certificate,
  { name, now }: { name: string; now: Date },
): Promise<void> {
  const verified = await verifyStatement(signature, Buffer.from(text), [signer], now)
  if (verified.kind === 'refused') throw new JoinFault('join.bad-signature', `${name}: ${verified.detail}.`)
}

/**
 * What two people compare on the telephone: the first 128 bits of SHA-256 over the text, in groups of four. Whoever wants another text to
 * have the same must find a second preimage (docs/decisions/0031).
 */
export function fingerprintOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32)
  return hex.match(/.{4}/g)!.join(' ')
}

/** Whether what was typed is this fingerprint; spaces, hyphens, colons and capitals are as one likes. */
export function isFingerprint(typed: string, text: string): boolean {
  return typed.toLowerCase().replace(/[\s:.-]/g, '') === fingerprintOf(text).replaceAll(' ', '')
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n')
  } catch {
    return undefined
  }
}
