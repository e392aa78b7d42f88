import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareCodePoints } from './canonicalize.ts'
import { canonicalize, childElements, escapeAttribute, escapeText, parse, type XmlElement, XmlFault } from './index.ts'

const read = (text: string): XmlElement => parse(new TextEncoder().encode(text))
const write = (element: XmlElement, inclusivePrefixes: string[] = []): string =>
  new TextDecoder().decode(canonicalize(element, { inclusivePrefixes }))

test('only the namespaces that are used are declared, where they are first used', () => {
  const root = read('<r xmlns:a="urn:a" xmlns:b="urn:b"><a:x b:y="1"><a:z/></a:x></r>')
  assert.equal(write(root), '<r><a:x xmlns:a="urn:a" xmlns:b="urn:b" b:y="1"><a:z></a:z></a:x></r>')
})

test('attributes are ordered by namespace name, then local name', () => {
  const root = read('<r xmlns:p="urn:z" xmlns:q="urn:a" p:a="1" q:b="2" c="3" b="4" q:a="5" xml:lang="en"/>')
  assert.equal(write(root), '<r xmlns:p="urn:z" xmlns:q="urn:a" b="4" c="3" xml:lang="en" q:a="5" q:b="2" p:a="1"></r>')
})

test('prefixes are ordered by code point, capitals first', () => {
  const root = read('<eb:r xmlns:eb="urn:1" xmlns:S12="urn:2" S12:x=""/>')
  assert.equal(write(root), '<eb:r xmlns:S12="urn:2" xmlns:eb="urn:1" S12:x=""></eb:r>')
  assert.ok(compareCodePoints('\u{10000}', '\uE000') > 0)
  assert.ok(compareCodePoints('a', 'ab') < 0)
})

test('the default namespace is declared, undeclared and not repeated', () => {
  const root = read('<r xmlns="urn:a"><x xmlns=""><y/></x><z xmlns="urn:a"/></r>')
  assert.equal(write(root), '<r xmlns="urn:a"><x xmlns=""><y></y></x><z></z></r>')
  const [x] = childElements(root)
  assert.equal(write(x!), '<x><y></y></x>')
})

test('a part of a document takes the declarations of its ancestors with it', () => {
  const root = read('<s:r xmlns:s="urn:s" xmlns:u="urn:u" xmlns="urn:d"><s:x/></s:r>')
  const [x] = childElements(root)
  assert.equal(write(x!), '<s:x xmlns:s="urn:s"></s:x>')
  assert.equal(write(x!, ['u']), '<s:x xmlns:s="urn:s" xmlns:u="urn:u"></s:x>')
  assert.equal(write(x!, ['#default', 'gone']), '<s:x xmlns="urn:d" xmlns:s="urn:s"></s:x>')
})

test('texts and attributes are escaped so that they read back the same', () => {
  const root = read('<r a="&quot;&lt;&amp;>\'&#9;&#10;&#13;">&lt;&gt;&amp;"\'&#13;\r\n</r>')
  assert.equal(write(root), '<r a="&quot;&lt;&amp;>\'&#x9;&#xA;&#xD;">&lt;&gt;&amp;"\'&#xD;\n</r>')
  assert.deepEqual(read(`<r a="${escapeAttribute('\t"<&\r')}">${escapeText(']]>&<\r')}</r>`).children, [']]>&<\r'])
})

test('a namespace name is escaped too', () => {
  assert.equal(write(read('<r xmlns="urn:a&amp;&quot;b"/>')), '<r xmlns="urn:a&amp;&quot;b"></r>')
})

test('a document that lost an instruction has no canonical form', () => {
  assert.throws(
    () => canonicalize(read('<r><v>not-<?p x?>1000</v></r>')),
    (error) => error instanceof XmlFault && error.code === 'lost-instruction',
  )
})
