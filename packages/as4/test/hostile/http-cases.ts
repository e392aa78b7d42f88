import type { Wire } from '@corridor/as4'

// Bad HTTP, as raw bytes on a connection, for whatever serves AS4 at /as4. Nothing in here needs a client library, which
// would not send most of it.

/**
 * What comes back: a status; `receipt` or the code of an ebMS error in a 200; `closed`: the connection ends without an
 * answer. Of several answers the first is meant.
 */
export type HttpAnswer = number | 'receipt' | `EBMS:${string}` | 'closed'

export interface HttpCase {
  name: string
  expect: HttpAnswer | readonly HttpAnswer[]
  /** What is sent at once; a valid message is given. */
  bytes: (wire: Wire) => Buffer
  /** Afterwards these octets follow, one every 100 ms, until the server has had enough. */
  drip?: string
  /** The client stops sending after this, or stays silent (the default) until it has an answer. */
  end?: true
}

/** A body of this size or more is too large. */
export const BODY_LIMIT = 1_000_000

const head = (fields: readonly string[], start = 'POST /as4 HTTP/1.1'): string =>
  `${[start, 'Host: as4.test', ...fields].join('\r\n')}\r\n\r\n`
const raw = (text: string) => (): Buffer => Buffer.from(text, 'latin1')
const typeOf = (wire: Wire): string => `Content-Type: ${wire.contentType}`
/** A request that is good but for the fields given. */
const good =
  (fields: readonly string[], start?: string) =>
  (wire: Wire): Buffer =>
    Buffer.concat([
      Buffer.from(head([typeOf(wire), `Content-Length: ${wire.body.length}`, ...fields], start), 'latin1'),
      wire.body,
    ])
/** A request whose fields about its length are just these. */
const framed =
  (...fields: string[]) =>
  (wire: Wire): Buffer =>
    Buffer.concat([Buffer.from(head([typeOf(wire), ...fields])), wire.body])
const typed =
  (...types: string[]) =>
  (wire: Wire): Buffer =>
    Buffer.concat([
      Buffer.from(head([...types.map((type) => `Content-Type: ${type}`), `Content-Length: ${wire.body.length}`])),
      wire.body,
    ])
const chunked =
  (chunks: (body: Buffer) => (string | Buffer)[], ...fields: string[]) =>
  (wire: Wire): Buffer =>
    Buffer.concat([
      Buffer.from(head([typeOf(wire), ...(fields.length > 0 ? fields : ['Transfer-Encoding: chunked'])])),
      ...chunks(Buffer.from(wire.body)).map((each) => (typeof each === 'string' ? Buffer.from(each, 'latin1') : each)),
    ])
const chunk = (body: Buffer): (string | Buffer)[] => [`${body.length.toString(16)}\r\n`, body, '\r\n', '0\r\n\r\n']
const method = (name: string) => good([], `${name} /as4 HTTP/1.1`)
const path = (target: string) => good([], `POST ${target} HTTP/1.1`)

const FRAMING: readonly HttpCase[] = [
  {
    name: 'no Content-Length, no Transfer-Encoding',
    expect: 'EBMS:0007',
    bytes: (wire) => Buffer.from(head([typeOf(wire)])),
  },
  { name: 'Content-Length: words', expect: 400, bytes: framed('Content-Length: many') },
  { name: 'Content-Length: negative', expect: 400, bytes: framed('Content-Length: -1') },
  { name: 'Content-Length: with a sign', expect: 400, bytes: framed('Content-Length: +5') },
  { name: 'Content-Length: hexadecimal', expect: 400, bytes: framed('Content-Length: 0x10') },
  { name: 'Content-Length: empty', expect: 400, bytes: framed('Content-Length:') },
  { name: 'Content-Length: a list', expect: 400, bytes: framed('Content-Length: 5, 6') },
  { name: 'Content-Length: twice, different', expect: 400, bytes: framed('Content-Length: 5', 'Content-Length: 6') },
  { name: 'Content-Length: more than a number holds', expect: 400, bytes: framed(`Content-Length: ${'9'.repeat(40)}`) },
  { name: 'Content-Length: larger than allowed', expect: 413, bytes: framed(`Content-Length: ${BODY_LIMIT + 1}`) },
  { name: 'Content-Length: nine petabytes', expect: 413, bytes: framed('Content-Length: 9007199254740993') },
  { name: 'Content-Length: less than is sent', expect: ['EBMS:0007', 400], bytes: framed('Content-Length: 100') },
  {
    name: 'Content-Length: more than is sent, then the end',
    expect: [400, 'closed'],
    bytes: framed('Content-Length: 500000'),
    end: true,
  },
  {
    name: 'Content-Length and Transfer-Encoding',
    expect: 400,
    bytes: chunked(chunk, 'Content-Length: 5', 'Transfer-Encoding: chunked'),
  },
  {
    name: 'Transfer-Encoding and Content-Length',
    expect: 400,
    bytes: chunked(chunk, 'Transfer-Encoding: chunked', 'Content-Length: 5'),
  },
  {
    name: 'Transfer-Encoding: chunked and then something else',
    expect: 400,
    bytes: chunked(chunk, 'Transfer-Encoding: chunked, gzip'),
  },
  { name: 'Transfer-Encoding: misspelt', expect: 400, bytes: chunked(chunk, 'Transfer-Encoding: xchunked') },
  { name: 'Transfer-Encoding: identity', expect: 400, bytes: chunked(chunk, 'Transfer-Encoding: identity') },
  {
    name: 'Transfer-Encoding: with a space before its colon',
    expect: 400,
    bytes: chunked(chunk, 'Transfer-Encoding : chunked'),
  },
  { name: 'chunks: a size that is none', expect: 400, bytes: chunked((body) => ['zz\r\n', body]) },
  { name: 'chunks: a negative size', expect: 400, bytes: chunked((body) => ['-5\r\n', body]) },
  { name: 'chunks: a size of 2^64', expect: 400, bytes: chunked((body) => ['10000000000000000\r\n', body]) },
  {
    name: 'chunks: a size of 2^63, and little sent',
    expect: [400, 'closed'],
    bytes: chunked((body) => ['7fffffffffffffff\r\n', body]),
    end: true,
  },
  { name: 'chunks: a size that is less than is sent', expect: 400, bytes: chunked((body) => ['5\r\n', body]) },
  {
    name: 'chunks: lines ended by line feeds alone',
    expect: 400,
    bytes: chunked((body) => [`${body.length.toString(16)}\n`, body, '\n0\n\n']),
  },
  {
    name: 'chunks: extensions of a megabyte',
    expect: 413,
    bytes: chunked((body) => [`${body.length.toString(16)};${'x'.repeat(1_000_000)}\r\n`, body]),
  },
  {
    name: 'chunks: more than is allowed',
    expect: 413,
    bytes: chunked(() => Array.from({ length: 20 }, () => `10000\r\n${'x'.repeat(0x10000)}\r\n`)),
  },
  { name: 'chunks: a million of one octet', expect: 413, bytes: chunked(() => ['1\r\nx\r\n'.repeat(1_000_001)]) },
  {
    name: 'chunks: no end, then the end',
    expect: [400, 'closed'],
    bytes: chunked((body) => [`${body.length.toString(16)}\r\n`, body, '\r\n']),
    end: true,
  },
  {
    name: 'chunks: trailers that would change the framing',
    expect: ['receipt', 400],
    bytes: chunked((body) => [...chunk(body).slice(0, 3), '0\r\nContent-Length: 5\r\nHost: other\r\n\r\n']),
  },
]

const HEADERS: readonly HttpCase[] = [
  { name: '10,000 fields', expect: 431, bytes: good(Array.from({ length: 10_000 }, (_, n) => `X-${n}: y`)) },
  { name: 'a field of a megabyte', expect: 431, bytes: good([`X-Long: ${'y'.repeat(1_048_576)}`]) },
  { name: 'a field name of a megabyte', expect: 431, bytes: good([`${'X'.repeat(1_048_576)}: y`]) },
  {
    name: 'no Host',
    expect: 400,
    bytes: (wire) =>
      Buffer.concat([
        Buffer.from(`POST /as4 HTTP/1.1\r\n${typeOf(wire)}\r\nContent-Length: ${wire.body.length}\r\n\r\n`),
        wire.body,
      ]),
  },
  { name: 'NUL in a field', expect: 400, bytes: good(['X: a\0b']) },
  { name: 'a bare carriage return in a field', expect: 400, bytes: good(['X: a\rY: b']) },
  { name: 'a field without a colon', expect: 400, bytes: good(['nonsense']) },
  { name: 'a space before a colon', expect: 400, bytes: good(['X : y']) },
  { name: 'a field name that is none', expect: 400, bytes: good(['X(y): z']) },
  {
    name: 'line feeds alone',
    expect: 400,
    bytes: (wire) =>
      Buffer.concat([
        Buffer.from(head([typeOf(wire), `Content-Length: ${wire.body.length}`]).replaceAll('\r\n', '\n')),
        wire.body,
      ]),
  },
  { name: 'a version that does not exist', expect: 400, bytes: good([], 'POST /as4 HTTP/7.3') },
  { name: 'HTTP 0.9', expect: [400, 408], bytes: raw('POST /as4\r\n') },
  { name: 'the preface of HTTP/2', expect: [400, 404, 405, 'closed'], bytes: raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n') },
  { name: 'a hello of TLS inside', expect: 400, bytes: raw('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03') },
  { name: 'random octets', expect: 400, bytes: raw('\x8f\x03\xee\x00\xffq\x12\r\n\r\n') },
  { name: 'an expectation that nobody knows', expect: 417, bytes: good(['Expect: a miracle']) },
  {
    name: 'an upgrade to something else',
    expect: 'receipt',
    bytes: good(['Connection: Upgrade', 'Upgrade: websocket']),
  },
  {
    name: 'fields that say where it was sent to',
    expect: 'receipt',
    bytes: good(['X-Original-URL: /admin', 'X-HTTP-Method-Override: DELETE', 'Forwarded: for=127.0.0.1']),
  },
]

const REQUESTS: readonly HttpCase[] = [
  ...['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE'].map((name) => ({
    name: `method: ${name}`,
    expect: 405,
    bytes: method(name),
  })),
  { name: 'method: CONNECT', expect: 'closed', bytes: raw('CONNECT as4.test:443 HTTP/1.1\r\nHost: as4.test\r\n\r\n') },
  { name: 'method: post', expect: 400, bytes: method('post') },
  { name: 'method: one that does not exist', expect: 400, bytes: method('SHOUT') },
  ...[
    '/',
    '/AS4',
    '/as4/',
    '//as4',
    '/as4/../as4',
    '/./as4',
    '/%61s4',
    '/as4%00',
    '/as4;x',
    '/../../etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/as4#x',
    'http://other.test/as4',
  ].map((target) => ({ name: `path: ${target}`, expect: 404, bytes: path(target) })),
  { name: 'path: of 100 kB', expect: 431, bytes: path(`/${'x'.repeat(100_000)}`) },
  // Node's parser takes it for HTTP 0.9 with fields, and the path is the right one.
  { name: 'path: with a line end', expect: [400, 'receipt'], bytes: path('/as4\r\nX: y') },
  { name: 'type: none', expect: 'EBMS:0007', bytes: typed() },
  { name: 'type: text/xml', expect: 'EBMS:0007', bytes: typed('text/xml') },
  { name: 'type: JSON', expect: 'EBMS:0007', bytes: typed('application/json') },
  { name: 'type: form', expect: 'EBMS:0007', bytes: typed('multipart/form-data; boundary=x') },
  {
    name: 'type: nonsense first, then a good one',
    expect: 'EBMS:0007',
    bytes: (wire) => typed('x', wire.contentType)(wire),
  },
  { name: 'type: in UTF-7', expect: 'EBMS:0007', bytes: typed('application/soap+xml; charset=utf-7') },
  { name: 'type: in UTF-16', expect: 'EBMS:0007', bytes: typed('application/soap+xml; charset=utf-16') },
  { name: 'type: in UTF-32', expect: 'EBMS:0007', bytes: typed('application/soap+xml; charset=utf-32') },
  { name: 'a message under gzip', expect: 415, bytes: good(['Content-Encoding: gzip']) },
  { name: 'a message under brotli', expect: 415, bytes: good(['Content-Encoding: br']) },
  { name: 'a message under gzip, twice', expect: 415, bytes: good(['Content-Encoding: gzip, gzip']) },
  { name: 'no body', expect: 'EBMS:0007', bytes: (wire) => Buffer.from(head([typeOf(wire), 'Content-Length: 0'])) },
  {
    name: 'pipelined: rubbish after a good message',
    expect: ['receipt', 400],
    bytes: (wire) => Buffer.concat([good([])(wire), Buffer.from('rubbish\r\n\r\n')]),
  },
  {
    name: 'pipelined: a request for another path hidden behind no body',
    expect: ['EBMS:0007', 400],
    bytes: (wire) =>
      Buffer.concat([
        Buffer.from(head([typeOf(wire), 'Content-Length: 0'])),
        Buffer.from(head([], 'GET /admin HTTP/1.1')),
      ]),
  },
  {
    name: 'pipelined: a hundred requests without bodies',
    expect: 'EBMS:0007',
    bytes: (wire) => Buffer.from(head([typeOf(wire), 'Content-Length: 0']).repeat(100)),
  },
]

const SLOW: readonly HttpCase[] = [
  { name: 'slow: nothing is ever sent', expect: [408, 'closed'], bytes: raw('') },
  {
    name: 'slow: fields, octet by octet',
    expect: 408,
    bytes: raw('POST /as4 HTTP/1.1\r\nHost: as4.test\r\n'),
    drip: 'X: ' + 'y'.repeat(1000),
  },
  {
    name: 'slow: a body, octet by octet',
    expect: 408,
    bytes: (wire) => Buffer.from(head([typeOf(wire), 'Content-Length: 100000'])),
    drip: 'x'.repeat(1000),
  },
  {
    name: 'slow: chunks, octet by octet',
    expect: 408,
    bytes: (wire) => Buffer.from(head([typeOf(wire), 'Transfer-Encoding: chunked'])),
    drip: '1\r\nx\r\n'.repeat(100),
  },
  { name: 'slow: half a body, then nothing', expect: 408, bytes: framed('Content-Length: 500000') },
  {
    name: 'slow: 100-continue, then nothing',
    expect: [100, 408],
    bytes: (wire) => Buffer.from(head([typeOf(wire), 'Content-Length: 500', 'Expect: 100-continue'])),
  },
]

/** All of them; those called slow take as long as the server's timeouts. */
export const HTTP_CASES: readonly HttpCase[] = [...FRAMING, ...HEADERS, ...REQUESTS, ...SLOW]
