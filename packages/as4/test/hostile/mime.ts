import assert from 'node:assert/strict'
import type { Wire } from '@corridor/as4'
import { find, replace, resignMessaging, resign, rewrite, rewriteBody, sealPayloads } from '../forge.ts'
import { messageOf, sealed } from '../support.ts'
import { casesOf } from './case.ts'

const SOAP = 'application/soap+xml'
const boundaryOf = (wire: Wire): string => find(wire.contentType, /(?<=boundary=")[^"]+/)

/** Changes the Content-Type of the whole. */
const typed = (change: (type: string) => string) => (): Wire => {
  const wire = sealed()
  return { ...wire, contentType: change(wire.contentType) }
}
/** Changes the body, given its boundary. */
const body = (change: (body: string, boundary: string) => string) => (): Wire => {
  const wire = sealed()
  return rewriteBody(wire, (text) => change(text, boundaryOf(wire)))
}
/** Puts header lines on the attachment. */
const fields = (lines: string) => body((text) => replace(text, 'Content-ID: <doc@', `${lines}\r\nContent-ID: <doc@`))
/** Puts header lines on the envelope's part. */
const rootFields = (lines: string) =>
  body((text) => replace(text, ';charset=UTF-8\r\n', `;charset=UTF-8\r\n${lines}\r\n`))
const encoded = (encoding: string) =>
  body((text) => text.replaceAll('Transfer-Encoding: binary', `Transfer-Encoding: ${encoding}`))
/** A message made of other parts than one should send. */
const parts =
  (list: (envelope: string, attachment: string) => string[], type = `type="${SOAP}"`) =>
  (): Wire => {
    const wire = sealed()
    const [, envelope = '', attachment = ''] = Buffer.from(wire.body)
      .toString('latin1')
      .split(`--${boundaryOf(wire)}`)
    const text = `--b${list(envelope, attachment.replace(/\r\n$/, ''))
      .map((each) => each.replace(/\r\n$/, ''))
      .join('\r\n--b')}\r\n--b--\r\n`
    return { contentType: `multipart/related; boundary="b"; ${type}`, body: Buffer.from(text, 'latin1') }
  }
const tiny = (id: string): string => `\r\nContent-ID: <${id}>\r\n\r\n${'x'.repeat(100)}`
/** Names the attachment otherwise wherever it is named by a URL, and signs that. */
const cid = (url: string) => (): Wire => {
  const named = rewrite(sealed(), (envelope) => envelope.replaceAll('URI="cid:doc@nta.al"', `URI="${url}"`))
  return resignMessaging(
    (messaging) => replace(messaging, 'href="cid:doc@nta.al"', `href="${url}"`),
    resign(named, (info) => info),
  )
}
const nested = (depth: number): string => {
  let inner = `\r\nContent-Type: ${SOAP}\r\n\r\n<x/>`
  for (let n = 0; n < depth; n++) {
    inner = `\r\nContent-Type: multipart/related; boundary=n${n}; type="${SOAP}"\r\n\r\n--n${n}${inner}\r\n--n${n}--`
  }
  return inner
}

export const MIME = casesOf('MIME', [
  ['no boundary', 'EBMS:0007', typed((type) => type.replace(/boundary="[^"]+"; /, ''))],
  ['an empty boundary', 'EBMS:0007', typed((type) => type.replace(/boundary="[^"]+"/, 'boundary=""'))],
  [
    'a boundary of 71 characters',
    'EBMS:0007',
    typed((type) => type.replace(/boundary="[^"]+"/, `boundary="${'b'.repeat(71)}"`)),
  ],
  [
    'a boundary of 900 characters',
    'EBMS:0007',
    typed((type) => type.replace(/boundary="[^"]+"/, `boundary="${'b'.repeat(900)}"`)),
  ],
  ['a boundary with a line end', 'EBMS:0007', typed((type) => type.replace('corridor-', 'corridor\r\n-'))],
  ['a boundary with a quote in it', 'EBMS:0007', typed((type) => type.replace('corridor-', 'corridor\\"-'))],
  ['a boundary with a space at its end', 'EBMS:0007', typed((type) => type.replace(/"; type/, ' "; type'))],
  ['two boundaries', 'EBMS:0007', typed((type) => `${type}; boundary=other`)],
  [
    'a boundary cut in pieces (RFC 2231)',
    'EBMS:0007',
    typed((type) => type.replace('boundary="', 'boundary*0="cor"; boundary*1="')),
  ],
  ['a boundary that is another’s', 'EBMS:0007', typed((type) => type.replace('corridor-', 'corridor_'))],
  ['a Content-Type of 100,000 characters', 'EBMS:0007', typed((type) => `${type}; x="${'y'.repeat(100_000)}"`)],
  [
    'a thousand parameters',
    'EBMS:0007',
    typed((type) => type + Array.from({ length: 1000 }, (_, n) => `;p${n}=1`).join('')),
  ],
  ['no Content-Type', 'EBMS:0007', typed(() => '')],
  ['multipart/mixed', 'EBMS:0007', typed((type) => type.replace('related', 'mixed'))],
  ['multipart/form-data', 'EBMS:0007', typed((type) => type.replace('related', 'form-data'))],
  ['a multipart that is said to be a bare envelope', 'EBMS:0009', typed(() => SOAP)],
  ['SOAP 1.1 announced', 'EBMS:0007', typed((type) => type.replace(SOAP, 'text/xml'))],
  ['XOP announced', 'EBMS:0007', typed((type) => type.replace(SOAP, 'application/xop+xml'))],
  ['the announced type is not a type', 'EBMS:0007', typed((type) => type.replace(SOAP, 'soap'))],
  ['start names another part', 'EBMS:0007', typed((type) => `${type}; start="<doc@nta.al>"`)],
  ['start names no part', 'EBMS:0007', typed((type) => `${type}; start="<nobody@nta.al>"`)],
  ['two starts', 'EBMS:0007', typed((type) => `${type}; start="<a@b>"; start="<doc@nta.al>"`)],
  ['the envelope said to be in UTF-7', 'EBMS:0007', body((text) => replace(text, 'charset=UTF-8', 'charset=UTF-7'))],
  ['the envelope said to be in UTF-16', 'EBMS:0007', body((text) => replace(text, 'charset=UTF-8', 'charset=UTF-16'))],
  [
    'the envelope said to be in UTF-32',
    'EBMS:0007',
    body((text) => replace(text, 'charset=UTF-8', 'charset=utf-32le')),
  ],
  ['the envelope in text/xml', 'EBMS:0007', body((text) => replace(text, SOAP, 'text/xml'))],
  ['a bare envelope said to be in UTF-7', 'EBMS:0007', typed(() => `${SOAP};charset=utf-7`)],
  [
    'a delimiter inside the attachment',
    'EBMS:0007',
    body((text, b) => replace(text, /(?<=Content-ID: <doc@nta.al>\r\n\r\n)/, `x\r\n--${b}\r\n`)),
  ],
  [
    'a second attachment cut out of the first',
    'EBMS:0007',
    body((text, b) =>
      replace(text, /(?<=Content-ID: <doc@nta.al>\r\n\r\n)/, `x\r\n--${b}\r\nContent-ID: <more@nta.al>\r\n\r\n`),
    ),
  ],
  [
    'an end inside the attachment',
    'EBMS:0007',
    body((text, b) => replace(text, /(?<=Content-ID: <doc@nta.al>\r\n\r\n)/, `x\r\n--${b}--\r\n`)),
  ],
  ['the last delimiter is missing', 'EBMS:0007', body((text, b) => replace(text, `\r\n--${b}--\r\n`, ''))],
  ['the last delimiter has no end mark', 'EBMS:0007', body((text, b) => replace(text, `--${b}--`, `--${b}`))],
  ['cut in the middle of the attachment', 'EBMS:0007', body((text) => text.slice(0, -200))],
  ['cut in the middle of the envelope', 'EBMS:0007', body((text) => text.slice(0, 900))],
  ['cut after the first delimiter', 'EBMS:0007', body((text, b) => text.slice(0, b.length + 4))],
  ['no body at all', 'EBMS:0007', body(() => '')],
  ['only the end', 'EBMS:0007', body((_, b) => `--${b}--\r\n`)],
  ['text before the first part', 'EBMS:0007', body((text) => `This is a message.\r\n${text}`)],
  ['text after the last part', 'EBMS:0007', body((text) => `${text}more`)],
  ['a second message after the last part', 'EBMS:0007', body((text) => text + text)],
  [
    'a delimiter that goes on in its line',
    'EBMS:0007',
    body((text, b) => replace(text, `\r\n--${b}\r\n`, `\r\n--${b}x\r\n`)),
  ],
  [
    'a delimiter with white space after it',
    'EBMS:0007',
    body((text, b) => replace(text, `\r\n--${b}\r\n`, `\r\n--${b} \r\n`)),
  ],
  ['line feeds alone', 'EBMS:0007', body((text) => text.replaceAll('\r\n', '\n'))],
  ['carriage returns alone', 'EBMS:0007', body((text) => text.replaceAll('\r\n', '\r'))],
  ['parts nested 50 deep', 'EBMS:0007', parts((_, attachment) => [nested(50), attachment])],
  ['an attachment that is 50 nested parts', 'EBMS:0007', parts((envelope) => [envelope, nested(50)])],
  [
    '10,000 parts of 100 bytes',
    'EBMS:0007',
    parts((envelope) => [envelope, ...Array.from({ length: 10_000 }, (_, n) => tiny(`p${n}@x`))]),
  ],
  [
    '10,000 parts before the envelope',
    'EBMS:0007',
    parts((envelope) => [...Array.from({ length: 10_000 }, (_, n) => tiny(`p${n}@x`)), envelope]),
  ],
  [
    '64 parts that nobody announced',
    'EBMS:0007',
    parts((envelope, attachment) => [envelope, attachment, ...Array.from({ length: 63 }, (_, n) => tiny(`p${n}@x`))]),
  ],
  ['a million delimiters', 'EBMS:0007', body((text, b) => text + `\r\n--${b}\r\n`.repeat(400_000))],
  ['a megabyte of header on a part', 'EBMS:0007', fields(`X-Long: ${'y'.repeat(1_048_576)}`)],
  [
    'ten thousand header lines on a part',
    'EBMS:0007',
    fields(Array.from({ length: 10_000 }, (_, n) => `X-${n}: y`).join('\r\n')),
  ],
  ['a megabyte of folds', 'EBMS:0007', fields(`X-Fold: y${'\r\n '.repeat(350_000)}`)],
  ['folded fields', 'as sent', fields('Content-Description: a\r\n folded\r\n\tfield')],
  [
    'a fold at the very start',
    'EBMS:0007',
    body((text, b) => replace(text, `--${b}\r\nContent-Type`, `--${b}\r\n Content-Type`)),
  ],
  [
    'the Content-ID in a fold of another field',
    'EBMS:0007',
    body((text) => replace(text, '\r\nContent-ID: <doc', '\r\n Content-ID: <doc')),
  ],
  ['the same Content-ID twice', 'EBMS:0007', parts((envelope, attachment) => [envelope, attachment, attachment])],
  ['two Content-IDs on one part', 'EBMS:0007', fields('Content-ID: <other@nta.al>')],
  ['the Content-ID of the attachment on the envelope', 'EBMS:0007', rootFields('Content-ID: <doc@nta.al>')],
  ['two Content-Types on one part', 'EBMS:0007', fields('Content-Type: text/html')],
  [
    'a Content-ID without brackets',
    'EBMS:0007',
    body((text) => replace(text, '<doc@nta.al>\r\n\r\n', 'doc@nta.al\r\n\r\n')),
  ],
  [
    'a Content-ID in another case',
    'EBMS:0007',
    body((text) => replace(text, '<doc@nta.al>\r\n\r\n', '<DOC@nta.al>\r\n\r\n')),
  ],
  ['no Content-ID', 'EBMS:0007', body((text) => replace(text, '\r\nContent-ID: <doc@nta.al>', ''))],
  [
    'an attachment that no PartInfo names',
    'EBMS:0007',
    parts((envelope, attachment) => [envelope, attachment, tiny('more@nta.al')]),
  ],
  ['an attachment that is not there', 'EBMS:0007', parts((envelope) => [envelope])],
  [
    'another attachment than the one that is named',
    'EBMS:0007',
    parts((envelope, attachment) => [envelope, attachment.replace('<doc@', '<dog@')]),
  ],
  ['the envelope second', 'EBMS:0007', parts((envelope, attachment) => [attachment, envelope])],
  ['two envelopes', 'EBMS:0007', parts((envelope, attachment) => [envelope, envelope, attachment])],
  [
    'a cid with percent-encoding that stands for the same',
    'opened',
    cid('cid:doc%40nta.al'),
    { check: ({ parts: [one] }) => assert.equal(one?.contentId, 'doc@nta.al') },
  ],
  ['a cid encoded twice', 'EBMS:0007', cid('cid:doc%2540nta.al')],
  ['a cid with a broken escape', 'EBMS:0007', cid('cid:doc%4')],
  ['a cid that encodes no UTF-8', 'EBMS:0007', cid('cid:doc%FF@nta.al')],
  ['a cid with a letter that looks the same', 'EBMS:0007', cid('cid:dоc@nta.al')],
  ['a cid in capitals', 'EBMS:0011', cid('CID:doc@nta.al')],
  ['an encoding in base64', 'EBMS:0007', encoded('base64')],
  ['an encoding in quoted-printable', 'EBMS:0007', encoded('quoted-printable')],
  ['an encoding that nobody knows', 'EBMS:0007', encoded('x-gzip')],
  ['two encodings', 'EBMS:0007', fields('Content-Transfer-Encoding: 8bit')],
  [
    'junk said to be base64',
    'EBMS:0007',
    parts((envelope) => [envelope, '\r\nContent-ID: <doc@nta.al>\r\nContent-Transfer-Encoding: base64\r\n\r\n*&^%$']),
  ],
  ['NUL in a field', 'EBMS:0007', fields('X: a\0b')],
  ['a byte beyond ASCII in a field', 'EBMS:0007', fields('Content-Description: caf\xe9')],
  ['a bare carriage return in a field', 'EBMS:0007', fields('X: a\rContent-ID: <x@y>')],
  ['a field without a name', 'EBMS:0007', fields(': value')],
  ['a field with a space before its colon', 'EBMS:0007', fields('X : value')],
  ['a line that is no field', 'EBMS:0007', fields('GET / HTTP/1.1')],
  [
    'a file name that climbs out',
    'as sent',
    fields('Content-Disposition: attachment; filename="../../../../etc/passwd"'),
  ],
  ['a Content-Location that leads elsewhere', 'as sent', fields('Content-Location: file:///etc/passwd')],
  [
    'an attachment that is said to be somewhere else',
    'EBMS:0102',
    parts((envelope) => [
      envelope,
      '\r\nContent-ID: <doc@nta.al>\r\nContent-Type: message/external-body; access-type=URL; URL="http://127.0.0.1/"\r\n\r\nContent-Type: text/xml\r\n\r\n',
    ]),
  ],
  [
    'an attachment of 0 bytes',
    'EBMS:0102',
    parts((envelope) => [envelope, '\r\nContent-ID: <doc@nta.al>\r\n\r\n\r\n']),
  ],
  [
    'an attachment without even an empty line',
    'EBMS:0007',
    parts((envelope) => [envelope, '\r\nContent-ID: <doc@nta.al>\r\n\r\n']),
  ],
  ['a part without any field', 'EBMS:0007', parts((envelope, attachment) => [envelope, '\r\n\r\nx', attachment])],
  ['a part that is only a delimiter', 'EBMS:0007', parts((envelope, attachment) => [envelope, '\r\n', attachment])],
  [
    'more bytes than are ever read',
    'EBMS:0007',
    () => ({ contentType: SOAP, body: Buffer.alloc(33 * 1024 * 1024, 0x20) }),
  ],
  [
    '65 attachments, all announced',
    'EBMS:0007',
    () =>
      sealPayloads(
        Array.from({ length: 65 }, (_, n) => ({
          contentId: `p${n}@x`,
          mimeType: 'application/gzip',
          bytes: Buffer.from('x'),
        })),
      ),
  ],
  ['an attachment said to be of another type', 'as sent', body((text) => text.replace(/octet-stream/, 'pdf'))],
  ['signed for a part that is not sent', 'EBMS:0007', () => sealPayloadsBut(1)],
])

/** Two parts are announced, signed and encrypted, and the last of them left out of the body. */
function sealPayloadsBut(missing: number): Wire {
  const wire = sealed({ parts: ['a', 'b'].map((id) => ({ ...messageOf().parts[0]!, contentId: `${id}@nta.al` })) })
  return rewriteBody(wire, (text) => {
    const pieces = text.split(`\r\n--${boundaryOf(wire)}`)
    pieces.splice(pieces.length - 1 - missing, missing)
    return pieces.join(`\r\n--${boundaryOf(wire)}`)
  })
}
