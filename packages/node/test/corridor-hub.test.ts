import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { loadMessages } from '@corridor/tables'
import { checkCorridor, type CorridorNode, readCorridor } from '../src/config/corridor.ts'
import { copyTableOf } from '../src/config/hub.ts'
import { copiesTo } from '../src/hub.ts'
import { NodeFault } from '../src/faults.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-'))
after(() => rmSync(folder, { recursive: true }))
const file = pathToFileURL(join(folder, 'corridor.yaml'))

const node = (country: string, more: object = {}) => ({
  country,
  name: country,
  party: `NTA.${country}`,
  domain: `${country.toLowerCase()}.example`,
  ports: { api: 8441, as4: 8443 },
  locales: ['en'],
  accounts: [],
  ...more,
})
const hub = { copies: 'copies.tsv' }
const link = (one: string, other: string, more: object = {}) => ({
  between: [one, other],
  kind: 'as4',
  agreement: `${one}-${other}`,
  ...more,
})

const corridor = (nodes: object, links: object[]) =>
  checkCorridor({ corridor: 'test', title: 'Test', codelists: 'codelists', nodes, links, offices: [] }, file)

const faultOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof NodeFault)
    assert.equal(error.code, 'CORRIDOR_FILE')
    return error.message
  }
  return assert.fail('it was taken')
}

const two = { cg: node('CG'), td: node('TD') }

test('a hub is a node of its own, with an account that sees its board', () => {
  const { nodes } = corridor(
    { ...two, hq: node('QM', { hub, accounts: [{ id: 'secretariat', name: 'S', role: 'regional' }] }) },
    [link('cg', 'hq'), link('td', 'hq'), link('cg', 'td', { kind: 'hub', at: 'hq' })],
  )
  assert.deepEqual(
    nodes.map((each) => each.hub?.copies?.href),
    [undefined, undefined, new URL('copies.tsv', file).href],
  )
})

test('two nodes of one country are refused, with what to do', () => {
  const said = faultOf(() => corridor({ ...two, hq: node('CG', { hub }) }, [link('cg', 'hq')]))
  assert.match(said, /nodes: cg and hq have the same country, CG; .* such as QM/)
})

test('what is wrong with a hub is said', () => {
  const links = [link('cg', 'hq'), link('td', 'hq'), link('cg', 'td', { kind: 'hub', at: 'hq' })]
  assert.match(
    faultOf(() => corridor({ ...two, hq: node('QM') }, links)),
    /cg and td: the node hq is no hub/,
  )
  assert.match(
    faultOf(() => corridor({ ...two, hq: node('QM', { hub: { copy: 'x' } }) }, links)),
    /hq › hub › copy/,
  )
  assert.match(
    faultOf(() => corridor({ ...two, hq: node('QM', { hub: { waitingObjects: 3 } }) }, links)),
    /hq › hub › waitingObjects: must be a whole number from 10/,
  )
  const account = { id: 's', name: 'S', role: 'regional' }
  assert.match(
    faultOf(() => corridor({ cg: node('CG', { accounts: [account] }), td: node('TD') }, [])),
    /account s: cg is no hub/,
  )
  assert.match(
    faultOf(() => corridor({ hq: node('QM', { hub, accounts: [{ ...account, office: 'CM000101' }] }) }, [])),
    /the regional secretariat none/,
  )
})

test('a table of copies that is not there, or says what cannot be, stops the start with its place', () => {
  const messages = loadMessages()
  const path = new URL('copies.tsv', file)
  assert.match(
    faultOf(() => copyTableOf('hq', path, messages)),
    /hq › hub › copies: copies.tsv cannot be read/,
  )
  writeFileSync(path, 'message type\telement path\tname\twhy\nCD001C\tHolder.name\tholder\tno reason\n')
  assert.match(
    faultOf(() => copyTableOf('hq', path, messages)),
    /copies.tsv, line 2: CD001C has no element Holder.name/,
  )
})

test('a member copies to the hubs that it is linked with; a hub copies to nobody', () => {
  const cemac = readCorridor('cemac')
  const messages = loadMessages()
  const of = (id: string) => copiesTo(cemac, cemac.nodes.find((each) => each.id === id) as CorridorNode, messages)
  assert.deepEqual(
    ['cm', 'td', 'hq'].map((id) => of(id).map(({ party }) => party)),
    [['HQ.CEMAC'], ['HQ.CEMAC'], []],
  )
})
