/** Economic operators as administrations publish them: names, addresses and authorisations of a day, as they are published now. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type EconomicOperator, entryOfOperator } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { migrations, reference } from '@corridor/registry'
import { createDirectory, type CurrentOperators, followOperators } from '../src/index.ts'

const list = 'EconomicOperators/NTA.AL'
const at = new Date('2026-11-30T12:00:00Z')
let made: TestDatabase
let db: Database
let operators: CurrentOperators

const adria: EconomicOperator = {
  eori: 'AL1',
  country: 'AL',
  typeOfPerson: '2',
  economicActivity: '5229',
  addresses: [{ language: 'sq', name: 'Adria', streetAndNumber: 'Rruga 1', postalCode: '1001', city: 'Tirana' }],
  certificates: [],
  authorisations: [
    { type: 'C521', reference: 'A1', validFrom: '2026-01-01', validTo: '2026-11-30', status: 'valid' },
    { type: 'C523', reference: 'A2', validFrom: '2026-01-01', validTo: '', status: 'suspended' },
  ],
}

async function publish(operator: EconomicOperator, effective: string): Promise<void> {
  const entry = { ...entryOfOperator(operator, effective), list }
  const options = { author: 'arta', at, effective, covers: 'addition' as const }
  const report = await db.transaction((tx) => reference.importEntries(tx, [{ line: 1, entry }], options))
  assert.deepEqual(report.wrong, [])
}

before(async () => {
  made = await testDatabase()
  db = connect(made.url, { max: 4 })
  await migrate(db, [{ room: 'registry', directory: migrations }])
  const head = { names: [], source: 'this test', version: '1', kind: 'national', note: '' } as const
  await reference.declareLists(db, [{ ...head, id: list, illustrative: true, completeness: 'partial' }])
  await publish(adria, '2026-01-01')
  operators = await followOperators({ db, log: () => undefined, later: () => undefined })
})
after(async () => {
  await operators.stop()
  await db.close()
  await made.drop()
})

test('an operator of a day has the authorisations that are valid on it', () => {
  assert.deepEqual(operators.operator('AL1', '2026-11-30'), {
    id: 'AL1',
    name: 'Adria',
    address: { streetAndNumber: 'Rruga 1', postcode: '1001', city: 'Tirana', country: 'AL' },
    authorisations: ['C521'],
  })
  assert.deepEqual(operators.operator('AL1', '2026-12-01')?.authorisations, [])
  assert.equal(operators.operator('AL1', '2025-12-31'), undefined)
  assert.equal(operators.operator('AL2', '2026-11-30'), undefined)
})

test('what is published counts from its day, without a restart, and for more than the corridor file', async () => {
  const moved = [{ ...adria.addresses[0]!, streetAndNumber: 'Rruga 2' }]
  await publish({ ...adria, addresses: moved }, '2026-12-01')
  for (
    let tries = 0;
    tries < 200 && operators.operator('AL1', '2026-12-01')?.address.streetAndNumber !== 'Rruga 2';
    tries += 1
  )
    await new Promise((resolve) => setTimeout(resolve, 10))
  await operators.settled()
  assert.equal(operators.operator('AL1', '2026-12-01')?.address.streetAndNumber, 'Rruga 2')
  assert.equal(operators.operator('AL1', '2026-11-30')?.address.streetAndNumber, 'Rruga 1')
  const address = { streetAndNumber: '', city: '', country: 'AL' }
  const directory = createDirectory({
    party: 'NTA.AL',
    country: 'AL',
    offices: [],
    traders: ['AL1', 'AL3'].map((id) => ({ id, name: `file ${id}`, address, authorisations: [] })),
    parties: {},
    operator: (id) => operators.operator(id, '2026-12-01'),
  })
  assert.deepEqual(['AL1', 'AL3', 'AL4'].map(directory.nameOf), ['Adria', 'file AL3', 'AL4'])
})
