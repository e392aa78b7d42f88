import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { notationTable } from '../../test/notation-table.ts'
import { loadMessages } from '../../test/tables.ts'
import { toTypes } from './types.ts'

const messages = loadMessages()
const tables = messages.types.map((type) => messages.get(type)!)

test('the types in the repository are those of the tables', () => {
  const kept = readFileSync(new URL('../documents.generated.ts', import.meta.url), 'utf8')
  const command = /^\/\/ Made from the message tables by: (.*)$/m.exec(kept)?.[1]
  assert.ok(command)
  assert.ok(kept === toTypes(tables, command), `the tables have changed; make the file again: ${command}`)
  for (const type of messages.types) assert.match(kept, new RegExp(`^export type ${type} = \\{$`, 'm'))
})

test('required, optional, repeated, enumerated and shared fields', () => {
  const text = toTypes([messages.get('CC015C')!], 'a test')
  const body = text.slice(text.indexOf('export type CC015C'))
  assert.match(body, /^ {4}LRN: string$/m)
  assert.match(body, /^ {4}limitDate\?: string$/m)
  assert.match(body, /^ {4}reducedDatasetIndicator: FlagValue$/m)
  assert.match(body, /^ {2}\/\*\* at most 9 times \*\/\n {2}Guarantee: \{$/m)
  assert.match(body, /^ {4}GuaranteeReference\?: GuaranteeReference03\[\]$/m)
  assert.match(text, /^export type GuaranteeReference03 = \{$/m)
  assert.match(text, /^export type FlagValue = '0' \| '1'$/m)
  assert.match(text, /^ {2}CC015C: CC015C$/m)
})

test('attributes, texts with attributes, choices, sequences, prefixes', () => {
  const text = toTypes([notationTable()], 'a test')
  for (const line of [
    `  '@version': FlagValue`,
    `  'ram:Seller': Party`,
    `  'ram:Buyer'?: Party[]`,
    `    '#text': string`,
    `    '@currencyID': string`,
    `    '@rate'?: string`,
    `  DueDate?: string`,
    `  Days?: string`,
    `  Place?: string`,
    `    Number: string`,
    `    Quantity?: string`,
    `    Cash?: FlagValue`,
    `  '@link:href'?: string`,
    `  'ram:Contact'?: {`,
    `    '@role': string`,
  ])
    assert.ok(text.split('\n').includes(line), line)
  assert.match(text, /^ {2}Line: \{$[^]*?^ {2}\}\[\]$/m)
  assert.doesNotMatch(text, /PhaseID/)
})
