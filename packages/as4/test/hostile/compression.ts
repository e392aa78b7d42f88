import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import type { UserMessage, Wire } from '@corridor/as4'
import { property, sealPayloads } from '../forge.ts'
import { casesOf } from './case.ts'

// Payloads that the partner signed and encrypted as he should, and that are not what they say.

const payload = (make: () => Buffer) => (): Wire =>
  sealPayloads([{ contentId: 'a@b', mimeType: 'application/gzip', bytes: make() }])
const bytesOf = (message: UserMessage): Buffer => Buffer.from(message.parts[0]!.bytes)
const is = (expected: Buffer) => ({ check: (message: UserMessage) => assert.deepEqual(bytesOf(message), expected) })
const PLAIN = Buffer.from('<CD001C/>')
const GZIP = gzipSync(PLAIN)
/** A header of gzip with some flags and what they announce, before a whole deflated content. */
const withHeader = (flags: number, fields: Buffer): Buffer => {
  const head = Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255])
  return Buffer.concat([head, fields, deflateRawSync(PLAIN), GZIP.subarray(-8)])
}
const changed = (at: number, to: number) =>
  payload(() => {
    const bytes = Buffer.from(GZIP)
    bytes[at < 0 ? bytes.length + at : at] = to
    return bytes
  })
const zeros = (megabytes: number): Buffer => gzipSync(Buffer.alloc(megabytes * 1_048_576), { level: 9 })
const nested = (times: number): Buffer => {
  let bytes = zeros(10)
  for (let n = 1; n < times; n++) bytes = gzipSync(bytes)
  return bytes
}

export const COMPRESSION = casesOf('compression', [
  ['a bomb of 1:1,000', 'EBMS:0303', payload(() => zeros(30))],
  ['a bomb of 100 MB', 'EBMS:0303', payload(() => zeros(100))],
  ['a bomb of many members', 'EBMS:0303', payload(() => Buffer.concat(Array.from({ length: 60 }, () => zeros(1))))],
  [
    'a bomb behind something harmless',
    'EBMS:0303',
    payload(() => Buffer.concat([gzipSync(randomBytes(20_000)), zeros(30)])),
  ],
  ['1:160', 'EBMS:0303', payload(() => gzipSync(Buffer.concat([randomBytes(2000), Buffer.alloc(400_000)])))],
  [
    '1:1,000 in two payloads',
    'EBMS:0303',
    () =>
      sealPayloads(['a@b', 'c@d'].map((contentId) => ({ contentId, mimeType: 'application/gzip', bytes: zeros(5) }))),
  ],
  [
    'more than is allowed in all, at a low ratio',
    'EBMS:0303',
    payload(() => gzipSync(randomBytes(200_000))),
    { limits: { unzippedBytes: 100_000 } },
  ],
  [
    'more than is allowed in two payloads',
    'EBMS:0303',
    () =>
      sealPayloads(
        ['a@b', 'c@d'].map((contentId) => ({
          contentId,
          mimeType: 'application/gzip',
          bytes: gzipSync(randomBytes(60_000)),
        })),
      ),
    { limits: { unzippedBytes: 100_000 } },
  ],
  [
    'a payload that is not compressed, of more than is allowed',
    'EBMS:0303',
    () =>
      sealPayloads([
        {
          contentId: 'a@b',
          mimeType: 'application/pdf',
          bytes: randomBytes(100_001),
          properties: property('MimeType', 'application/pdf'),
        },
      ]),
    { limits: { unzippedBytes: 100_000 } },
  ],
  [
    '100,000 members of nothing',
    'opened',
    payload(() => Buffer.alloc(2_000_000, gzipSync(Buffer.alloc(0)))),
    is(Buffer.alloc(0)),
  ],
  [
    'a megabyte of empty blocks',
    'EBMS:0303',
    payload(() => Buffer.concat([GZIP.subarray(0, 10), Buffer.from('000000ffff'.repeat(200_000), 'hex')])),
  ],
  ['two members', 'opened', payload(() => Buffer.concat([GZIP, GZIP])), is(Buffer.concat([PLAIN, PLAIN]))],
  ['gzip in gzip', 'opened', payload(() => gzipSync(GZIP)), is(GZIP)],
  [
    'a bomb in gzip in gzip',
    'opened',
    payload(() => nested(3)),
    { check: (message) => assert.equal(gunzipSync(gunzipSync(bytesOf(message))).length, 10 * 1_048_576) },
  ],
  ['rubbish after the end', 'EBMS:0303', payload(() => Buffer.concat([GZIP, Buffer.from('rubbish')]))],
  ['zeros after the end', 'EBMS:0303', payload(() => Buffer.concat([GZIP, Buffer.alloc(512)]))],
  ['one octet after the end', 'EBMS:0303', payload(() => Buffer.concat([GZIP, Buffer.from([0x1f])]))],
  ['the start of a member after the end', 'EBMS:0303', payload(() => Buffer.concat([GZIP, GZIP.subarray(0, 10)]))],
  ['cut in its header', 'EBMS:0303', payload(() => GZIP.subarray(0, 5))],
  ['cut after its header', 'EBMS:0303', payload(() => GZIP.subarray(0, 10))],
  ['cut in its content', 'EBMS:0303', payload(() => GZIP.subarray(0, 14))],
  ['cut in its checksum', 'EBMS:0303', payload(() => GZIP.subarray(0, -6))],
  ['cut by one octet', 'EBMS:0303', payload(() => GZIP.subarray(0, -1))],
  ['a wrong checksum', 'EBMS:0303', changed(-5, 0)],
  ['a wrong length', 'EBMS:0303', changed(-1, 1)],
  ['a wrong first octet', 'EBMS:0303', changed(0, 0)],
  ['another method than deflate', 'EBMS:0303', changed(2, 9)],
  ['reserved flags', 'EBMS:0303', changed(3, 0xe0)],
  ['a reserved kind of block', 'EBMS:0303', changed(10, 0xff)],
  ['a name that climbs out', 'opened', payload(() => withHeader(8, Buffer.from('../../../etc/passwd\0'))), is(PLAIN)],
  [
    'a name without end',
    'EBMS:0303',
    payload(() => Buffer.concat([withHeader(8, Buffer.alloc(0)).subarray(0, 10), Buffer.alloc(200_000, 0x61)])),
  ],
  ['an extra field that is longer than all', 'EBMS:0303', payload(() => withHeader(4, Buffer.from([0xff, 0xff])))],
  ['a wrong checksum of the header', 'EBMS:0303', payload(() => withHeader(2, Buffer.from([0, 0])))],
  ['declared and not compressed', 'EBMS:0303', payload(() => PLAIN)],
  ['declared, and nothing there', 'EBMS:0303', payload(() => Buffer.alloc(0))],
  ['declared as gzip, and zlib', 'EBMS:0303', payload(() => deflateSync(PLAIN))],
  ['declared as gzip, and deflate alone', 'EBMS:0303', payload(() => deflateRawSync(PLAIN))],
  ['declared as gzip, and brotli', 'EBMS:0303', payload(() => brotliCompressSync(PLAIN))],
  [
    'declared as gzip, and a zip archive',
    'EBMS:0303',
    payload(() => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(30)])),
  ],
  [
    'not declared, and compressed',
    'opened',
    () =>
      sealPayloads([
        {
          contentId: 'a@b',
          mimeType: 'application/gzip',
          bytes: GZIP,
          properties: property('MimeType', 'application/gzip'),
        },
      ]),
    is(GZIP),
  ],
])
