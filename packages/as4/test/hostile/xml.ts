import type { Wire } from '@corridor/as4'
import { find, property, replace, resignMessaging, rewrite, rewriteBody, sealPayloads } from '../forge.ts'
import { sealed } from '../support.ts'
import { casesOf } from './case.ts'

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

const envelope = (change: (xml: string) => string) => (): Wire => rewrite(sealed(), change)
/** Puts something before the root element. */
const prolog = (text: string) => envelope((xml) => replace(xml, DECLARATION, `${DECLARATION}${text}`))
/** Puts something among the SOAP headers, where unknown ones are ignored. */
const header = (text: string | (() => string)) =>
  envelope((xml) => replace(xml, '</env:Header>', `${typeof text === 'string' ? text : text()}</env:Header>`))
/** Puts something in front of the signed action's text. */
const action = (text: string) => envelope((xml) => replace(xml, 'CD001C<', `${text}CD001C<`))
/** An attribute more on the root. */
const root = (text: string) => envelope((xml) => replace(xml, '<env:Envelope ', `<env:Envelope ${text} `))
/** The bytes of the envelope, for what no text can hold. */
const bytes = (change: (latin1: string) => string) => (): Wire =>
  rewriteBody(sealed(), (body) => {
    const found = find(body, /<\?xml.*<\/env:Envelope>/s)
    return body.replace(found, () => change(found))
  })
const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('latin1')
/** An XML payload that is signed as it is, not compressed. */
const payload = (text: string) => (): Wire =>
  sealPayloads([
    {
      contentId: 'a@b',
      mimeType: 'application/xml',
      bytes: Buffer.from(text),
      properties: property('MimeType', 'application/xml'),
    },
  ])

const entities = (levels: number): string =>
  `<!DOCTYPE x [<!ENTITY e0 "ha">${Array.from({ length: levels }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('')}]>`
const deep = (depth: number) => header(() => '<d>'.repeat(depth) + '</d>'.repeat(depth))
const many = (count: number, write: (n: number) => string) => Array.from({ length: count }, (_, n) => write(n)).join('')

export const XML = casesOf('XML', [
  ['a DOCTYPE', 'EBMS:0009', prolog('<!DOCTYPE x>')],
  ['a DOCTYPE after a comment', 'EBMS:0009', prolog('<!--\n--><!DOCTYPE x []>')],
  ['a DOCTYPE in small letters', 'EBMS:0009', prolog('<!doctype x>')],
  ['a DOCTYPE after the root', 'EBMS:0009', envelope((xml) => `${xml}<!DOCTYPE x>`)],
  ['a DOCTYPE inside', 'EBMS:0009', header('<!DOCTYPE x>')],
  ['a DTD from a file', 'EBMS:0009', prolog('<!DOCTYPE x SYSTEM "file:///etc/passwd">')],
  ['a DTD from the network', 'EBMS:0009', prolog('<!DOCTYPE x PUBLIC "x" "http://127.0.0.1:9/x.dtd">')],
  [
    'an external entity of a file',
    'EBMS:0009',
    envelope((xml) =>
      replace(
        replace(xml, DECLARATION, `${DECLARATION}<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`),
        'CD001C<',
        '&e;<',
      ),
    ),
  ],
  ['an external entity by HTTP', 'EBMS:0009', prolog('<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]>')],
  ['an external entity by FTP', 'EBMS:0009', prolog('<!DOCTYPE x [<!ENTITY e SYSTEM "ftp://127.0.0.1:9/">]>')],
  ['a parameter entity', 'EBMS:0009', prolog('<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>')],
  [
    'a billion laughs',
    'EBMS:0009',
    envelope((xml) => replace(replace(xml, DECLARATION, DECLARATION + entities(9)), 'CD001C<', '&e9;<')),
  ],
  [
    'quadratic blow-up',
    'EBMS:0009',
    envelope((xml) =>
      replace(
        replace(xml, DECLARATION, `${DECLARATION}<!DOCTYPE x [<!ENTITY e "${'x'.repeat(50_000)}">]>`),
        'CD001C<',
        `${'&e;'.repeat(10_000)}<`,
      ),
    ),
  ],
  ['an attribute by default from a DTD', 'EBMS:0009', prolog('<!DOCTYPE x [<!ATTLIST eb:Action a CDATA "b">]>')],
  ['an entity that was never declared', 'EBMS:0009', action('&e;')],
  ['an entity named as a property of every object', 'EBMS:0009', action('&__proto__;')],
  ['1,000 levels', 'EBMS:0009', deep(1_000)],
  ['10,000 levels', 'EBMS:0009', deep(10_000)],
  ['70,000 levels', 'EBMS:0009', deep(70_000)],
  ['1,000,000 levels', 'EBMS:0007', deep(1_000_000)],
  ['200,000 elements that are never closed', 'EBMS:0007', bytes(() => '<a>'.repeat(200_000))],
  ['100,000 attributes', 'EBMS:0007', header(() => `<d ${many(100_000, (n) => `a${n}="" `)}/>`)],
  ['40,000 attributes', 'EBMS:0009', header(() => `<d ${many(40_000, (n) => `a${n}="" `)}/>`)],
  ['65 attributes', 'EBMS:0009', header(() => `<d ${many(65, (n) => `a${n}="" `)}/>`)],
  ['20,000 namespace declarations', 'EBMS:0009', header(() => `<d ${many(20_000, (n) => `xmlns:p${n}="u" `)}/>`)],
  [
    '60 namespace declarations on each of 60 levels, which is within the limits',
    'as sent',
    header(() => many(60, (d) => `<d ${many(60, (n) => `xmlns:p${n}="urn:${d}" `)}>`) + '</d>'.repeat(60)),
  ],
  ['100,000 empty elements', 'EBMS:0009', header(() => '<d/>'.repeat(100_000))],
  ['100,000 pieces of text', 'EBMS:0009', header(() => '<d/>x'.repeat(80_000))],
  ['a name of a megabyte', 'EBMS:0007', header(() => `<${'n'.repeat(1_048_576)}/>`)],
  ['a name of 300 characters', 'EBMS:0009', header(() => `<${'n'.repeat(300)}/>`)],
  ['a prefix of 300,000 characters', 'EBMS:0009', header(() => `<${'n'.repeat(300_000)}:x/>`)],
  ['an attribute name of 300,000 characters', 'EBMS:0009', header(() => `<d ${'n'.repeat(300_000)}=""/>`)],
  [
    'names that collide in a hash table',
    'EBMS:0009',
    header(() =>
      many(30_000, (n) => `<${n.toString(2).padStart(16, '0').replaceAll('0', 'Aa').replaceAll('1', 'BB')}/>`).slice(
        0,
        400_000,
      ),
    ),
  ],
  ['a text of 30 MB', 'EBMS:0007', action('x'.repeat(30_000_000))],
  ['a text of 100 MB', 'EBMS:0007', action('x'.repeat(100_000_000))],
  ['a text of 400 kB in the action', 'EBMS:0009', action('x'.repeat(400_000))],
  ['the same attribute twice', 'EBMS:0009', root('a="" a=""')],
  ['the same attribute by two prefixes', 'EBMS:0009', root('xmlns:p="u" xmlns:q="u" p:a="1" q:a="2"')],
  ['two roots', 'EBMS:0009', envelope((xml) => xml + xml.replace(DECLARATION, ''))],
  ['text after the root', 'EBMS:0009', envelope((xml) => `${xml}x`)],
  ['text before the root', 'EBMS:0009', prolog('x')],
  ['a declaration that is not at the start', 'EBMS:0009', envelope((xml) => ` ${xml}`)],
  ['two declarations', 'EBMS:0009', prolog(DECLARATION)],
  ['NUL', 'EBMS:0009', action('\0')],
  ['NUL by reference', 'EBMS:0009', action('&#0;')],
  ['a control character by reference', 'EBMS:0009', action('&#x1B;')],
  ['a surrogate by reference', 'EBMS:0009', action('&#xD83D;&#xDE00;')],
  ['a character beyond Unicode by reference', 'EBMS:0009', action('&#x110000;')],
  ['a reference without end', 'EBMS:0009', action(`&#${'1'.repeat(100_000)}`)],
  ['U+FFFF', 'EBMS:0009', action('\uFFFF')],
  [
    'surrogates encoded one by one',
    'EBMS:0009',
    bytes((text) => replace(text, 'CD001C<', '\xed\xa0\xbd\xed\xb8\x80CD001C<')),
  ],
  ['invalid UTF-8', 'EBMS:0009', bytes((text) => replace(text, 'CD001C<', '\xffCD001C<'))],
  ['a UTF-8 sequence that is cut', 'EBMS:0009', bytes((text) => replace(text, 'CD001C<', '\xe2\x82CD001C<'))],
  ['overlong UTF-8 of a bracket', 'EBMS:0009', bytes((text) => replace(text, 'CD001C<', 'CD001C\xc0\xbc'))],
  ['overlong UTF-8 of a NUL', 'EBMS:0009', bytes((text) => replace(text, 'CD001C<', '\xc0\x80CD001C<'))],
  ['UTF-16 that says it is UTF-8', 'EBMS:0009', bytes((text) => utf16(text))],
  ['UTF-16 that says it is UTF-16', 'EBMS:0009', bytes((text) => `\xff\xfe${utf16(text.replace('UTF-8', 'UTF-16'))}`)],
  ['UTF-8 that says it is UTF-16', 'EBMS:0009', envelope((xml) => replace(xml, 'UTF-8', 'UTF-16'))],
  ['UTF-8 that says it is UTF-7', 'EBMS:0009', envelope((xml) => replace(xml, 'UTF-8', 'UTF-7'))],
  ['UTF-8 that says it is ISO-8859-1', 'EBMS:0009', envelope((xml) => replace(xml, 'UTF-8', 'ISO-8859-1'))],
  ['an encoding of 100,000 characters', 'EBMS:0009', envelope((xml) => replace(xml, 'UTF-8', 'U'.repeat(100_000)))],
  ['a byte order mark', 'as sent', envelope((xml) => `\uFEFF${xml}`)],
  ['two byte order marks', 'EBMS:0009', envelope((xml) => `\uFEFF\uFEFF${xml}`)],
  [
    'a DOCTYPE behind two byte order marks',
    'EBMS:0009',
    bytes((text) => `\xef\xbb\xbf\xef\xbb\xbf<!DOCTYPE x>${text.replace(DECLARATION, '')}`),
  ],
  ['a byte order mark after the declaration', 'EBMS:0009', prolog('\uFEFF')],
  ['a byte order mark of UTF-32', 'EBMS:0009', bytes((text) => `\xff\xfe\0\0${text}`)],
  ['CDATA in signed text', 'EBMS:0009', envelope((xml) => replace(xml, '>CD001C<', '><![CDATA[CD001C]]><'))],
  ['an empty CDATA section', 'EBMS:0009', action('<![CDATA[]]>')],
  ['a CDATA section in another', 'EBMS:0009', action('<![CDATA[<![CDATA[]]>]]>')],
  ['the end of a CDATA section in text', 'EBMS:0009', action(']]>')],
  ['a CDATA section that does not end', 'EBMS:0009', action('<![CDATA[')],
  ['a comment before the root', 'EBMS:0009', prolog('<!--x-->')],
  ['a comment after the root', 'EBMS:0009', envelope((xml) => `${xml}<!--x-->`)],
  ['a comment in signed text', 'EBMS:0009', action('CD0<!---->')],
  ['a comment with two hyphens', 'EBMS:0009', action('<!-- -- -->')],
  ['an instruction before the root', 'EBMS:0009', prolog('<?xml-stylesheet href="http://127.0.0.1:9/"?>')],
  ['an instruction in signed text', 'EBMS:0009', action('<?not ?>')],
  ['an instruction after the root', 'EBMS:0009', envelope((xml) => `${xml}<?x?>`)],
  ['an element that is not closed', 'EBMS:0009', envelope((xml) => replace(xml, '</eb:Action>', ''))],
  ['elements closed in another order', 'EBMS:0009', envelope((xml) => replace(xml, '</eb:Action>', '</eb:Service>'))],
  ['an envelope that is cut', 'EBMS:0009', envelope((xml) => xml.slice(0, -20))],
  ['an attribute without quotes', 'EBMS:0009', root('a=b')],
  ['a bracket in an attribute', 'EBMS:0009', root('a="<"')],
  ['a bare ampersand', 'EBMS:0009', action('a & b')],
  [
    'an XInclude that nobody asked for',
    'as sent',
    header('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'),
  ],
  [
    'an XInclude in what is signed',
    'EBMS:0009',
    () =>
      resignMessaging((xml) =>
        replace(
          xml,
          '<eb:PartyInfo>',
          '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"></xi:include><eb:PartyInfo>',
        ),
      ),
  ],
  [
    'a schema location of the attacker',
    'as sent',
    root(
      'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.w3.org/2003/05/soap-envelope http://127.0.0.1:9/x.xsd"',
    ),
  ],
  [
    'a schema of the attacker for a payload',
    'EBMS:0009',
    () =>
      resignMessaging((xml) =>
        replace(xml, '<eb:PartInfo ', '<eb:Schema location="http://127.0.0.1:9/x.xsd"></eb:Schema><eb:PartInfo '),
      ),
  ],
  [
    'thousands of declarations in what was signed',
    'EBMS:0101',
    envelope((xml) =>
      replace(
        replace(xml, '<eb:Messaging ', `<eb:Messaging ${many(25, (n) => `xmlns:d${n}="urn:${n}" d${n}:a="" `)}`),
        '<eb:MessageProperties>',
        `<eb:MessageProperties>${many(3500, (n) => `<eb:Property xmlns:p="urn:${n}" p:a="" name="n${n}">v</eb:Property>`)}`,
      ),
    ),
  ],
  ['a base of the attacker', 'as sent', root('xml:base="http://127.0.0.1:9/"')],
  ['XML 1.1', 'EBMS:0009', envelope((xml) => replace(xml, 'version="1.0"', 'version="1.1"'))],
  ['XML 2.0', 'EBMS:0009', envelope((xml) => replace(xml, 'version="1.0"', 'version="2.0"'))],
  ['a prefix that is not declared', 'EBMS:0009', header('<p:x/>')],
  ['a prefix bound to nothing', 'EBMS:0009', header('<x xmlns:p=""/>')],
  ['the prefix xml bound anew', 'EBMS:0009', header('<x xmlns:xml="urn:x"/>')],
  ['the prefix xmlns bound', 'EBMS:0009', header('<x xmlns:xmlns="urn:x"/>')],
  ['a namespace name with white space', 'EBMS:0009', header('<x xmlns=" urn:x"/>')],
  ['two colons in a name', 'EBMS:0009', header('<a:b:c xmlns:a="u"/>')],
  ['a DOCTYPE in a payload', 'EBMS:0102', payload('<!DOCTYPE x><x></x>')],
  ['an entity in a payload', 'EBMS:0102', payload('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')],
  ['an instruction in a payload that is signed as XML', 'EBMS:0102', payload('<x><?p x?></x>')],
  ['a payload that says it is XML and is not', 'EBMS:0102', payload('%PDF-1.7')],
  ['a payload of 100,000 levels', 'EBMS:0102', payload('<x>'.repeat(100_000))],
  ['an empty envelope', 'EBMS:0009', bytes(() => '')],
  ['JSON', 'EBMS:0009', bytes(() => '{"Envelope":{}}')],
  ['a page of HTML', 'EBMS:0009', bytes(() => '<html><body>502 Bad Gateway</body></html>')],
])
