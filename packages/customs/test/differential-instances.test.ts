/**
 * 20,000 documents over all messages against libxml2 with the official schema set: the verdict is the same, whatever the document. And the
 * quick reader's result is the strict one's.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Format } from '../src/index.ts'
import { groupOf } from './instances.ts'
import { chanceOf, type Chance } from './instances-random.ts'
import { mutations } from './instances-mutants.ts'
import {
  anyHand,
  anything,
  atLimits,
  elementsOf,
  fullest,
  grow,
  plainHand,
  smallest,
  written,
  type Grown,
  type Growth,
} from './instances-tree.ts'
import { edgeValues } from './instances-values.ts'
import { schemaValidator, skipWithoutSchemas as skip } from './schema.ts'
import { loadMessages } from './tables.ts'

const messages = loadMessages()
let schema: ReturnType<typeof schemaValidator>
before(() => {
  if (!skip) schema = schemaValidator(messages.types)
})
after(() => schema?.dispose())

/** What was looked at: right and wrong documents by kind. */
type Counts = Map<string, { right: number; wrong: number }>

/** Compares the verdicts on one document; the text names the document when they differ. */
function compare(type: string, what: string, bytes: Uint8Array, counts: Counts): string | undefined {
  const { quick, strict } = messages.get(type)!.readers
  const here = strict(bytes)
  const quickly = quick(bytes)
  if (quickly) assert.deepEqual(quickly, here, `${type}, ${what}: the readers differ`)
  const right = here.findings.length === 0
  const count = counts.get(what) ?? { right: 0, wrong: 0 }
  counts.set(what, count)
  count[right ? 'right' : 'wrong'] += 1
  if (schema.isValid(bytes) === right) return undefined
  return `${type}, ${what}: ${right ? 'right' : 'wrong'} here: ${JSON.stringify(here.findings[0])}\n${new TextDecoder().decode(bytes).slice(0, 2000)}`
}

const growths: Readonly<Record<string, (chance: Chance) => Growth>> = {
  'valid, minimal': smallest,
  'valid, all optional parts': fullest,
  'valid, at limits': atLimits,
  'valid, random': anything,
}

/** Documents of one message: right ones of each kind, then changed ones. */
function lookAt(type: string, chance: Chance, each: { right: number; changed: number }, counts: Counts): string[] {
  const table = messages.get(type)!
  const differences: string[] = []
  for (const [what, growth] of Object.entries(growths)) {
    for (let time = 0; time < (growth === anything || growth === atLimits ? each.right : 2); time++) {
      const bytes = written(grow(table, growth(chance), chance), anyHand(chance), chance)
      const difference = compare(type, what, bytes, counts)
      if (difference !== undefined) differences.push(difference)
    }
  }
  for (let time = 0; time < each.changed;) {
    const [what, mutate] = chance.pick(Object.entries(mutations))
    const root = grow(table, (chance.oneIn(20) ? fullest : anything)(chance), chance)
    if (!mutate(root, chance)) continue
    time += 1
    const hand = chance.oneIn(4) ? anyHand(chance) : plainHand
    const difference = compare(type, what, written(root, hand, chance), counts)
    if (difference !== undefined) differences.push(difference)
  }
  return differences
}

/** Where the verdicts differ on purpose: what is put in, where, whether it is right there, why it is so here. */
const deliberate: readonly (readonly [what: string, place: string, there: boolean, why: string])[] = [
  [
    '<![CDATA[ ]]>',
    '<TransitOperation>',
    false,
    'a CDATA section of white space is white space (XML Schema part 1, 3.4.4); libxml2 takes it for text',
  ],
  [
    ' xsi:type="n:CC928CType" xmlns:n="http://ncts.dgtaxud.ec"',
    '<ncts:CC928C',
    true,
    'the table knows the type; none is taken from the sender',
  ],
]

test('the deliberate differences are these', { skip }, () => {
  const table = messages.get('CC928C')!
  const text = new TextDecoder().decode(
    table.write({ ...groupOf(table.root.children, 'minimal'), messageType: 'CC928C' }),
  )
  for (const [what, place, there, why] of deliberate) {
    const xsi = text.replace(' xmlns:', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:')
    const bytes = new TextEncoder().encode(xsi.replace(place, `${place}${what}`))
    assert.equal(schema.isValid(bytes), there, why)
    assert.equal(table.read(bytes).findings.length === 0, !there, why)
  }
  // Countries with customs offices (CL070): an enumeration there, widened by schema.ts; here a list that a corridor adds to.
  assert.equal(table.read(new TextEncoder().encode(text)).findings.length, 0)
})

/** The shortest full document in which each format of the tables is used. */
function homesOfFormats(chance: Chance): Map<string, { type: string; root: Grown; place: Grown }> {
  const homes = new Map<string, { type: string; root: Grown; place: Grown }>()
  const roots = messages.types.map((type) => ({ type, root: grow(messages.get(type)!, fullest(chance), chance) }))
  for (const { type, root } of roots.toSorted((a, b) => elementsOf(a.root).length - elementsOf(b.root).length)) {
    for (const { element } of elementsOf(root)) {
      const notation = element.node?.format?.notation
      if (notation !== undefined && !homes.has(notation)) homes.set(notation, { type, root, place: element })
    }
  }
  return homes
}

test(
  'every format, one step inside and outside of each of its facets: the same verdict here and there',
  { skip },
  () => {
    const chance = chanceOf(51_8_0)
    const counts: Counts = new Map()
    const facets = new Map<Format, Set<string>>()
    const differences: string[] = []
    for (const [notation, { type, root, place }] of homesOfFormats(chance)) {
      const format = place.node!.format!
      const broken = new Set<string>()
      const before = place.text
      for (const value of edgeValues(format, chance)) {
        place.text = value
        const facet = format.check(format.normalise(value))?.facet
        if (facet !== undefined) broken.add(facet)
        const difference = compare(type, notation, written(root, plainHand, chance), counts)
        if (difference !== undefined) differences.push(`${JSON.stringify(value)} ${difference}`)
      }
      place.text = before
      facets.set(format, broken)
    }
    assert.deepEqual(differences.slice(0, 3), [], `${differences.length} differences`)
    assert.ok(facets.size > 80, `${facets.size} formats`)
    for (const [format, broken] of facets) {
      const { notation } = format
      const wanted = facetsThatBreak(format)
      assert.deepEqual(
        wanted.filter((facet) => !broken.has(facet)),
        [],
        `${notation}: broken were ${[...broken].join(', ')}`,
      )
      assert.ok(counts.get(notation)!.right > 0 && counts.get(notation)!.wrong > 0, notation)
    }
  },
)

/** Which facets of a format must have been broken at least once. */
function facetsThatBreak({ notation, values, maxLength }: Format): string[] {
  if (values) return ['enumeration']
  if (notation.startsWith('date')) return ['type']
  if (/^n\.\.\d+,/.test(notation)) return ['pattern', 'fractionDigits', 'totalDigits']
  const [, low, high] = / (\d+)\.\.(\d+)$/.exec(notation) ?? []
  const bounds = [
    ...(low !== undefined && low !== '0' ? ['minInclusive'] : []),
    ...(high !== undefined && !/^9+$/.test(high) ? ['maxInclusive'] : []),
  ]
  const pattern = notation.startsWith('an') && !notation.includes(' ') ? [] : ['pattern']
  return [
    ...bounds,
    ...(/^an\S+ token$/.test(notation) ? [] : pattern),
    'minLength',
    ...(maxLength ? ['maxLength'] : []),
  ]
}

const fresh = Math.floor(Math.random() * 2 ** 31)
for (const [seed, each] of [
  [51_8_0, { right: 18, changed: 100 }],
  [fresh, { right: 10, changed: 56 }],
] as const) {
  test(`documents by chance, seed ${seed}: the same verdict here and there`, { skip }, (context) => {
    const chance = chanceOf(seed)
    const counts: Counts = new Map()
    const differences = messages.types.flatMap((type) => lookAt(type, chance, each, counts))
    assert.deepEqual(differences.slice(0, 3), [], `${differences.length} differences, seed ${seed}`)
    let looked = 0
    for (const [what, { right, wrong }] of counts) {
      looked += right + wrong
      if (what.startsWith('valid')) assert.equal(wrong, 0, what)
    }
    context.diagnostic(
      `seed ${seed}: ${looked} documents, ${[...counts].map(([what, { right, wrong }]) => `${what} ${right}+${wrong}`).join(', ')}`,
    )
    assert.ok(looked > 90 * (each.changed + 2 * each.right))
  })
}
