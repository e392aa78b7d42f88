import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto'
import { CMSVersion, type EncryptedContentInfo, id_data } from '@peculiar/asn1-cms'
import { isFitKey, isNamed } from '../certificate.ts'
import { demand, Refusal } from '../refusal.ts'
import type { SealIdentity } from '../seal.ts'
import { parseDer, parsePart } from './der.ts'
import { OID } from './names.ts'
import { isOaepSha256 } from './oaep.ts'
import { AuthEnvelopedContentInfo, GcmParameters } from './structure.ts'

/**
 * Decrypts what is for one of our certificates. Whatever fails once a key is in use is refused in the same words: how a stranger's
 * bytes fail under our key is nobody's business.
 * @throws Refusal not-an-object, cannot-decrypt
 */
export function decryptWith(own: readonly SealIdentity[], bytes: Uint8Array): Uint8Array {
  const { contentType, content: data } = parseDer(bytes, AuthEnvelopedContentInfo, 'not-an-object')
  demand(contentType === OID.authEnvelopedData, 'not-an-object', 'it is no AuthEnvelopedData')
  const { recipientInfos, authEncryptedContentInfo: info, authAttrs, unauthAttrs, originatorInfo } = data
  const bare = data.version === CMSVersion.v0 && !authAttrs && !unauthAttrs && !originatorInfo
  demand(bare, 'not-an-object', 'there is something beside recipient and content')
  const [recipient, ...others] = recipientInfos
  demand(recipient?.ktri && others.length === 0, 'not-an-object', 'an object has one addressee, with an RSA key')
  const { version, rid, keyEncryptionAlgorithm, encryptedKey } = recipient.ktri
  const asNamed = version === (rid.issuerAndSerialNumber ? CMSVersion.v0 : CMSVersion.v2)
  demand(asNamed, 'not-an-object', 'the version of the recipient is not that of its name')
  const { algorithm, parameters } = keyEncryptionAlgorithm
  const isOaep = algorithm === OID.rsaOaep && isOaepSha256(parameters)
  demand(isOaep, 'not-an-object', 'the key is not carried by RSA-OAEP with SHA-256')
  const { nonce, encrypted } = contentOf(info)
  const mac = Buffer.from(data.mac.buffer)
  const identity = own.find(({ certificate }) => isNamed(rid, certificate))
  // The missing certificate may be installed yet.
  demand(identity, 'cannot-decrypt', 'it is sealed for another certificate than ours', true)
  demand(isFitKey(identity.privateKey), 'cannot-decrypt', 'our key is not RSA of 2048 bits or more', true)
  const opened = tryDecrypt(identity.privateKey, Buffer.from(encryptedKey.buffer), nonce, encrypted, mac)
  demand(opened, 'cannot-decrypt', 'it is damaged, or not sealed for our key')
  return opened
}

function contentOf(info: EncryptedContentInfo): { nonce: Buffer; encrypted: Buffer } {
  const { algorithm, parameters } = info.contentEncryptionAlgorithm
  demand(algorithm === OID.aes256Gcm, 'not-an-object', 'the content is not encrypted by AES-256-GCM')
  const gcm = parsePart(parameters, GcmParameters, 'not-an-object')
  const nonce = Buffer.from(gcm.nonce.buffer)
  demand(nonce.length === 12 && gcm.icvLength === 16, 'not-an-object', 'nonce or tag of AES-GCM has another length')
  const value = info.encryptedContent?.value
  if (info.contentType !== id_data || !value) throw new Refusal('not-an-object', 'there is no encrypted content')
  return { nonce, encrypted: Buffer.from(value.buffer) }
}

function tryDecrypt(
  privateKey: KeyObject,
  encryptedKey: Buffer,
  nonce: Buffer,
  encrypted: Buffer,
  mac: Buffer,
): Buffer | undefined {
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    const key = privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, encryptedKey)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
    decipher.setAuthTag(mac)
    return Buffer.concat([decipher.update(encrypted), decipher.final()])
  } catch (error) {
    // node:crypto throws for a wrong padding, a key of another length and a tag that does not fit; nothing else can be told apart.
    if (error instanceof Error) return undefined
    throw error
  }
}
