import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from './decode.ts'
import type { XmlElement } from './element.ts'
import { XmlFault } from './fault.ts'
import { DEFAULT_LIMITS, type XmlLimits } from './limits.ts'
import { parseFully } from './parse.ts'
import { parseQuickly } from './quick-parse.ts'

const quickly = (text: string, limits: Partial<XmlLimits> = {}): XmlElement | undefined =>
  parseQuickly(decode(Buffer.from(text)), { ...DEFAULT_LIMITS, ...limits })

/** What the full parser makes of a text; undefined for a fault. */
function fully(text: string, limits: Partial<XmlLimits> = {}): XmlElement | undefined {
  try {
    return parseFully(decode(Buffer.from(text)), { ...DEFAULT_LIMITS, ...limits })
  } catch (error) {
    if (error instanceof XmlFault) return undefined
    throw error
  }
}

for (const text of [
  '<a/>',
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n <a></a>\n',
  '\uFEFF<?xml version="1.0"?><a b="c"/>',
  `<a\n\tb='"' \r\n c = "'\r\n\t" >x\r\ny</a\n>`,
  '<a>&lt;&amp;&gt;&quot;&apos;<b/>é😀</a>',
  '<p:a xmlns:p="urn:p" xmlns="urn:d" q:r="1" xmlns:q="urn:q"><b xmlns=""><c/></b><p:d xmlns:p="urn:e"/><p:f/></p:a>',
  '<a xml:lang="en" xml:space="preserve"> <b> </b> </a>',
  '<a_-.1 b_-.2="x>y"/>',
  '<a b="\t&#9;&#10;&#xD;&lt;" xmlns:p="&#117;">&#65;&#x1F600;&#13;&#xfffd;&#x0010FFFF;]]&gt;&#38;lt;</a>',
  `<a xmlns:p="${'u'.repeat(256)}" p:b=""/>`,
  '<a xmlns:p="u"><p:b xmlns:p="v"><p:c xmlns:p="w"/><p:d/></p:b><p:e/></a>',
  `<a xmlns:p="u" b="" p:b="" ${'cdefghij'.replaceAll(/./g, '$&="" p:$&="" ')}/>`,
]) {
  test(`read quickly, and as the full parser reads it: ${JSON.stringify(text)}`, () => {
    const quick = quickly(text)
    assert.notEqual(quick, undefined)
    assert.deepEqual(quick, fully(text))
  })
}

for (const text of [
  '',
  'x',
  '<',
  '<a',
  '</a>',
  '<a>',
  '<a></b>',
  '<a></a',
  '<a/><b/>',
  '<a/>x',
  'x<a/>',
  '<a b/>',
  '<a b=c/>',
  '<a b="<"/>',
  '<a b="c"d="e"/>',
  '<a b="1" b="2"/>',
  '<a xmlns:p="u" xmlns:q="u" p:b="" q:b=""/>',
  '<a xmlns="u" xmlns="v"/>',
  '<p:a/>',
  '<a p:b=""/>',
  '<a xmlns:p=""/>',
  '<a xmlns:xml="u"/>',
  '<a xmlns:xmlns="u"/>',
  '<xmlns:a/>',
  '<a xmlns=" u"/>',
  '<a xmlns="http://www.w3.org/2000/xmlns/"/>',
  '<a:b:c xmlns:a="u"/>',
  '<:a/>',
  '<a:/>',
  '<1a/>',
  '<a:1 xmlns:a="u"/>',
  '<a>&x;</a>',
  '<a>&</a>',
  '<a>& b;</a>',
  '<a>]]></a>',
  '<a>\0</a>',
  '<a>\u001B</a>',
  '<a>\uFFFF</a>',
  '< a/>',
  '<a / >',
  '<a></ a>',
  '<?xml version="1.1"?><a/>',
  '<?xml version="1.0" encoding="latin1"?><a/>',
  ' <?xml version="1.0"?><a/>',
  '<é/>',
  '<aé/>',
  '<a>&#0;</a>',
  '<a>&#31;</a>',
  '<a>&#xD800;</a>',
  '<a>&#xFFFE;</a>',
  '<a>&#x110000;</a>',
  '<a>&#X41;</a>',
  '<a>&#xG;</a>',
  '<a>&#;</a>',
  '<a>&#x;</a>',
  '<a>&#-1;</a>',
  '<a>&amp</a>',
  '<a>&constructor;</a>',
  '<a xmlns:p="&#32;u"/>',
  '<a>&#00000000065;</a>',
  '<a><!--x--></a>',
  '<a><?x?></a>',
  `<a xmlns:p="${'u'.repeat(257)}"/>`,
  '<a xmlns:p="u" xmlns:p="v"/>',
  '<a xmlns:p="u"><b xmlns:p="v" p:c="" xmlns:q="v" q:c=""/></a>',
  '<a><b xmlns:p="u"/><p:c/></a>',
  `<a ${'bcdefghij'.replaceAll(/./g, '$&="" ')}b=""/>`,
  `<a xmlns:p="u" xmlns:q="u" ${'bcdefghij'.replaceAll(/./g, 'p:$&="" ')}q:b=""/>`,
  '<a><![CDATA[x]]></a>',
]) {
  test(`left to the full parser: ${JSON.stringify(text)}`, () => assert.equal(quickly(text), undefined))
}

test('what is beyond a limit is left to the full parser, what is just within is not', () => {
  const text = '<a b="" c="">x<d>y</d></a>'
  for (const [limit, within] of Object.entries({ depth: 2, attributes: 2, nodes: 6, name: 1 })) {
    assert.deepEqual(quickly(text, { [limit]: within }), fully(text, { [limit]: within }))
    assert.notEqual(quickly(text, { [limit]: within }), undefined)
    assert.equal(quickly(text, { [limit]: within - 1 }), undefined)
  }
})

test('30,000 texts put together by chance: what is read quickly, the full parser reads alike', () => {
  const pieces = [
    '<',
    '>',
    '/',
    '</',
    '/>',
    '="',
    '"',
    "'",
    '=',
    ' ',
    '\n',
    'a',
    'b',
    'xmlns',
    'xmlns:p',
    ':',
    'p:',
    '&amp;',
    '&',
    ';',
    '<a>',
    '</a>',
    '<p:b xmlns:p="u">',
    '</p:b>',
    'é',
    ' c="d"',
    ']]>',
    '<!--',
    '-->',
    '<?x',
    '?>',
    '\t',
    '1',
    '-',
  ]
  let state = 20261124
  const pick = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  let read = 0
  for (let n = 0; n < 30_000; n++) {
    const inner = Array.from({ length: pick(8) }, () => pieces[pick(pieces.length)]!).join('')
    const text = n % 3 === 0 ? inner : n % 3 === 1 ? `<a ${inner}/>` : `<a xmlns:p="v">${inner}</a>`
    let decodedText: string
    try {
      decodedText = decode(Buffer.from(text))
    } catch {
      continue
    }
    const quick = parseQuickly(decodedText, DEFAULT_LIMITS)
    if (quick === undefined) continue
    read++
    assert.deepEqual(quick, fully(text), text)
  }
  assert.ok(read > 2000, `${read} were read`)
})
