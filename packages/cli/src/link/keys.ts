import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { UsageError } from '../arguments.ts'

/** PKCS #8 of an X25519 key (RFC 8410) before its 32 bytes. */
const before = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** A key pair as WireGuard writes it: 32 bytes each, base64. */
export interface WireguardKeys {
  privateKey: string
  publicKey: string
  /** Whether the file was there. */
  kept: boolean
}

/** The key of a side from its file; makes it where there is none. One that is there is never written over. @throws UsageError */
export function keptKeys(file: string): WireguardKeys {
  const there = statSync(file, { throwIfNoEntry: false })
  if (there === undefined) {
    const made = generateKeyPairSync('x25519').privateKey
    const privateKey = lastBytes(made, 'pkcs8')
    writeFileSync(file, `${privateKey}\n`, { mode: 0o600, flag: 'wx' })
    return { privateKey, publicKey: publicOf(made), kept: false }
  }
  if ((there.mode & 0o077) !== 0)
    throw new UsageError(`${file}: others can read it (mode ${(there.mode & 0o777).toString(8)}). chmod 600 it.`)
  const privateKey = readFileSync(file, 'utf8').trim()
  if (!isKey(privateKey))
    throw new UsageError(`${file} holds no key of WireGuard (32 bytes in base64). Move it away: another is made then.`)
  const key = createPrivateKey({
    key: Buffer.concat([before, Buffer.from(privateKey, 'base64')]),
    format: 'der',
    type: 'pkcs8',
  })
  return { privateKey, publicKey: publicOf(key), kept: true }
}

/** Whether a text is a key as WireGuard writes one. */
export const isKey = (text: string): boolean =>
  /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, 'base64').length === 32

function publicOf(privateKey: KeyObject): string {
  return lastBytes(createPublicKey(privateKey), 'spki')
}

function lastBytes(key: KeyObject, type: 'pkcs8' | 'spki'): string {
  return Buffer.from(key.export({ format: 'der', type }) as Buffer)
    .subarray(-32)
    .toString('base64')
}
