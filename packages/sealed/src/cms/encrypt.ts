import { constants, createCipheriv, publicEncrypt, randomBytes, type X509Certificate } from 'node:crypto'
import {
  CMSVersion,
  ContentEncryptionAlgorithmIdentifier,
  EncryptedContent,
  EncryptedContentInfo,
  id_data,
  KeyEncryptionAlgorithmIdentifier,
  KeyTransRecipientInfo,
  RecipientIdentifier,
  RecipientInfo,
  RecipientInfos,
} from '@peculiar/asn1-cms'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { nameOf } from '../certificate.ts'
import { OID } from './names.ts'
import { OAEP_SHA256 } from './oaep.ts'
import { AuthEnvelopedContentInfo, AuthEnvelopedData, GcmParameters } from './structure.ts'

/** AuthEnvelopedData (RFC 5083) for one addressee, DER: AES-256-GCM under a key of its own, which RSA-OAEP carries. */
export function encryptFor(addressee: X509Certificate, content: Uint8Array): Uint8Array {
  const [key, nonce] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()])
  const parameters = AsnConvert.serialize(new GcmParameters({ nonce: new OctetString(nonce), icvLength: 16 }))
  const data = new AuthEnvelopedData({
    recipientInfos: new RecipientInfos([new RecipientInfo({ ktri: transportKey(addressee, key) })]),
    authEncryptedContentInfo: new EncryptedContentInfo({
      contentType: id_data,
      contentEncryptionAlgorithm: new ContentEncryptionAlgorithmIdentifier({ algorithm: OID.aes256Gcm, parameters }),
      encryptedContent: new EncryptedContent({ value: new OctetString(encrypted) }),
    }),
    mac: new OctetString(cipher.getAuthTag()),
  })
  return new Uint8Array(AsnConvert.serialize(new AuthEnvelopedContentInfo({ content: data })))
}

/** RSAES-OAEP with SHA-256 for digest and mask (RFC 4056, 3; RFC 8017, A.2.1). */
function transportKey(addressee: X509Certificate, key: Buffer): KeyTransRecipientInfo {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const encryptedKey = publicEncrypt({ key: addressee.publicKey, padding, oaepHash: 'sha256' }, key)
  return new KeyTransRecipientInfo({
    version: CMSVersion.v0,
    rid: new RecipientIdentifier({ issuerAndSerialNumber: nameOf(addressee) }),
    keyEncryptionAlgorithm: new KeyEncryptionAlgorithmIdentifier({
      algorithm: OID.rsaOaep,
      parameters: OAEP_SHA256,
    }),
    encryptedKey: new OctetString(encryptedKey),
  })
}
