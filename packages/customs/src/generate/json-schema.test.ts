/** The JSON Schema of every message, compiled by Ajv, gives the same verdicts as the reader of the JSON form. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { groupOf, type Fullness } from '../../test/instances.ts'
import { numbers, spoilJson } from '../../test/spoil.ts'
import { loadMessages } from '../../test/tables.ts'
import { notationDocument, notationMessages } from '../../test/notation-table.ts'
import type { Doc, MessageTable } from '../index.ts'
import { readJson, toJson } from '../json/json.ts'
import { toJsonSchema } from './json-schema.ts'

const messages = loadMessages()
const samples = new URL('../../../../../shared/ncts/samples/', import.meta.url)
const skip = existsSync(samples) ? false : 'needs ../shared'
const encoder = new TextEncoder()

function compile(table: MessageTable): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
  ajv.addVocabulary(['x-code-list', 'x-rules'])
  return ajv.compile(toJsonSchema(table))
}

function instance(type: string, fullness: Fullness): Doc {
  const table = messages.get(type)!
  return { ...groupOf(table.root.children, fullness), messageType: type, PhaseID: table.phases[0]! }
}

test('the schema of every message agrees with the reader of the JSON form, on right documents and on spoilt ones', () => {
  const random = numbers(20_261_124)
  const wrong: unknown[] = []
  let refused = 0
  let looked = 0
  for (const type of messages.types) {
    const isValid = compile(messages.get(type)!)
    const maximal = toJson(messages.get(type)!, instance(type, 'maximal'))
    const texts = [
      toJson(messages.get(type)!, instance(type, 'minimal')),
      maximal,
      ...Array.from({ length: 60 }, () => spoilJson(maximal, random)),
    ]
    for (const [at, text] of texts.entries()) {
      const there = isValid(JSON.parse(text))
      const { findings } = readJson(messages, encoder.encode(text))
      looked += 1
      if (!there) refused += 1
      if (there !== (findings.length === 0) || (at < 2 && !there))
        wrong.push({ type, there, finding: findings[0], error: isValid.errors?.[0] })
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(refused > looked / 2 && refused < looked * 0.95, `${refused} of ${looked} refused`)
})

test('the JSON form of every valid sample is accepted', { skip }, () => {
  const rows = readFileSync(new URL('VERDICTS.tsv', samples), 'utf8').trimEnd().split('\n').slice(1)
  const valid = rows.map((row) => row.split('\t')).filter((cells) => cells[3] === 'valid')
  const wrong: unknown[] = []
  const compiled = new Map<string, ValidateFunction>()
  for (const [file = '', type = ''] of valid) {
    const isValid = compiled.get(type) ?? compile(messages.get(type)!)
    compiled.set(type, isValid)
    const { document } = messages.get(type)!.read(readFileSync(new URL(file, samples)))
    if (!isValid(JSON.parse(toJson(messages.get(type)!, document!)))) wrong.push({ file, error: isValid.errors?.[0] })
  }
  assert.deepEqual(wrong, [])
  assert.ok(valid.length > 150)
})

/** Every document that differs from this one in one place: a key or entry gone, doubled, or of another kind; a key added. */
function* neighbours(value: unknown, keys: readonly string[]): Generator {
  if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) {
      yield value.toSpliced(at, 1)
      yield value.toSpliced(at, 0, each)
      for (const other of neighbours(each, keys)) yield value.with(at, other)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      const { [key]: _, ...rest } = value as Record<string, unknown>
      yield rest
      for (const other of neighbours(each, keys)) yield { ...value, [key]: other }
    }
    for (const key of keys.filter((each) => !(each in value))) yield { ...value, [key]: '1' }
  }
  for (const other of ['1', {}, [], ['1'], null, 1]) yield other
}

test('attributes, choices, sequences and bounds: schema, JSON reader and XML reader agree on every neighbour of a document', () => {
  const own = notationMessages()
  const table = own.get('TEST1')!
  const isValid = compile(table)
  const { Days: _, Discount: __, 'ram:Remark': ___, ...others } = notationDocument
  const starts: Doc[] = [notationDocument, { ...others, DueDate: '2026-11-24' }]
  const keys = ['DueDate', 'Days', 'Place', 'Cash', 'Quantity', 'Weight', '@rate', '@link:href', '#text', 'Unknown']
  const wrong: unknown[] = []
  const counts = { right: 0, wrong: 0 }
  for (const document of starts.flatMap((start) => [start, ...neighbours(start, keys)])) {
    const form = { TEST1: document }
    const schema = isValid(form)
    const { findings } = readJson(own, encoder.encode(JSON.stringify(form)))
    const xml = inXml(table, document)
    counts[schema ? 'right' : 'wrong'] += 1
    if (schema !== (findings.length === 0) || (xml !== undefined && schema !== xml))
      wrong.push({ document, schema, xml, finding: findings[0] })
  }
  assert.deepEqual(wrong, [])
  assert.ok(counts.right > 20 && counts.wrong > 200, JSON.stringify(counts))
})

/**
 * Whether the XML reader finds nothing wrong with what the writer makes of a document; undefined when XML cannot say the same: there is no
 * list without entries in it, and no group of elements without an element.
 */
function inXml(table: MessageTable, document: unknown): boolean | undefined {
  try {
    const again = table.read(table.write(document as Doc))
    return isDeepStrictEqual(again.document, document) ? again.findings.length === 0 : undefined
  } catch {
    return false
  }
}
