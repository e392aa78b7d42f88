import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDirectory } from './directory.ts'
import { officeView } from './views/offices.ts'

const published = new Map([
  ['AL000101', 'Durrës, as published'],
  ['AL000102', 'Durrës Terminal'],
])
const directory = createDirectory({
  party: 'NTA.AL',
  country: 'AL',
  offices: [{ reference: 'AL000101', name: 'Durrës Port', country: 'AL', party: 'NTA.AL', roles: ['departure'] }],
  traders: [],
  parties: {},
  guarantees: 'national',
  officeName: (reference) => published.get(reference),
})

test('an office of the corridor has its name from there, a published one from the list, any other its reference', () => {
  const names = ['AL000101', 'AL000102', 'AL000103'].map((reference) => officeView(directory, reference).name)
  assert.deepEqual(names, ['Durrës Port', 'Durrës Terminal', 'AL000103'])
  assert.equal(officeView(directory, 'AL000102').country, 'AL')
})

test('a published office is known by name; what is sent where stays with the corridor file', () => {
  assert.equal(directory.office('AL000102'), undefined)
  assert.deepEqual(
    directory.ownOffices('departure').map(({ reference }) => reference),
    ['AL000101'],
  )
})
