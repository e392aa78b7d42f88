import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type X509Certificate,
} from 'node:crypto'
import { sealUserMessage, type Wire } from '@corridor/as4'
import { find, replace, rewrite, rewriteBody } from '../forge.ts'
import { albania, atAlbania, kosovo, messageOf, sealed } from '../support.ts'
import { casesOf } from './case.ts'

// The signature does not cover how a message is encrypted: whoever holds one can change the wrapped key, its
// description and the ciphertext, and ask what becomes of it.

const GCM = 'http://www.w3.org/2009/xmlenc11#aes128-gcm'
const XENC = 'http://www.w3.org/2001/04/xmlenc#'
const CIPHER_VALUE = /(?<=<xenc:CipherValue>)[^<]+/
const KEY = /<xenc:EncryptedKey .*<\/xenc:EncryptedKey>/s
const DATA = /<xenc:EncryptedData .*<\/xenc:EncryptedData>/s
const padding = constants.RSA_PKCS1_OAEP_PADDING

type Change = string | ((found: string) => string)
const header = (what: string | RegExp, by: Change) => (): Wire => rewrite(sealed(), (xml) => replace(xml, what, by))

/** The octets of an attachment as they are on the wire. */
function attachmentOf(wire: Wire, contentId: string): Buffer {
  const [, after] = Buffer.from(wire.body).toString('latin1').split(`Content-ID: <${contentId}>\r\n\r\n`)
  return Buffer.from(after!.split('\r\n--corridor')[0]!, 'latin1')
}

/** Those of the only one. */
const ciphertextOf = (wire: Wire): Buffer => attachmentOf(wire, 'doc@nta.al')

/** The content key, which only the recipient can know. */
function keyOf(wire: Wire): Buffer {
  const value = find(Buffer.from(wire.body).toString('latin1'), CIPHER_VALUE)
  return privateDecrypt({ key: kosovo.privateKey, padding, oaepHash: 'sha256' }, Buffer.from(value, 'base64'))
}

/** What was encrypted. */
function plainOf(wire: Wire, key: Buffer): Buffer {
  const bytes = ciphertextOf(wire)
  const cipher = createDecipheriv('aes-128-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()])
}

/** Another attachment in the place of the one. */
const replaced = (wire: Wire, bytes: Buffer): Wire =>
  rewriteBody(wire, (body) => body.replace(ciphertextOf(wire).toString('latin1'), () => bytes.toString('latin1')))
const cipher = (change: (bytes: Buffer) => Buffer) => (): Wire => {
  const wire = sealed()
  return replaced(wire, change(ciphertextOf(wire)))
}
/** Another value for the wrapped key, made from the right content key. */
const wrapped = (make: (key: Buffer) => Buffer) => (): Wire => {
  const wire = sealed()
  return rewrite(wire, (xml) => replace(xml, CIPHER_VALUE, make(keyOf(wire)).toString('base64')))
}
const oaep = (key: Uint8Array, to: X509Certificate = kosovo.certificate, oaepHash = 'sha256'): Buffer =>
  publicEncrypt({ key: to.publicKey, padding, oaepHash }, key)

/** MGF1 (RFC 8017, B.2.1). */
function mask(seed: Buffer, length: number, hash: string): Buffer {
  const blocks: Buffer[] = []
  for (let n = 0; blocks.length * 20 < length; n++) {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(n)
    blocks.push(createHash(hash).update(seed).update(counter).digest())
  }
  return Buffer.concat(blocks).subarray(0, length)
}
const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((each, n) => each ^ b[n]!))

/** OAEP (RFC 8017, 7.1.1) with whatever hash, mask, first octet and label one likes. */
function oddOaep(key: Buffer, odd: { mgf?: string; first?: number; label?: string; separator?: number }): Buffer {
  const labelHash = createHash('sha256')
    .update(odd.label ?? '')
    .digest()
  const data = Buffer.concat([labelHash, Buffer.alloc(256 - 66 - key.length), Buffer.from([odd.separator ?? 1]), key])
  const seed = randomBytes(32)
  const maskedData = xor(data, mask(seed, data.length, odd.mgf ?? 'sha256'))
  const maskedSeed = xor(seed, mask(maskedData, 32, odd.mgf ?? 'sha256'))
  const block = Buffer.concat([Buffer.from([odd.first ?? 0]), maskedSeed, maskedData])
  return publicEncrypt({ key: kosovo.certificate.publicKey, padding: constants.RSA_NO_PADDING }, block)
}

/** Encrypted again with another algorithm, under a key of the forger's. */
function reencrypted(make: (plain: Buffer, key: Buffer) => Buffer, keyBytes: number, uri = GCM): Wire {
  const wire = sealed()
  const plain = plainOf(wire, keyOf(wire))
  const key = randomBytes(keyBytes)
  const wrappedKey = oaep(key).toString('base64')
  const changed = rewrite(wire, (xml) => replace(xml, CIPHER_VALUE, wrappedKey).replace(GCM, uri))
  return replaced(changed, make(plain, key))
}

function gcm256(plain: Buffer, key: Buffer): Buffer {
  const iv = randomBytes(12)
  const done = createCipheriv('aes-256-gcm', key, iv)
  return Buffer.concat([iv, done.update(plain), done.final(), done.getAuthTag()])
}

function cbc128(plain: Buffer, key: Buffer): Buffer {
  const iv = randomBytes(16)
  const done = createCipheriv('aes-128-cbc', key, iv)
  return Buffer.concat([iv, done.update(plain), done.final()])
}

const two = (): Wire =>
  sealed({ parts: ['a', 'b'].map((id) => ({ ...messageOf().parts[0]!, contentId: `${id}@nta.al` })) })
const dataOf = (xml: string, contentId: string): string =>
  find(
    xml,
    new RegExp(`<xenc:EncryptedData (?:(?!<xenc:EncryptedData ).)*?cid:${contentId}".*?</xenc:EncryptedData>`, 's'),
  )

export const ENCRYPTION = casesOf('encryption', [
  [
    'nothing is encrypted',
    'EBMS:0103',
    () =>
      replaced(
        rewrite(sealed(), (xml) => replace(replace(xml, KEY, ''), DATA, '')),
        Buffer.from('plain'),
      ),
  ],
  ['the key is there, and nothing is encrypted with it', 'EBMS:0103', header(DATA, '')],
  ['something is encrypted, and no key is there', 'EBMS:0103', header(KEY, '')],
  [
    'one of two attachments is not encrypted',
    'EBMS:0103',
    () =>
      rewrite(two(), (xml) => {
        const data = dataOf(xml, 'b@nta.al')
        return xml.replace(data, '').replace(`<xenc:DataReference URI="#${find(data, /(?<= Id=")[^"]+/)}"/>`, '')
      }),
  ],
  [
    'encrypted for somebody else',
    'EBMS:0102',
    () => sealUserMessage(messageOf(), { ...atAlbania, partnerCertificate: albania.certificate }, albania),
  ],
  ['the key of another message', 'EBMS:0102', wrapped(() => oaep(keyOf(sealed())))],
  ['a key of 0 octets', 'EBMS:0102', wrapped(() => oaep(Buffer.alloc(0)))],
  ['a key of 15 octets', 'EBMS:0102', wrapped((key) => oaep(key.subarray(1)))],
  ['a key of 17 octets', 'EBMS:0102', wrapped((key) => oaep(Buffer.concat([key, Buffer.alloc(1)])))],
  ['a key of 24 octets', 'EBMS:0102', wrapped((key) => oaep(Buffer.concat([key, Buffer.alloc(8)])))],
  ['a key of 32 octets', 'EBMS:0102', wrapped((key) => oaep(Buffer.concat([key, key])))],
  [
    'the right key, wrapped by PKCS#1 v1.5',
    'EBMS:0102',
    wrapped((key) => publicEncrypt({ key: kosovo.certificate.publicKey, padding: constants.RSA_PKCS1_PADDING }, key)),
  ],
  [
    'the right key, wrapped without padding',
    'EBMS:0102',
    wrapped((key) =>
      publicEncrypt(
        { key: kosovo.certificate.publicKey, padding: constants.RSA_NO_PADDING },
        Buffer.concat([Buffer.alloc(240), key]),
      ),
    ),
  ],
  ['the right key, OAEP with SHA-1', 'EBMS:0102', wrapped((key) => oaep(key, kosovo.certificate, 'sha1'))],
  ['the right key, OAEP with SHA-512', 'EBMS:0102', wrapped((key) => oaep(key, kosovo.certificate, 'sha512'))],
  [
    'the right key, OAEP with SHA-256 and a mask by SHA-1',
    'EBMS:0102',
    wrapped((key) => oddOaep(key, { mgf: 'sha1' })),
  ],
  ['the right key, OAEP with a label', 'EBMS:0102', wrapped((key) => oddOaep(key, { label: 'x' }))],
  ['the right key, OAEP with another first octet', 'EBMS:0102', wrapped((key) => oddOaep(key, { first: 1 }))],
  ['the right key, OAEP without its separator', 'EBMS:0102', wrapped((key) => oddOaep(key, { separator: 2 }))],
  ['a wrapped key of zeros', 'EBMS:0102', wrapped(() => Buffer.alloc(256))],
  ['a wrapped key of ones', 'EBMS:0102', wrapped(() => Buffer.alloc(256, 255))],
  ['a wrapped key that is one', 'EBMS:0102', wrapped(() => Buffer.concat([Buffer.alloc(255), Buffer.from([1])]))],
  ['a wrapped key that is cut', 'EBMS:0102', wrapped((key) => oaep(key).subarray(0, 255))],
  ['a wrapped key with an octet more', 'EBMS:0102', wrapped((key) => Buffer.concat([oaep(key), Buffer.alloc(1)]))],
  ['a wrapped key of 100 kB', 'EBMS:0102', wrapped(() => Buffer.alloc(100_000, 1))],
  ['a wrapped key of nothing', 'EBMS:0103', header(CIPHER_VALUE, '')],
  ['a wrapped key that is not base64', 'EBMS:0103', header(CIPHER_VALUE, '****')],
  [
    'a wrapped key with a changed bit',
    'EBMS:0102',
    wrapped((key) => {
      const value = oaep(key)
      value[100]! ^= 1
      return value
    }),
  ],
  ['a tag of 4 octets', 'EBMS:0102', cipher((bytes) => bytes.subarray(0, -12))],
  ['a tag of 8 octets', 'EBMS:0102', cipher((bytes) => bytes.subarray(0, -8))],
  ['a tag of 12 octets', 'EBMS:0102', cipher((bytes) => bytes.subarray(0, -4))],
  ['a tag of 15 octets', 'EBMS:0102', cipher((bytes) => bytes.subarray(0, -1))],
  ['no tag', 'EBMS:0102', cipher((bytes) => bytes.subarray(0, -16))],
  ['a tag of zeros', 'EBMS:0102', cipher((bytes) => Buffer.concat([bytes.subarray(0, -16), Buffer.alloc(16)]))],
  [
    'a changed tag',
    'EBMS:0102',
    cipher((bytes) => {
      bytes[bytes.length - 1]! ^= 1
      return bytes
    }),
  ],
  [
    'a changed first octet of the ciphertext',
    'EBMS:0102',
    cipher((bytes) => {
      bytes[12]! ^= 1
      return bytes
    }),
  ],
  [
    'a changed last octet of the ciphertext',
    'EBMS:0102',
    cipher((bytes) => {
      bytes[bytes.length - 17]! ^= 1
      return bytes
    }),
  ],
  [
    'another start value',
    'EBMS:0102',
    cipher((bytes) => {
      bytes[0]! ^= 1
      return bytes
    }),
  ],
  ['no start value', 'EBMS:0102', cipher((bytes) => bytes.subarray(12))],
  [
    'only a start value and a tag',
    'EBMS:0102',
    cipher((bytes) => Buffer.concat([bytes.subarray(0, 12), bytes.subarray(-16)])),
  ],
  ['27 octets', 'EBMS:0102', cipher((bytes) => bytes.subarray(0, 27))],
  ['1 octet', 'EBMS:0102', cipher((bytes) => bytes.subarray(0, 1))],
  ['the ciphertext twice', 'EBMS:0102', cipher((bytes) => Buffer.concat([bytes, bytes]))],
  [
    'other content under the right key',
    'EBMS:0102',
    () => {
      const wire = sealed()
      const iv = randomBytes(12)
      const done = createCipheriv('aes-128-gcm', keyOf(wire), iv)
      return replaced(wire, Buffer.concat([iv, done.update('other'), done.final(), done.getAuthTag()]))
    },
  ],
  [
    'other content under a key of the forger’s',
    'EBMS:0102',
    () => {
      const key = randomBytes(16)
      const iv = randomBytes(12)
      const done = createCipheriv('aes-128-gcm', key, iv)
      const wire = rewrite(sealed(), (xml) => replace(xml, CIPHER_VALUE, oaep(key).toString('base64')))
      return replaced(wire, Buffer.concat([iv, done.update('other'), done.final(), done.getAuthTag()]))
    },
  ],
  [
    'one start value for two attachments',
    'EBMS:0103',
    () => {
      const wire = two()
      const [first, second] = ['a@nta.al', 'b@nta.al'].map((id) => attachmentOf(wire, id))
      const key = keyOf(wire)
      const opened = createDecipheriv('aes-128-gcm', key, second!.subarray(0, 12)).setAuthTag(second!.subarray(-16))
      const plain = opened.update(second!.subarray(12, -16))
      const done = createCipheriv('aes-128-gcm', key, first!.subarray(0, 12))
      const again = Buffer.concat([first!.subarray(0, 12), done.update(plain), done.final(), done.getAuthTag()])
      return rewriteBody(wire, (body) => body.replace(second!.toString('latin1'), () => again.toString('latin1')))
    },
  ],
  ['AES-256-GCM, done right', 'EBMS:0103', () => reencrypted(gcm256, 32, GCM.replace('128', '256'))],
  ['AES-256-GCM, said to be AES-128', 'EBMS:0102', () => reencrypted(gcm256, 32)],
  ['AES-128-CBC, done right', 'EBMS:0103', () => reencrypted(cbc128, 16, `${XENC}aes128-cbc`)],
  ['AES-128-CBC, said to be GCM', 'EBMS:0102', () => reencrypted(cbc128, 16)],
])
