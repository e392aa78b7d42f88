import type { X509Certificate } from 'node:crypto'
import { decryptingKeys, openDecryption } from './decrypt.ts'
import { readEnvelope } from './envelope-read.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { readMime } from './mime-read.ts'
import { writeMultipart } from './mime-write.ts'
import type { Identity, PMode, Wire } from './model.ts'
import {
  messageOf,
  openedMessage,
  type OpenedMessage,
  partOf,
  refusalOf,
  type RefusedMessage,
  securityOf,
  signedTypeOf,
} from './open.ts'
import { policyOf } from './policy.ts'
import { demand, Refusal } from './refusal.ts'
import { unzip } from './unzip.ts'
import { readUserMessage } from './user-message-read.ts'
import { checkAttachmentDigest, sha256, verifyEnvelope } from './verify.ts'

const OCTETS = 'application/octet-stream'

/**
 * A message that was received and verified before, with its attachments decrypted: the very octets that its sender signed, which whoever has
 * the sender's certificate can verify by {@link openDisclosed}, and nobody needs our key for it. The envelope stays as it came. Throws
 * an error for what is no message that `identity` can decrypt.
 */
export function disclose(wire: Wire, identity: Identity): Wire {
  const mime = readMime(wire, DEFAULT_LIMITS)
  const { encryption } = securityOf(readEnvelope(mime.envelope))
  const decrypt = encryption && openDecryption(encryption, decryptingKeys(identity))
  const attachments = [...mime.attachments].map(([contentId, { body, mediaType }]) => ({
    contentId,
    mimeType: encryption ? (encryption.attachments.get(contentId)?.mimeType ?? OCTETS) : mediaType.type,
    body: decrypt ? decrypt(body) : body,
  }))
  // No part can hold the digest of the whole that it is in.
  return writeMultipart(mime.envelope, attachments, `corridor-${sha256(wire.body).toString('hex').slice(0, 48)}`)
}

/**
 * Verifies what {@link disclose} has made: the signature over the envelope by `signer`, and the digest of every attachment under it.
 * @param pmode the agreement under which the message went
 */
export function openDisclosed(
  wire: Wire,
  { pmode, signer }: { pmode: PMode; signer: X509Certificate },
): OpenedMessage | RefusedMessage {
  try {
    const mime = readMime(wire, DEFAULT_LIMITS)
    const envelope = readEnvelope(mime.envelope)
    const security = securityOf(envelope)
    const { trust: _, nextPartnerCertificate: __, ...agreed } = pmode
    const policy = policyOf({ ...agreed, partnerCertificate: signer })
    // Whether the certificate is valid today says nothing of a message of then.
    const verified = verifyEnvelope(envelope, security, policy, signer.validFromDate)
    const content = messageOf(verified.messaging)
    demand(content.local === 'UserMessage', 'EBMS:0007', 'it is no user message')
    const { header, parts: infos } = readUserMessage(content)
    const isAll = infos.length === mime.attachments.size && infos.length === verified.attachmentDigests.size
    demand(isAll, 'EBMS:0007', 'there are other attachments than those that were signed')
    let remaining = DEFAULT_LIMITS.unzippedBytes
    const parts = infos.map((info) => {
      const { contentId } = info
      const [attachment, digest] = [mime.attachments.get(contentId), verified.attachmentDigests.get(contentId)]
      demand(attachment && digest, 'EBMS:0103', 'an attachment is missing, or is not signed')
      const type = signedTypeOf(info, security.encryption, attachment.mediaType.type)
      const signed = checkAttachmentDigest(attachment.body, type, digest)
      const bytes = info.compressed ? unzip(attachment.body, DEFAULT_LIMITS, remaining) : signed
      remaining -= bytes.length
      demand(remaining >= 0, 'EBMS:0303', 'the payloads are too large')
      return { ...partOf(info), bytes }
    })
    return openedMessage({ header, pmode, verified }, parts)
  } catch (error) {
    if (error instanceof Refusal) return refusalOf(error, {})
    throw error
  }
}
