/** Shares between two real nodes, each a process with a database of its own, over the stand-in for a cloud store, by their API. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { connect } from '@corridor/database'
import { temporaryHome } from '@corridor/database/testing'
import type { ShareDone, ShareView } from '@corridor/api'
import { exampleExport } from '../../declarations/test/example.ts'
import { issueToken, type RunningCorridor, startCorridor } from '../src/index.ts'

const dayMs = 86_400_000
const folder = temporaryHome()
const file = join(folder, 'corridor.yaml')
const [owner, reader] = ['NTA.AL', 'NTA.XK']
const subject = '6SZ200300400-MFC88123'
/** Not that of an import: enough that it is a block, and no trader's address. */
const elements = [
  'WCODataModelVersionCode',
  'WCOTypeName',
  'ResponsibleCountryCode',
  'ResponsibleAgencyName',
  'AgencyAssignedCustomizationVersionCode',
  'Declaration/FunctionCode',
  'Declaration/FunctionalReferenceID',
  'Declaration/ID',
  'Declaration/TypeCode',
  'Declaration/GoodsItemQuantity',
  'Declaration/DeclarationOfficeID',
  'Declaration/Declarant',
  'Declaration/Exporter/Name',
  'Declaration/Exporter/ID',
  'Declaration/GoodsShipment/Consignee/Name',
  'Declaration/GoodsShipment/Consignee/ID',
  'Declaration/GoodsShipment/Destination',
  'Declaration/GoodsShipment/ExportCountry',
  'Declaration/GoodsShipment/GovernmentAgencyGoodsItem',
  'Declaration/GoodsShipment/UCR',
]
type Who = 'tirana-operations' | 'durres-departure' | 'adria-spedicion' | 'prishtina-operations'
const nodeOf = (who: Who): string => (who.startsWith('prishtina') ? 'xk' : 'al')
let running: RunningCorridor
const tokens = new Map<Who, string>()

before(async () => {
  cpSync(new URL('../../../corridors/albania-kosovo', import.meta.url), folder, { recursive: true })
  const corridor = parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  corridor['places'] = { sky: { kind: 'cloud', name: 'Cloud of the region', port: 8470 } }
  corridor['links'] = [{ between: ['al', 'xk'], kind: 'cloud', at: 'sky', agreement: 'al-xk' }]
  writeFileSync(file, stringify(corridor))
  running = await startCorridor({ corridor: file, home: temporaryHome(), anyPorts: true, now: () => new Date() })
  for (const who of ['tirana-operations', 'durres-departure', 'adria-spedicion', 'prishtina-operations'] as const)
    tokens.set(who, await issueToken(settingsOf(who), who, 'test'))
})
after(() => running.stop())

const settingsOf = (who: Who) => running.nodes.find(({ node }) => node.id === nodeOf(who))!.settings

interface Answer<Body> {
  status: number
  body: Body
}

async function ask<Body>(who: Who, path: string, body?: object, key: string = randomUUID()): Promise<Answer<Body>> {
  const response = await fetch(`http://127.0.0.1:${settingsOf(who).ports.api}${path}`, {
    headers: {
      authorization: `Bearer ${tokens.get(who)}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': key }),
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Body }
}

/** Asks until it is so: what goes between the nodes takes its time. */
async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (let turn = 0; turn < 600; turn++) {
    const found = await look()
    if (found !== undefined) return found
    await pause(100)
  }
  return assert.fail('it never came')
}

const proposal = (change: object = {}) => ({
  reader,
  purpose: 'Import declarations begin from export declarations',
  legalBasis: 'Memorandum of understanding, article 4 (illustrative)',
  edition: '1.1',
  elements,
  from: new Date(Date.now() - dayMs).toISOString(),
  to: new Date(Date.now() + 90 * dayMs).toISOString(),
  retentionDays: 30,
  ...change,
})
const pathOf = ({ owner: whose, id }: { owner: string; id: string }, rest = ''): string =>
  `/shares/${whose}/${encodeURIComponent(id)}${rest}`
const stateAt = (who: Who, share: ShareDone, state: string): Promise<ShareView> =>
  until(async () => {
    const { shares } = (await ask<{ shares: ShareView[] }>(who, '/shares')).body
    return shares.find((each) => each.id === share.id && each.state === state)
  })
const upload = (block: object = exampleExport(), key?: string) =>
  ask<{ items: { item: string }[]; type?: string }>(
    'tirana-operations',
    '/shares/blocks',
    { reader, subject, block: { UtilityBlock: block } },
    key,
  )

test('who is no operations desk, and what makes no contract, is refused with what to do', async () => {
  for (const who of ['durres-departure', 'adria-spedicion'] as const) {
    assert.equal((await ask(who, '/shares')).status, 403, who)
    assert.equal((await ask(who, '/shares', proposal())).status, 403, who)
    assert.equal((await ask(who, `/shares/${owner}/items/x/readings`, {})).status, 403, who)
  }
  for (const [change, field] of [
    [{ reader: 'NTA.MK' }, 'reader'],
    [{ to: new Date(Date.now() - 1).toISOString() }, 'to'],
    [{ elements: [...elements, 'Declaration/Unheard'] }, 'elements'],
    [{ elements: elements.slice(1) }, 'elements'],
    [{ purpose: ' ' }, 'purpose'],
    [{ retentionDays: 0 }, 'retentionDays'],
  ] as const) {
    const { status, body } = await ask<{ errors: { field: string; remedy: string }[] }>(
      'tirana-operations',
      '/shares',
      proposal(change),
    )
    assert.equal(status, 422, field)
    assert.equal(body.errors[0]?.field, field)
    assert.ok(body.errors[0].remedy)
  }
  assert.equal((await ask('tirana-operations', pathOf({ owner, id: 'none' }))).status, 404)
  assert.equal(
    (await ask('tirana-operations', pathOf({ owner, id: 'none' }, '/withdrawal'), { reason: 'x' })).status,
    404,
  )
  const early = await upload()
  assert.deepEqual([early.status, early.body.type], [409, 'urn:corridor:problem:share-refused'])
})

test('proposed, accepted, shared, read; the owner sees the reading; withdrawn, nothing is readable any more', async () => {
  const key = randomUUID()
  const given = proposal()
  const { status, body } = await ask<{ share: ShareDone }>('tirana-operations', '/shares', given, key)
  assert.equal(status, 200, JSON.stringify(body))
  const { share } = body
  assert.deepEqual([share.owner, share.version, share.state], [owner, 1, 'offered'])
  assert.deepEqual((await ask('tirana-operations', '/shares', given, key)).body, body, 'once for its key')
  assert.equal((await ask('tirana-operations', '/shares', proposal({ retentionDays: 3 }), key)).status, 422)

  const seen = await stateAt('prishtina-operations', share, 'offered')
  assert.equal(seen.digest, share.digest)
  const answer = { version: 1, digest: seen.digest, answer: 'accepted' }
  assert.equal((await ask('tirana-operations', pathOf(share, '/answer'), answer)).status, 409, 'the reader answers')
  const wrong = { ...answer, digest: '0'.repeat(64) }
  assert.equal((await ask('prishtina-operations', pathOf(share, '/answer'), wrong)).status, 409)
  const accepted = await ask<{ share: ShareDone }>('prishtina-operations', pathOf(share, '/answer'), answer)
  assert.deepEqual([accepted.status, accepted.body.share.state], [200, 'accepted'], JSON.stringify(accepted.body))
  await stateAt('tirana-operations', share, 'accepted')

  assert.equal((await upload({ Declaration: {} })).status, 422)
  const uploadKey = randomUUID()
  const uploaded = await upload(exampleExport(), uploadKey)
  assert.equal(uploaded.status, 200, JSON.stringify(uploaded.body))
  assert.deepEqual((await upload(exampleExport(), uploadKey)).body, uploaded.body)
  const { item } = uploaded.body.items[0]!
  const readings = `/shares/${owner}/items/${encodeURIComponent(item)}/readings`
  const read = () => ask<{ subject: string; block: object; type?: string }>('prishtina-operations', readings, {})
  const shown = await until(async () => {
    const found = await read()
    return found.status === 404 ? undefined : found
  })
  assert.deepEqual([shown.status, shown.body.subject], [200, subject])
  const text = JSON.stringify(shown.body.block)
  assert.ok(text.includes('Malkerns Fruit Canners') && text.includes('20082000'))
  for (const kept of ['3 Pineapple Road', '48200.50', 'JSD 117 AM']) assert.equal(text.includes(kept), false, kept)

  const told = await until(async () => {
    const found = await ask<{ readings: { who: string; item: string }[] }>(
      'tirana-operations',
      pathOf(share, '/readings'),
    )
    return found.body.readings[0]
  })
  assert.deepEqual([told.who, told.item], ['prishtina-operations', item])

  assert.equal((await ask('tirana-operations', pathOf(share, '/withdrawal'), { reason: ' ' })).status, 422)
  const reason = { reason: 'The agreement is suspended' }
  const withdrawn = await ask<{ share: ShareDone }>('tirana-operations', pathOf(share, '/withdrawal'), reason)
  assert.deepEqual([withdrawn.status, withdrawn.body.share.state], [200, 'withdrawn'], JSON.stringify(withdrawn.body))
  const ended = await stateAt('prishtina-operations', share, 'withdrawn')
  assert.deepEqual([ended.endedBy, ended.reason], [owner, reason.reason])
  const late = await read()
  assert.deepEqual([late.status, late.body.type], [409, 'urn:corridor:problem:share-refused'])
  assert.equal((await upload()).status, 409)
  const db = connect(settingsOf('prishtina-operations').databaseUrl, { max: 1, applicationName: 'test' })
  try {
    const [left] = await db.query(
      "select (select count(*) from share_item where block is not null)::int as data, (select count(*) from inbox where document_type = 'SharedBlock' and (payload <> '' or raw <> ''))::int as messages",
    )
    assert.deepEqual(left, { data: 0, messages: 0 }, 'the data are gone from the reader’s database')
  } finally {
    await db.close()
  }
})
