/**
 * The quick reader and the strict one on real documents that were changed byte by byte and tag by tag: what one reads, the other reads as
 * the same document with the same findings, in the same places. And libxml2 has no fault with what has no findings.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { mutated, random } from '../../xml/test/mutations.ts'
import { groupOf } from './instances.ts'
import { schemaValidator, skipWithoutSchemas } from './schema.ts'
import { loadMessages } from './tables.ts'

const samples = new URL('../../../../shared/ncts/samples/', import.meta.url)

const messages = loadMessages()
let schema: ReturnType<typeof schemaValidator> | undefined
before(() => {
  if (!skipWithoutSchemas) schema = schemaValidator(messages.types)
})
after(() => schema?.dispose())

interface Given {
  readonly type: string
  readonly bytes: Uint8Array
}

/** A full document of every message, and with ../shared the published samples that are not large. */
function documents(): Given[] {
  const written = messages.types.map((type) => {
    const table = messages.get(type)!
    const content = groupOf(table.root.children, 'maximal')
    return { type, bytes: table.write({ ...content, messageType: type, PhaseID: table.phases[0]! }) }
  })
  if (!existsSync(samples)) return written
  const published = readdirSync(samples)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => ({ type: name.slice(0, 6), bytes: readFileSync(new URL(name, samples)) }))
  return [...written, ...published].filter(({ bytes }) => bytes.length < 12_000)
}

/** libxml2 refuses a namespace name that is no absolute URI, which is none of our business. */
const hasUsualNamespaces = (text: string): boolean =>
  [...text.matchAll(/\sxmlns[^=]*=\s*(["'])(.*?)\1/gs)].every(([, , name]) => /^https?:\/\/[\w./#-]+$/.test(name!))

const given = documents()
const ROUNDS = Number(process.env['CORRIDOR_MUTATIONS'] ?? 4_000)

for (const seed of [1, 2, Math.floor(Math.random() * 2 ** 31)]) {
  test(`real documents changed ${ROUNDS} times, seed ${seed}: both readers and libxml2 agree`, () => {
    const pick = random(seed)
    let [right, wrong] = [0, 0]
    for (let round = 0; round < ROUNDS; round++) {
      const { type, bytes } = given[pick(given.length)]!
      const changed = mutated(bytes, pick)
      const { quick, strict } = messages.get(type)!.readers
      const text = Buffer.from(changed).toString('latin1')
      const what = (): string => `seed ${seed}, round ${round}: ${type} ${text}`
      const result = quick(changed)
      if (result && !isDeepStrictEqual(result, strict(changed))) assert.deepEqual(result, strict(changed), what())
      const isRight = (result ?? strict(changed)).findings.length === 0
      if (isRight && schema && hasUsualNamespaces(text)) assert.ok(schema.isValid(changed), what())
      if (result && isRight) right += 1
      else if (result) wrong += 1
    }
    assert.ok(
      right > ROUNDS / 40 && wrong > ROUNDS / 20 && right + wrong < ROUNDS * 0.7,
      `${right} right, ${wrong} wrong`,
    )
  })
}
