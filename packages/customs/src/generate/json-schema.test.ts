/** The JSON Schema of every message, compiled by Ajv, gives the same verdicts as the reader of the JSON form. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { groupOf, type Fullness } from '../../test/instances.ts'
import { numbers, spoilJson } from '../../test/spoil.ts'
import { loadMessages } from '../../test/tables.ts'
import type { Doc } from '../document.ts'
import { readJson, toJson } from '../json/json.ts'
import { toJsonSchema } from './json-schema.ts'

const messages = loadMessages()
const samples = new URL('../../../../../shared/ncts/samples/', import.meta.url)
const skip = existsSync(samples) ? false : 'needs ../shared'
const encoder = new TextEncoder()

function compile(type: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: false })
  ajv.addVocabulary(['x-code-list', 'x-rules'])
  return ajv.compile(toJsonSchema(messages.get(type)!))
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
    const isValid = compile(type)
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
    const isValid = compiled.get(type) ?? compile(type)
    compiled.set(type, isValid)
    const { document } = messages.get(type)!.read(readFileSync(new URL(file, samples)))
    if (!isValid(JSON.parse(toJson(messages.get(type)!, document!)))) wrong.push({ file, error: isValid.errors?.[0] })
  }
  assert.deepEqual(wrong, [])
  assert.ok(valid.length > 150)
})
