/** Our own schema of every message, compiled by libxml2, gives the same verdicts as our reader. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { groupOf, type Fullness } from '../../test/instances.ts'
import { validatorOf } from '../../test/schema.ts'
import { numbers, spoil } from '../../test/spoil.ts'
import { notationDocument, notationTable, spoiltNotation } from '../../test/notation-table.ts'
import { loadMessages } from '../../test/tables.ts'
import type { MessageTable } from '../index.ts'
import { toXsd } from './xsd.ts'

const messages = loadMessages()
const samples = new URL('../../../../../shared/ncts/samples/', import.meta.url)
const skip = existsSync(samples) ? false : 'needs ../shared'
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** libxml2's verdicts on documents of one message, with our schema. */
function verdicts(table: MessageTable, documents: readonly Uint8Array[]): boolean[] {
  const files = toXsd(table)
  const [own = ''] = files.values()
  const validator = validatorOf(own, files.size > 1 ? files : undefined)
  try {
    return documents.map((bytes) => validator.isValid(bytes))
  } finally {
    validator.dispose()
  }
}

function instance(type: string, fullness: Fullness): Uint8Array {
  const table = messages.get(type)!
  return table.write({ ...groupOf(table.root.children, fullness), messageType: type, PhaseID: table.phases[0]! })
}

test('the schema of every message agrees with the reader, on right documents and on spoilt ones', () => {
  const random = numbers(20_261_124)
  const wrong: unknown[] = []
  let refused = 0
  let looked = 0
  for (const type of messages.types) {
    const maximal = instance(type, 'maximal')
    const text = decoder.decode(maximal)
    const spoilt = Array.from({ length: 60 }, () => encoder.encode(spoil(text, random)))
    const documents = [instance(type, 'minimal'), maximal, ...spoilt]
    for (const [at, verdict] of verdicts(messages.get(type)!, documents).entries()) {
      const { findings } = messages.get(type)!.read(documents[at]!)
      looked += 1
      if (!verdict) refused += 1
      if (verdict !== (findings.length === 0)) wrong.push({ type, verdict, finding: findings[0] })
      if (at < 2 && !verdict) wrong.push({ type, at })
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(refused > looked / 2 && refused < looked * 0.95, `${refused} of ${looked} refused`)
})

test('on every sample the verdict is that of the official schema', { skip }, () => {
  const rows = readFileSync(new URL('VERDICTS.tsv', samples), 'utf8').trimEnd().split('\n').slice(1)
  const cells = rows.map((row) => row.split('\t') as [string, string, string, string])
  const wrong: string[] = []
  for (const type of new Set(cells.map(([, each]) => each))) {
    const own = cells.filter(([, each]) => each === type)
    const here = verdicts(
      messages.get(type)!,
      own.map(([file]) => readFileSync(new URL(file, samples))),
    )
    for (const [at, [file, , , there]] of own.entries())
      if (here[at] !== (there === 'valid')) wrong.push(`${file}: ${there} there`)
  }
  assert.deepEqual(wrong, [])
  assert.equal(rows.length, 470)
})

test('it says code lists and rules where they apply, and is the same each time', () => {
  const [xsd = ''] = toXsd(messages.get('CC015C')!).values()
  assert.equal(toXsd(messages.get('CC015C')!).size, 1)
  assert.match(
    xsd,
    /<xs:element name="guaranteeType" type="an1.capital-or-digit">\s*<xs:annotation><xs:documentation>code list CL251; rules R0900/,
  )
  assert.match(xsd, /<xs:element name="Guarantee" maxOccurs="9">/)
  assert.deepEqual([...toXsd(loadMessages().get('CC015C')!).values()], [xsd])
})

test('namespaces, attributes, choices, repeated sequences and bounds are the same there', () => {
  const table = notationTable()
  const right = decoder.decode(table.write(notationDocument))
  const texts = [right, ...spoiltNotation.map(([from, to]) => right.replace(from, to))]
  const documents = texts.map((text) => encoder.encode(text))
  const here = documents.map((bytes) => table.read(bytes).findings.length === 0)
  assert.deepEqual(verdicts(table, documents), here)
  assert.equal(toXsd(table).size, 3)
  assert.deepEqual(
    here.map((verdict, at) => verdict === (at === 0 || spoiltNotation[at - 1]![2] === 'right')),
    here.map(() => true),
  )
})
