import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributeOf, childElements, parse, type ParseOptions, resolvePrefix, textOf, XmlFault } from './index.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string, options?: ParseOptions) => parse(utf8(text), options)

function faultOf(bytes: Uint8Array, options?: ParseOptions): XmlFault {
  try {
    parse(bytes, options)
  } catch (error) {
    assert.ok(error instanceof XmlFault, String(error))
    assert.ok(error.remedy.length > 0)
    return error
  }
  return assert.fail('the document was accepted')
}

test('a tree keeps names, namespaces, attributes and texts', () => {
  const root = read('<a:r xmlns:a="urn:a" xmlns="urn:d" x="1" a:y="2&#10;3"><b>t&amp;u</b>tail</a:r>')
  assert.deepEqual(
    [root.prefix, root.local, root.namespace, attributeOf(root, 'x'), attributeOf(root, 'y', 'urn:a')],
    ['a', 'r', 'urn:a', '1', '2\n3'],
  )
  assert.deepEqual(root.namespaces, [
    { prefix: 'a', uri: 'urn:a' },
    { prefix: '', uri: 'urn:d' },
  ])
  const [b] = childElements(root)
  assert.ok(b)
  assert.deepEqual([b.namespace, textOf(b), b.parent, resolvePrefix(b, 'a')], ['urn:d', 't&u', root, 'urn:a'])
  assert.equal(textOf(root), 'tail')
})

test('every element knows the place of its first character', () => {
  const root = read('<?xml version="1.0"?>\r\n<r\n  x="1"><a/>\r\n\t<b\n/><c>é😀</c><d/></r>')
  const places = [root, ...childElements(root)].map((each) => `${each.local} ${each.line}:${each.column}`)
  assert.deepEqual(places, ['r 2:1', 'a 3:9', 'b 4:2', 'c 5:3', 'd 5:13'])
})

test('a comment, a CDATA section or an instruction does not split a text', () => {
  const root = read('<v>not-<!--x-->10<![CDATA[0]]>0</v>')
  assert.deepEqual(root.children, ['not-1000'])
  assert.equal(root.lostInstruction, false)
  assert.equal(read('<v>a<?p not-?>b</v>').lostInstruction, true)
  for (const well of ['<?p?>', '<?p ?>', '<?p ?x??>', '<?p\n\t??>']) read(`${well}<v>${well}</v>${well}`)
})

test('a byte order mark is allowed', () => {
  assert.equal(read('\uFEFF<?xml version="1.0" encoding="utf-8"?><r/>').local, 'r')
})

const REFUSED: [name: string, code: string, document: string | Uint8Array, options?: ParseOptions][] = [
  ['a doctype', 'doctype', '<!DOCTYPE r><r/>'],
  [
    'a doctype before a fault',
    'doctype',
    '<?xml version="1.1"?><!--a--> <!DOCTYPE r [<!ENTITY e SYSTEM "file:///x"> & <',
  ],
  ['a doctype after the root', 'doctype', '<r/><!DOCTYPE r>'],
  ['an unknown entity', 'not-well-formed', '<r>&e;</r>'],
  ['an entity named as a property', 'not-well-formed', '<r>&constructor;</r>'],
  [
    'an instruction where refused',
    'processing-instruction',
    '<r><?p x?></r>',
    { refuse: { processingInstructions: true } },
  ],
  [
    'an instruction before the root',
    'processing-instruction',
    '<?p x?><r/>',
    { refuse: { processingInstructions: true } },
  ],
  ['a comment where refused', 'comment', '<r><!--x--></r>', { refuse: { comments: true } }],
  ['CDATA where refused', 'cdata', '<r><![CDATA[x]]></r>', { refuse: { cdata: true } }],
  ['CDATA where refused, empty', 'cdata', '<r><![CDATA[]]></r>', { refuse: { cdata: true } }],
  ['an instruction without white space behind its target', 'not-well-formed', '<?a?b?><r/>'],
  ['an instruction with a question mark behind its target', 'not-well-formed', '<r><?a??></r>'],
  ['an element called doctype that does not end', 'not-well-formed', '<r><doctype></r>'],
  ['an end tag called prefix', 'not-well-formed', '<r></r></prefix>'],
  ['a CDATA end in text', 'not-well-formed', '<r>]]></r>'],
  ['two roots', 'not-well-formed', '<r/><r/>'],
  ['no root', 'not-well-formed', ''],
  ['an unclosed element', 'not-well-formed', '<r><a></r>'],
  ['an unclosed root', 'not-well-formed', '<r>'],
  ['text after the root', 'not-well-formed', '<r/>x'],
  ['NUL', 'not-well-formed', '<r>\0</r>'],
  ['NUL by reference', 'not-well-formed', '<r>&#0;</r>'],
  ['a surrogate by reference', 'not-well-formed', '<r>&#xD800;</r>'],
  ['U+FFFF', 'not-well-formed', '<r>\uFFFF</r>'],
  ['the same attribute twice', 'duplicate-attribute', '<r a="1" a="2"/>'],
  ['the same attribute by namespace', 'duplicate-attribute', '<r xmlns:p="u" xmlns:q="u" p:a="1" q:a="2"/>'],
  ['an unbound prefix', 'namespace', '<p:r/>'],
  ['an unbound attribute prefix', 'namespace', '<r p:a=""/>'],
  ['an unbinding of a prefix', 'namespace', '<r xmlns:p=""/>'],
  ['a namespace name with white space', 'namespace', '<r xmlns=" u"/>'],
  ['a bad local name', 'namespace', '<r xmlns:p="u"><p:1/></r>'],
  ['xmlns as a prefix', 'namespace', '<xmlns:r/>'],
  ['another prefix for the xml namespace', 'namespace', '<r xmlns:p="http://www.w3.org/XML/1998/namespace"/>'],
  ['XML 1.1', 'xml-version', '<?xml version="1.1"?><r/>'],
  ['another encoding', 'not-utf8', '<?xml version="1.0" encoding="ISO-8859-1"?><r/>'],
  ['invalid UTF-8', 'not-utf8', Uint8Array.of(0x3c, 0x72, 0x3e, 0xff, 0x3c, 0x2f, 0x72, 0x3e)],
  ['overlong UTF-8', 'not-utf8', Uint8Array.of(0x3c, 0x72, 0x3e, 0xc0, 0xbc, 0x3c, 0x2f, 0x72, 0x3e)],
  ['an encoded surrogate', 'not-utf8', Uint8Array.of(0x3c, 0x72, 0x3e, 0xed, 0xa0, 0x80, 0x3c, 0x2f, 0x72, 0x3e)],
  ['UTF-16', 'not-utf8', Uint8Array.of(0xff, 0xfe, 0x3c, 0, 0x72, 0, 0x2f, 0, 0x3e, 0)],
  ['65 levels', 'too-deep', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
  ['65 attributes', 'too-many-attributes', `<r ${Array.from({ length: 65 }, (_, i) => `a${i}=""`).join(' ')}/>`],
  ['a long element name', 'name-too-long', `<${'n'.repeat(257)}/>`],
  ['a long attribute name', 'name-too-long', `<r ${'n'.repeat(257)}=""/>`],
  ['a long namespace name', 'name-too-long', `<r xmlns:p="${'u'.repeat(257)}"/>`],
  ['a long namespace name of what is not read quickly', 'name-too-long', `<r xmlns="${'u'.repeat(257)}"><!----></r>`],
  ['too many nodes', 'too-many-nodes', '<r a=""><b/>t</r>', { limits: { nodes: 3 } }],
  ['too many bytes', 'too-large', '<r/>', { limits: { bytes: 3 } }],
]

for (const [name, code, document, options] of REFUSED) {
  test(`refused: ${name}`, () => {
    const bytes = typeof document === 'string' ? utf8(document) : document
    assert.equal(faultOf(bytes, options).code, code)
  })
}

test('what is just within the limits is read', () => {
  read(`${'<a>'.repeat(64)}${'</a>'.repeat(64)}`)
  read(`<r ${Array.from({ length: 64 }, (_, i) => `a${i}=""`).join(' ')}/>`)
  read(`<${'n'.repeat(256)}/>`)
  read('<r a=""><b/>t</r>', { limits: { nodes: 4 } })
})

test('a fault names the line and the column', () => {
  const fault = faultOf(utf8('<r>\n  <a>&x;</a></r>'))
  assert.deepEqual([fault.line, fault.column], [2, 8])
  assert.match(fault.message, /line 2, column 8/)
  const doctype = faultOf(utf8('<?xml version="1.0"?>\n <!DOCTYPE r><r/>'))
  assert.deepEqual([doctype.line, doctype.column], [2, 2])
})

test('a fault does not repeat a hostile document', () => {
  for (const document of [
    `<r></${'n'.repeat(100_000)}>`,
    `<?xml version="1.0" encoding="${'n'.repeat(100_000)}"?><r/>`,
  ]) {
    assert.ok(faultOf(utf8(document)).message.length < 300)
  }
})

test('hostile documents are refused at their first fault', () => {
  assert.equal(faultOf(utf8('<a xmlns:p="u">'.repeat(200_000))).code, 'too-deep')
  const attributes = Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')
  assert.equal(faultOf(utf8(`<r ${attributes}/>`)).code, 'too-many-attributes')
  assert.equal(faultOf(utf8('<a/>'.repeat(1_000_000))).code, 'not-well-formed')
})
