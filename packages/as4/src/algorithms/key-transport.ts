import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto'

/**
 * RSA-OAEP with SHA-256 as digest and in MGF1 (XML Encryption 1.1, 5.5.2). node:crypto uses one hash for both, so
 * other pairs, which eDelivery AS4 1.15 lets a receiver accept, cannot be opened.
 */
export interface KeyTransport {
  transport: 'rsa-oaep'
  digest: 'sha256'
  mask: 'mgf1sha256'
}

const { RSA_PKCS1_OAEP_PADDING: padding } = constants

/** Wraps a content key for the holder of an RSA key. */
export function transportKey(contentKey: Uint8Array, recipient: KeyObject): Buffer {
  return withoutStacks(() => publicEncrypt({ key: recipient, padding, oaepHash: 'sha256' }, contentKey))
}

/** The content key back; throws whatever node:crypto throws when it was wrapped for somebody else. */
export function openTransported(wrapped: Buffer, privateKey: KeyObject): Buffer {
  return withoutStacks(() => privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, wrapped))
}

/**
 * Node 24 finds out what kind of key it was given by catching its own errors, two for each key with options. Their
 * stack traces, which nobody reads, cost more than a signature check does.
 */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return work()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
