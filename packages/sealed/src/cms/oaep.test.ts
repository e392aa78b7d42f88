import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOaepSha256, OAEP_SHA256 } from './oaep.ts'

const sha256 = '0609608648016503040201'
const mgf1 = '06092a864886f70d010108'
const bytes = (hex: string): ArrayBuffer => new Uint8Array(Buffer.from(hex, 'hex')).buffer

test('RSA-OAEP with SHA-256 in the four spellings, and no other', () => {
  // As rSAES-OAEP-SHA256-Params of RFC 4055, 4.1: with NULL.
  const withNull = `302fa00f300d${sha256}0500a11c301a${mgf1}300d${sha256}0500`
  const without = `302ba00d300b${sha256}a11a3018${mgf1}300b${sha256}`
  const mixed = [
    `302da00f300d${sha256}0500a11a3018${mgf1}300b${sha256}`,
    `302da00d300b${sha256}a11c301a${mgf1}300d${sha256}0500`,
  ]
  assert.equal(Buffer.from(OAEP_SHA256).toString('hex'), without)
  for (const hex of [withNull, without, ...mixed]) assert.ok(isOaepSha256(bytes(hex)), hex)
  const sha1 = '06052b0e03021a'
  const others = [
    '3000',
    `300fa00d300b${sha256}`,
    `3025a00d300b${sha256}a1143012${mgf1}3005${sha1}`,
    `${without}a200`,
    without.replace('0201', '0202'),
    without.slice(0, -2),
  ]
  for (const hex of others) assert.ok(!isOaepSha256(bytes(hex)), hex)
  for (const none of [undefined, null]) assert.ok(!isOaepSha256(none))
})
