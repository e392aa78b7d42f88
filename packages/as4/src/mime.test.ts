import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_LIMITS } from './limits.ts'
import { readMediaType } from './media-type.ts'
import { readMime } from './mime-read.ts'
import { writeMultipart } from './mime-write.ts'
import { Refusal } from './refusal.ts'

const TYPE = 'multipart/related; boundary="b"; type="application/soap+xml"'
const ROOT = '--b\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n\r\n<e/>'
const PART = '\r\n--b\r\nContent-ID: <a@b>\r\n\r\nbytes'
const END = '\r\n--b--\r\n'

function read(body: string, contentType = TYPE) {
  return readMime({ contentType, body: Buffer.from(body, 'latin1') }, DEFAULT_LIMITS)
}

test('what was written is read', () => {
  const attachments = [0, 1, 2].map((n) => ({
    contentId: `p${n}@x`,
    mimeType: 'application/octet-stream',
    body: Buffer.from(['', '\r\n--bound\r\n', '\0\xff--'][n]!, 'latin1'),
  }))
  const read = readMime(writeMultipart(Buffer.from('<e/>'), attachments, 'boundary'), DEFAULT_LIMITS)
  assert.equal(read.envelope.toString(), '<e/>')
  assert.deepEqual(
    [...read.attachments].map(([contentId, part]) => ({ contentId, mimeType: part.mediaType.type, body: part.body })),
    attachments,
  )
})

test('a bare envelope, folded fields, an empty first line and a start parameter are read', () => {
  assert.equal(read('<e/>', 'application/soap+xml; charset=utf-8').attachments.size, 0)
  const folded = PART.replace('Content-ID: <', 'Content-Type: a/b;\r\n\tx=y\r\ncontent-id:\r\n <')
  assert.equal(read(`\r\n${ROOT}${folded}${END}`).attachments.get('a@b')?.mediaType.parameters.get('x'), 'y')
  const root = ROOT.replace('\r\n\r\n', '\r\nContent-ID: <root>\r\n\r\n')
  assert.equal(read(root + END, `${TYPE}; start="<root>"; start-info="x"`).envelope.toString(), '<e/>')
})

for (const [what, body, contentType] of [
  ['another type', ROOT + END, 'multipart/mixed; boundary="b"'],
  ['no type', ROOT + END, ''],
  ['a type that is too long', ROOT + END, `${TYPE}; x="${'y'.repeat(1000)}"`],
  ['a type with a line end', ROOT + END, `${TYPE}\r\n`],
  ['a parameter twice', ROOT + END, `${TYPE}; boundary="b"`],
  ['a broken parameter', ROOT + END, `${TYPE}; x="y`],
  ['another type parameter', ROOT + END, 'multipart/related; boundary="b"; type="text/xml"'],
  ['no boundary', ROOT + END, 'multipart/related'],
  ['an empty boundary', ROOT + END, 'multipart/related; boundary=""'],
  ['a long boundary', ROOT + END, `multipart/related; boundary="${'b'.repeat(71)}"`],
  ['another boundary', ROOT + END, 'multipart/related; boundary="c"'],
  ['an envelope in another charset', '<e/>', 'application/soap+xml; charset=utf-7'],
  ['a root in another charset', ROOT.replace('UTF-8', 'UTF-16') + END],
  ['a root of another type', ROOT.replace('application/soap+xml', 'text/xml') + END],
  ['another start', ROOT + END, `${TYPE}; start="<x>"`],
  ['text before', `x\r\n${ROOT}${END}`],
  ['text after', `${ROOT}${END}x`],
  ['two line ends after', `${ROOT}${END}\r\n`],
  ['no end', ROOT],
  ['no last boundary', ROOT + PART],
  ['a boundary that does not end its line', `${ROOT}\r\n--b x${PART}${END}`],
  ['a longer boundary in a body', ROOT + PART + '\r\n--bb' + END],
  ['line feeds only', (ROOT + PART + END).replaceAll('\r\n', '\n')],
  ['a part without fields', `${ROOT}\r\n--b\r\n\r\nx${END}`],
  ['a part without Content-ID', ROOT + PART.replace('Content-ID: <a@b>', 'Content-Type: a/b') + END],
  ['a part whose body is missing', `${ROOT}\r\n--b\r\nContent-ID: <a@b>\r\n\r\n--b--\r\n`],
  ['a Content-ID twice', ROOT + PART + PART + END],
  ['a Content-ID without brackets', ROOT + PART.replace('<a@b>', 'a@b') + END],
  ['a Content-ID with a space', ROOT + PART.replace('<a@b>', '<a @b>') + END],
  ['a long Content-ID', ROOT + PART.replace('<a@b>', `<${'a'.repeat(256)}>`) + END],
  ['a field twice', ROOT + PART.replace('\r\n\r\n', '\r\nContent-Id: <c@d>\r\n\r\n') + END],
  ['a field without name', ROOT + PART.replace('\r\n\r\n', '\r\n: x\r\n\r\n') + END],
  ['a NUL in a field', ROOT + PART.replace('a@b', 'a\0b') + END],
  ['a byte beyond ASCII in a field', ROOT + PART.replace('a@b', 'a\xe9b') + END],
  ['base64', ROOT + PART.replace('\r\n\r\n', '\r\nContent-Transfer-Encoding: base64\r\n\r\n') + END],
  ['long fields', ROOT + PART.replace('\r\n\r\n', `\r\nX: ${'y'.repeat(16_384)}\r\n\r\n`) + END],
  ['65 attachments', ROOT + Array.from({ length: 65 }, (_, n) => PART.replace('a@b', `a${n}@b`)).join('') + END],
  ['the Content-ID of the root again', ROOT.replace('\r\n\r\n', '\r\nContent-ID: <a@b>\r\n\r\n') + PART + END],
  ['nothing', ''],
  ['only an end', '--b--'],
] as const) {
  test(`refused: ${what}`, () => {
    assert.throws(
      () => read(body, contentType),
      (error) => error instanceof Refusal && error.code === 'EBMS:0007',
    )
  })
}

test('64 attachments are read, and a hostile body is refused quickly', () => {
  const many = Array.from({ length: 64 }, (_, n) => PART.replace('a@b', `a${n}@b`)).join('')
  assert.equal(read(ROOT + many + END).attachments.size, 64)
  const started = process.cpuUsage()
  assert.throws(() => read(ROOT + '\r\n--b\r\n'.repeat(1_000_000)))
  assert.throws(() => read(ROOT + PART.repeat(100_000)))
  assert.throws(() => readMediaType(`a/b${'; x="'.repeat(190)}`))
  assert.ok(process.cpuUsage(started).user < 1_000_000)
})

test('a body that is larger than allowed is refused', () => {
  const limits = { ...DEFAULT_LIMITS, bodyBytes: 3 }
  assert.throws(() => readMime({ contentType: 'application/soap+xml', body: Buffer.from('<e/>') }, limits), /4 bytes/)
})
