import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileEditions } from './editions.ts'

const columns = 'depth\tname\toptionality\tcardinality\tformat\tcodelist\trules\n'
const formats = 'name\twhitespace\tpattern\tvalues\n'
const head = (phase: string, namespace: string): string =>
  `#message\tT1\n#title\tT\n#namespace\t${namespace}\n#phases\t${phase}\n#edition\t${phase}\n${columns}`
const edition = (phase: string, rows: string, namespace = 'urn:t') => ({
  messages: { T1: head(phase, namespace) + rows },
  groups: columns,
  formats,
})
const editions = compileEditions({
  P5: edition('5.0', '1\ta\tR\t1x\tan..3\n'),
  P6: edition('6.0', '1\ta\tR\t1x\tan..5\n1\tb\tO\t1x\tn..3\n'),
  Q: edition('5.0', '1\ta\tR\t1x\tan..9\n', 'urn:q'),
})
const document = (phase: string, namespace = 'urn:t'): Uint8Array =>
  new TextEncoder().encode(`<?xml version="1.0"?><p:T1 xmlns:p="${namespace}"${phase}><a>abcde</a></p:T1>`)

test('editions of one message stand side by side', () => {
  assert.deepEqual(editions.names, ['P5', 'P6', 'Q'])
  assert.deepEqual(editions.of('P6').types, ['T1'])
  const bytes = document('')
  assert.equal(editions.get('T1', 'P5')!.read(bytes).findings[0]?.rule, 'maxLength')
  assert.deepEqual(editions.get('T1', 'P6')!.read(bytes).findings, [])
  assert.deepEqual(
    editions.get('T1', 'P6')!.read(editions.get('T1', 'P6')!.write({ PhaseID: '6.0', a: 'abcd', b: '1' })),
    {
      document: { PhaseID: '6.0', a: 'abcd', b: '1' },
      findings: [],
    },
  )
  assert.equal(editions.get('T2', 'P5'), undefined)
  assert.throws(() => editions.get('T1', 'P7'), { code: 'table-reference' })
})

test('a document says of which edition it is by namespace and phase', () => {
  const editionOf = (bytes: Uint8Array) => editions.identify(bytes)?.edition
  assert.equal(editionOf(document(' PhaseID="6.0"')), 'P6')
  assert.equal(editionOf(document(" PhaseID='5.0'")), 'P5')
  assert.equal(editionOf(document('')), 'P5')
  assert.equal(editionOf(document(' PhaseID="7.0"')), 'P5')
  assert.equal(editionOf(document('', 'urn:q')), 'Q')
  assert.equal(editionOf(document('', 'urn:x')), undefined)
  assert.equal(editionOf(new TextEncoder().encode('{"T1":{}}')), undefined)
})

test('a fault in a table names the edition, the message and the line', () => {
  assert.throws(() => compileEditions({ P6: edition('6.0', '1\ta\tX\t1x\tan..3\n') }), {
    name: 'CustomsFault',
    message: 'table-syntax: edition P6, T1, line 7, a: optionality is R, O or D',
  })
})
