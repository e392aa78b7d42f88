/**
 * Reading and writing again changes nothing: for every valid sample, and for documents by chance, the canonical form is the same once
 * white space between elements, comments and schema locations are dropped.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { canonicalize, parse, type XmlElement } from '@corridor/xml'
import type { MessageTable, TableNode } from '../src/index.ts'
import { chanceOf } from './instances-random.ts'
import { anyHand, anything, atLimits, fullest, grow, written } from './instances-tree.ts'
import { loadMessages } from './tables.ts'

const samples = new URL('../../../../shared/ncts/samples/', import.meta.url)
const skip = existsSync(samples) ? false : 'needs ../shared'
const messages = loadMessages()

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'

/**
 * An element without what a reader of the message does not keep. Prefixes are free, so all of a namespace get the same one; instructions
 * between elements are no part of the message either.
 */
function bare(element: XmlElement, nodes: readonly TableNode[] | undefined, parent?: XmlElement): XmlElement {
  const own: { -readonly [K in keyof XmlElement]: XmlElement[K] } = {
    ...element,
    prefix: element.namespace === '' ? '' : 'm',
    namespaces: [],
    attributes: element.attributes.filter(({ namespace }) => namespace !== schemaInstance),
    parent,
    lostInstruction: false,
  }
  own.children = element.children
    .filter((child) => typeof child !== 'string' || nodes === undefined)
    .map((child) =>
      typeof child === 'string' ? child : bare(child, nodes?.find(({ name }) => name === child.local)?.children, own),
    )
  return own
}

const canonical = (table: MessageTable, bytes: Uint8Array): string =>
  new TextDecoder().decode(canonicalize(bare(parse(bytes), table.root.children)))

test('every valid sample', { skip }, () => {
  let looked = 0
  for (const file of readdirSync(samples).filter((name) => name.endsWith('.xml'))) {
    const table = messages.get(file.slice(0, 6))!
    const bytes = readFileSync(new URL(file, samples))
    const { document, findings } = table.read(bytes)
    if (findings.length > 0) continue
    looked += 1
    const again = table.write(document!)
    assert.equal(canonical(table, again), canonical(table, bytes), file)
    assert.deepEqual(table.read(again), { document, findings: [] }, file)
  }
  assert.equal(looked, 182)
})

for (const seed of [1, Math.floor(Math.random() * 2 ** 31)]) {
  test(`documents of every message by chance, seed ${seed}`, () => {
    const chance = chanceOf(seed)
    for (const type of messages.types) {
      const table = messages.get(type)!
      for (const growth of [fullest, anything, anything, atLimits]) {
        const bytes = written(grow(table, growth(chance), chance), anyHand(chance), chance)
        const { document, findings } = table.read(bytes)
        assert.deepEqual(findings, [], type)
        const again = table.write(document!)
        assert.equal(canonical(table, again), canonical(table, bytes), `${type}, seed ${seed}`)
        assert.deepEqual(table.read(again).document, document, `${type}, seed ${seed}`)
      }
    }
  })
}
