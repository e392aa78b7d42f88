/** Exports under shares, between whole nodes: what leaves, what does not, and who tries to read what is not theirs. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { ShareDone, ShareView } from '@corridor/api'
import type { DeclarationPage, DeclarationView } from '@corridor/casework'
import { issueToken } from '@corridor/node'
import { startForTest, type TestCorridor } from '../../albania-kosovo/test/running.ts'

const beef = readFileSync(new URL('../documents/beef.json', import.meta.url), 'utf8')
const [owner, reader, ucr] = ['NTA.BW', 'NTA.ZA', '6BW100200999-B12']
const purpose = 'Import declarations begin from export declarations'
/** Enough for an import, and neither the lorry nor anybody's address. */
const enough = [
  'WCODataModelVersionCode',
  'WCOTypeName',
  'ResponsibleCountryCode',
  'AgencyAssignedCustomizationVersionCode',
  'Declaration/FunctionCode',
  'Declaration/FunctionalReferenceID',
  'Declaration/ID',
  'Declaration/TypeCode',
  'Declaration/GoodsItemQuantity',
  'Declaration/DeclarationOfficeID',
  'Declaration/Declarant/Name',
  'Declaration/Exporter/Name',
  'Declaration/GoodsShipment/Consignee/Name',
  'Declaration/GoodsShipment/Destination',
  'Declaration/GoodsShipment/ExportCountry',
  'Declaration/GoodsShipment/GovernmentAgencyGoodsItem',
  'Declaration/GoodsShipment/UCR',
]
const withoutNumber = enough.filter((element) => element !== 'Declaration/ID')

let stage: TestCorridor
const tokens = new Map<string, string>()
before(async () => {
  stage = await startForTest('sacu')
})
after(() => stage.end())

const nodeOf = (who: string) =>
  stage.nodes.find(({ node }) => node.accounts.some(({ id }) => id === who)) ?? assert.fail(who)

async function ask<Body>(who: string, path: string, body?: object | string): Promise<{ status: number; body: Body }> {
  const { settings } = nodeOf(who)
  if (!tokens.has(who)) tokens.set(who, await issueToken(settings, who, 'test'))
  const headers = { authorization: `Bearer ${tokens.get(who)}`, accept: 'application/json' }
  const sent = { ...headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() }
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  const response = await fetch(
    `http://127.0.0.1:${settings.ports.api}${path}`,
    text === undefined ? { headers } : { method: 'POST', headers: sent, body: text },
  )
  return { status: response.status, body: (await response.json()) as Body }
}

/** Asks until it is so: what goes between the nodes takes its time. */
async function until<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
  for (let turn = 0; turn < 400; turn++) {
    const found = await look()
    if (found !== undefined) return found
    await pause(100)
  }
  return assert.fail(what)
}

const pathOf = ({ id }: { id: string }, rest = ''): string => `/shares/${owner}/${encodeURIComponent(id)}${rest}`

/** Proposes a share, and has it accepted at both sides. */
async function agree(change: object = {}): Promise<ShareDone> {
  const share = await propose(change)
  const { id, version, digest } = share
  const stateAt = async (who: string, state: string) => {
    const { body } = await ask<{ versions?: ShareView[] }>(who, pathOf(share))
    return body.versions?.some((each) => each.version === version && each.state === state) ? true : undefined
  }
  await until('proposed', () => stateAt('za-operations', 'offered'))
  const given = await ask('za-operations', pathOf({ id }, '/answer'), { version, digest, answer: 'accepted' })
  assert.equal(given.status, 200, JSON.stringify(given.body))
  await until('accepted', () => stateAt('bw-operations', 'accepted'))
  return share
}

async function propose(change: object = {}): Promise<ShareDone> {
  const [from, to] = [-1, 30].map((days) => new Date(Date.now() + days * 86_400_000).toISOString())
  const about = { reader, purpose, legalBasis: 'Test', edition: '1.1', elements: enough, from, to, retentionDays: 5 }
  const { status, body } = await ask<{ share: ShareDone }>('bw-operations', '/shares', { ...about, ...change })
  assert.equal(status, 200, JSON.stringify(body))
  return body.share
}

async function declarationOf(who: string, side: string): Promise<DeclarationView | undefined> {
  const { body } = await ask<DeclarationPage>(who, `/declarations?side=${side}&q=${ucr}`)
  const [found] = body.items
  return found && (await ask<DeclarationView>(who, `/declarations/${found.id}`)).body
}

const waitsFor = (code: string | undefined) =>
  until(`it waits for ${code}`, async () => {
    const found = await declarationOf('tlokweng-exports', 'export')
    return found?.standing?.keptBack?.code === code ? found : undefined
  })

/** What went to South Africa with data of the declaration. */
const left = async () =>
  stage.databases
    .get('bw')!
    .query("select 1 from outbox where document_type in ('SharedBlock', 'UtilityBlock') and recipient = $1", [reader])

const hand = (text: string) => ask('bw-exports', '/declarations', text)

let share: ShareDone
let item: string

test('nothing leaves without a share in force for its purpose that names what is needed, and the declaration says why', async () => {
  const taken = await hand(beef)
  assert.equal(taken.status, 202, JSON.stringify(taken.body))
  assert.equal((await waitsFor('unknown-contract')).state, 'waiting')
  await agree({ purpose: 'Statistics of trade', elements: enough })
  await waitsFor('not-agreed')
  const offered = await propose()
  await waitsFor('not-accepted')
  await ask('bw-operations', pathOf(offered, '/withdrawal'), { reason: 'Another instead' })
  await waitsFor('withdrawn')
  share = await agree({ elements: withoutNumber })
  await waitsFor('contract-unfit')
  assert.deepEqual(await left(), [])
})

test('what waited goes when a share covers it: the elements that it names, and no other', async () => {
  share = await agree({ replaces: share.id })
  await until('taken', async () =>
    (await declarationOf('tlokweng-exports', 'export'))?.state === 'taken' ? true : undefined,
  )
  const there = (await declarationOf('oshoek-imports', 'partner-export')) ?? assert.fail('it did not come')
  assert.deepEqual([there.state, there.standing?.share], ['draft', { owner, id: share.id }])
  const exported = there.elements.filter((each) => each.exported !== null).map(({ path }) => path)
  assert.ok(exported.includes('Declaration/ID'))
  const named = (path: string) =>
    enough.some((each) => path === each || path.replaceAll(/\[\d+\]/g, '').startsWith(`${each}/`))
  assert.deepEqual(
    exported.filter((path) => !named(path.replaceAll(/\[\d+\]/g, ''))),
    [],
  )
  const text = JSON.stringify(there)
  for (const kept of ['B 712 ABC', 'Plot 1', 'BW100200999"']) assert.equal(text.includes(kept), false, kept)
  const blocks = await stage.databases
    .get('za')!
    .query(
      "select 1 from declaration_version v join declaration d on d.id = v.declaration where d.side = 'partner-export' and v.block is not null",
    )
  assert.deepEqual(blocks, [], 'the register has no copy')
})

test('each reading is noted at both sides, with who it was', async () => {
  for (const who of ['bw-operations', 'za-operations'])
    await until(`noted at ${who}`, async () => {
      const { body } = await ask<{ readings: { who: string; item: string }[] }>(who, pathOf(share, '/readings'))
      item = body.readings[0]?.item ?? ''
      const readers = new Set(body.readings.map((each) => each.who))
      return readers.has(reader) && readers.has('oshoek-imports') ? true : undefined
    })
})

test('nobody else reads it: another member, another trader, an officer without the desk, the owner at the reader’s place', async () => {
  const readings = `/shares/${owner}/items/${encodeURIComponent(item)}/readings`
  for (const [who, status] of [
    ['na-operations', 404],
    ['ls-operations', 404],
    ['oshoek-imports', 403],
    ['nelspruit-grocers', 403],
    ['bw-operations', 409],
  ] as const)
    assert.equal((await ask(who, readings, {})).status, status, who)
  for (const who of ['na-operations', 'sz-operations']) assert.equal((await ask(who, pathOf(share))).status, 404, who)
  const { body } = await ask<DeclarationPage>('oshoek-imports', `/declarations?side=partner-export&q=${ucr}`)
  const id = body.items[0]?.id ?? ''
  assert.equal((await ask('nelspruit-grocers', `/declarations/${id}`)).status, 404)
})

test('withdrawn by its reader: nothing of it is here any more, and a correction stays at home', async () => {
  const done = await ask('za-operations', pathOf(share, '/withdrawal'), { reason: 'No longer needed' })
  assert.equal(done.status, 200, JSON.stringify(done.body))
  const there = (await declarationOf('oshoek-imports', 'partner-export')) ?? assert.fail('the record stays')
  assert.deepEqual(
    [there.state, there.standing?.over?.code, there.elements, there.draft],
    ['ended', 'withdrawn', [], null],
  )
  const [rest] = await stage.databases.get('za')!.query(
    `select (select count(*) from share_item where block is not null)::int as blocks, (select count(*) from import_draft where draft is not null)::int as drafts,
      (select count(*) from national_result where kind = 'import-draft' and given_at is null)::int as results`,
  )
  assert.deepEqual(rest, { blocks: 0, drafts: 0, results: 0 })
  assert.equal(
    (await ask('za-operations', `/shares/${owner}/items/${encodeURIComponent(item)}/readings`, {})).status,
    409,
  )
  await until('withdrawn at the owner', async () => {
    const { body } = await ask<{ versions: ShareView[] }>('bw-operations', pathOf(share))
    return body.versions[0]?.state === 'withdrawn' ? true : undefined
  })
  const before = (await left()).length
  const corrected = await hand(beef.replace('Rustenburg Meat', 'Rustenburg Meat Market'))
  assert.equal(corrected.status, 202, JSON.stringify(corrected.body))
  assert.deepEqual([(await waitsFor('withdrawn')).version, (await left()).length], [2, before])
})
