/**
 * What the notation of tables has beyond NCTS: namespaces, attributes, choices, repeated sequences, lower bounds. Documents by chance, right
 * ones and changed ones, get the verdict that libxml2 gives with a schema that was written by hand to say the same.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileMessages, type MessageTable } from '../src/index.ts'
import { mutations } from './instances-mutants.ts'
import { cargoReport, formats, transitPermit, type Twice } from './instances-notation.ts'
import { chanceOf } from './instances-random.ts'
import { anyHand, anything, fullest, grow, plainHand, smallest, written, type Grown } from './instances-tree.ts'
import { validatorOf } from './schema.ts'

const tableOf = ({ type, table, groups }: Twice): MessageTable =>
  compileMessages({ messages: { [type]: table }, groups, formats }).get(type)!

const rounds = 1_500

for (const twice of [cargoReport, transitPermit]) {
  for (const seed of [1, Math.floor(Math.random() * 2 ** 31)]) {
    test(`${twice.type}, seed ${seed}: the same verdict as by its schema, and what is read is written as it was`, () => {
      const table = tableOf(twice)
      const schema = validatorOf(twice.xsd, twice.beside)
      const chance = chanceOf(seed)
      const count = { right: 0, wrong: 0 }
      const compare = (root: Grown, what: string): boolean => {
        const bytes = written(root, chance.oneIn(3) ? anyHand(chance) : plainHand, chance)
        const { document, findings } = table.readers.strict(bytes)
        const quickly = table.readers.quick(bytes)
        if (quickly) assert.deepEqual(quickly, { document, findings }, what)
        const right = findings.length === 0
        const shown = `${what}, ${JSON.stringify(findings[0])}, ${new TextDecoder().decode(bytes)}`
        assert.equal(schema.isValid(bytes), right, shown)
        if (right) {
          const again = table.write(document!)
          assert.ok(schema.isValid(again), new TextDecoder().decode(again))
          assert.deepEqual(table.read(again), { document, findings: [] }, what)
        }
        count[right ? 'right' : 'wrong'] += 1
        return right
      }
      try {
        for (let round = 0; round < rounds; round++) {
          const growth = chance.pick([smallest, fullest, anything])(chance)
          assert.ok(compare(grow(table, growth, chance), 'right'), `round ${round}`)
          const root = grow(table, growth, chance)
          const [what, mutate] = chance.pick(Object.entries(mutations))
          if (mutate(root, chance)) compare(root, what)
        }
        assert.ok(count.right > rounds && count.wrong > rounds / 3, JSON.stringify(count))
      } finally {
        schema.dispose()
      }
    })
  }
}

test('the JSON form has attributes, texts beside them, and named sequences as objects', () => {
  const table = tableOf(cargoReport)
  const item = { Sequence: '1', Weight: { '@unit': 'KGM', '#text': '1.500' } }
  const doc = {
    '@version': '3',
    ID: 'C-1',
    Vessel: 'Arbëria',
    Voyage: '',
    Item: [item, { ...item, Amount: [{ '@currencyID': 'EUR', '#text': '10.50' }], Container: ['A', 'B'] }],
    Stop: [{ Place: 'Durrës', Departure: '2026-11-24' }, { Place: 'Bar' }],
    Event: [{ Opened: { Reason: 'control' } }, { Sealed: 'S-1' }, { Sealed: 'S-2' }],
  }
  const bytes = table.write(doc)
  assert.match(
    new TextDecoder().decode(bytes),
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<CargoReport xmlns="urn:example:cargo:1" version="3"><ID>C-1<\/ID><Vessel>Arbëria<\/Vessel><Voyage><\/Voyage><Item>.*<Opened><Reason>control<\/Reason><\/Opened><Sealed>S-1<\/Sealed><Sealed>S-2<\/Sealed><\/CargoReport>\n$/,
  )
  assert.deepEqual(table.read(bytes), { document: doc, findings: [] })
})

test('findings name the alternatives and the sequence that is not whole', () => {
  const table = tableOf(cargoReport)
  const text = (content: string): Uint8Array =>
    new TextEncoder().encode(`<c:CargoReport xmlns:c="urn:example:cargo:1" version="1">${content}</c:CargoReport>`)
  const item = '<c:Item><c:Sequence>1</c:Sequence><c:Weight unit="KGM">1</c:Weight></c:Item>'
  const short = (content: string): unknown[] =>
    table.read(text(content)).findings.map(({ rule, path, remedy }) => [rule, path, remedy])
  assert.deepEqual(short(`<c:ID>1</c:ID>${item}${item}`), [
    ['required', '/CargoReport/Carrier', 'Add Carrier or Agent or Vessel.'],
  ])
  assert.deepEqual(short(`<c:ID>1</c:ID><c:Vessel>x</c:Vessel><c:Agent><c:Name>x</c:Name></c:Agent>${item}${item}`), [
    ['choice', '/CargoReport/Agent[1]', 'Give Vessel or Agent, not both.'],
  ])
  assert.deepEqual(short(`<c:ID>1</c:ID><c:Vessel>x</c:Vessel>${item}<c:Arrival>2026-11-24</c:Arrival>`), [
    ['minOccurs', '/CargoReport/Item[1]', 'Give Item at least 2 times.'],
    ['required', '/CargoReport/Place', 'Add Place.'],
  ])
  assert.deepEqual(short(`<ID>1</ID><c:Vessel>x</c:Vessel>${item}${item.replace(' unit="KGM"', '')}`), [
    ['unknown', '/CargoReport/ID', 'Write ID in the namespace urn:example:cargo:1.'],
    ['required', '/CargoReport/Item[2]/Weight/@unit', 'Add the attribute unit.'],
    ['required', '/CargoReport/ID', 'Add ID.'],
  ])
})
