import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { DeclarationView, MirrorView } from '@corridor/casework'
import { saveAccount } from '@corridor/registry'
import type { DeclarationsPort } from '../src/ports.ts'
import { durresOfficer, secretariat, testApi, type TestApi, trader } from './support.ts'

const exportSystem = { id: 'al-exports', name: 'Exports', role: 'system', system: 'aes', locale: 'en' } as const
const agency = { id: 'al-health', name: 'Health', role: 'agency', locale: 'en' } as const

const view: DeclarationView = {
  id: '7',
  side: 'partner-export',
  state: 'draft',
  party: { id: 'NTA.XK', name: 'Kosovo' },
  ucr: '6XK-1',
  number: 'E-1',
  version: 2,
  day: '2026-11-24',
  changedAt: '2026-11-24T10:00:00.000Z',
  trader: { id: 'AL12345678', name: 'Trans Adria' },
  versions: [
    {
      version: 1,
      event: 'released',
      at: '2026-11-24T10:00:00.000Z',
      by: { id: 'NTA.XK', name: 'Kosovo' },
      digest: 'ab',
      answer: { outcome: 'taken', findings: [], at: '2026-11-24T10:00:00.000Z' },
    },
  ],
  elements: [
    {
      path: 'Declaration/ID',
      name: 'ID',
      meaning: 'number',
      exported: 'E-1',
      draft: null,
      imported: null,
      change: null,
      differs: false,
    },
  ],
  draft: {
    version: 2,
    complete: [{ path: 'Declaration/FunctionalReferenceID', meaning: 'reference', why: 'own' }],
    leftOut: [],
    claimedAt: null,
    mayLodge: true,
    isOutdated: false,
    blanks: [{ path: 'Declaration/FunctionalReferenceID', meaning: 'reference', why: 'own' }],
    fixed: ['Declaration/ID'],
    changes: [{ path: 'a', element: 'a', meaning: '', kind: 'completed', is: '=1+1' }],
  },
  standing: null,
  abroad: null,
  related: [],
}

const none = { netMass: '0', value: '0.00' }
const report: MirrorView = {
  party: { id: 'NTA.XK', name: 'Kosovo' },
  direction: 'in',
  from: '2026-11-01',
  to: '2026-11-30',
  day: '2026-11-30',
  tolerance: { massPercent: '1', valuePercent: '1', travelDays: 30 },
  currency: 'EUR',
  pairs: [
    {
      ucr: '=HYPERLINK("x"),1',
      state: 'no-import',
      exports: ['E-1'],
      imports: [],
      exported: none,
      imported: none,
      differences: [],
    },
  ],
  chapters: [],
  counts: { agrees: 0, differs: 0, 'no-import': 1, 'no-export': 0, 'on-the-way': 0, 'not-compared': 0 },
  unusable: [],
  notCounted: [],
}

describe('/declarations', () => {
  let api: TestApi
  const asked: unknown[][] = []
  const declarations: DeclarationsPort = {
    list: async (account, query) => {
      asked.push(['list', account.id, query])
      return account.role === 'agency' || account.role === 'regional'
        ? undefined
        : { items: [], total: 0, more: false, page: query.page, pageSize: query.pageSize }
    },
    view: async (_account, id) => (id === '7' ? view : undefined),
    take: async (source, bytes) => {
      asked.push(['take', source, Buffer.from(bytes).toString()])
      if (source.event === 'released' && bytes.length > 2) return { kind: 'key-reused' }
      if (bytes.length > 2) return { kind: 'accepted', id: '9' }
      const finding = {
        rule: 'D01',
        path: '/UtilityBlock/Declaration/ID',
        value: '',
        text: 'No number.',
        remedy: 'Give it.',
      }
      return { kind: 'wrong', findings: [finding] }
    },
    claim: async () => ({ kind: 'done', id: '7' }),
    lodge: async (_account, _id, { version }) =>
      version === 2 ? { kind: 'done', id: '7' } : { kind: 'conflict', detail: 'Corrected.', version: 2 },
    partners: () => [{ id: 'NTA.XK', name: 'Kosovo' }],
    mirror: async (_account, { party, from }) => (party !== 'NTA.XK' ? undefined : from < '2026' ? 'too-many' : report),
  }
  const as: Record<string, { authorization: string }> = {}
  before(async () => {
    api = await testApi({ declarations })
    for (const account of [exportSystem, agency]) await saveAccount(api.db, account, api.clock.now)
    for (const account of [durresOfficer, trader, secretariat, exportSystem, agency])
      as[account.id] = await api.bearer(account)
  })
  after(() => api.close())

  const get = (who: string, url: string, headers: object = {}) =>
    api.app.inject({ url, headers: { ...as[who], ...headers } })
  const post = (who: string, url: string, payload: object | string, headers: Record<string, string> = {}) =>
    api.app.inject({ method: 'POST', url, payload, headers: { ...as[who], 'idempotency-key': 'k', ...headers } })

  test('officers and traders have a list; agencies, the secretariat and strangers do not', async () => {
    const answer = await get('al-departure', '/declarations?q=6XK&side=export&state=sent&page=2')
    assert.deepEqual(answer.json(), { items: [], total: 0, more: false, page: 2, pageSize: 50 })
    assert.deepEqual(asked.at(-1)?.[2], { q: '6XK', side: 'export', state: 'sent', page: 2, pageSize: 50 })
    assert.equal((await get('trans-al', '/declarations')).statusCode, 200)
    assert.equal((await get('al-health', '/declarations')).statusCode, 403)
    assert.equal((await get('secretariat', '/declarations')).statusCode, 403)
    assert.equal((await get('nobody', '/declarations')).statusCode, 401)
    for (const wrong of ['side=x', 'state=x', 'page=0', `q=${'x'.repeat(71)}`, 'more=1'])
      assert.equal((await get('al-departure', `/declarations?${wrong}`)).statusCode, 400, wrong)
  })

  test('a declaration is there for whoever may see it', async () => {
    assert.deepEqual((await get('trans-al', '/declarations/7')).json(), view)
    assert.equal((await get('trans-al', '/declarations/8')).statusCode, 404)
    assert.equal((await get('trans-al', '/declarations/x')).statusCode, 404)
  })

  test('only the export system hands over, with a key; what is wrong is told by path', async () => {
    const json = { 'content-type': 'application/json' }
    const block = '{"UtilityBlock":{}}'
    assert.equal((await post('trans-al', '/declarations', block, json)).statusCode, 403)
    assert.equal((await post('al-departure', '/declarations', block, json)).statusCode, 403)
    const taken = await post('al-exports', '/declarations?event=cancelled', block, json)
    assert.deepEqual([taken.statusCode, taken.json()], [202, { outcome: 'accepted', id: '9' }])
    assert.deepEqual(asked.at(-1), ['take', { id: 'api-al-exports-k', actor: 'al-exports', event: 'cancelled' }, block])
    const other = await post('al-exports', '/declarations', block, json)
    assert.deepEqual([other.statusCode, other.json().type], [422, 'urn:corridor:problem:idempotency-key-reused'])
    const wrong = await post('al-exports', '/declarations', '{}', json)
    assert.equal(wrong.statusCode, 422)
    assert.deepEqual(wrong.json().errors, [
      { field: '/UtilityBlock/Declaration/ID', remedy: 'D01: No number. Give it.' },
    ])
    const without = await api.app.inject({
      method: 'POST',
      url: '/declarations',
      payload: block,
      headers: { ...as['al-exports'], ...json },
    })
    assert.equal(without.statusCode, 400)
  })

  test('an importer claims and lodges; a draft that was corrected meanwhile is a conflict with its version', async () => {
    assert.equal((await post('al-departure', '/declarations/claims', { ucr: '6XK-1' })).statusCode, 403)
    const claimed = await post('trans-al', '/declarations/claims', { ucr: '6XK-1' })
    assert.equal(claimed.json().declaration.id, '7')
    const lodged = await post('trans-al', '/declarations/7/import', {
      version: 2,
      values: { 'Declaration/Agent/ID': null },
    })
    assert.equal(lodged.statusCode, 200)
    const stale = await post('trans-al', '/declarations/7/import', { version: 1, values: {} })
    assert.deepEqual([stale.statusCode, stale.json().version], [409, 2])
    for (const wrong of [{ version: 0, values: {} }, { version: 1 }, { version: 1, values: { a: 1 } }])
      assert.equal((await post('trans-al', '/declarations/7/import', wrong)).statusCode, 422)
  })

  test('the mirror report is for officers, as JSON and as a table whose cells are no formulas', async () => {
    const url = '/declarations/mirror?party=NTA.XK&direction=in&from=2026-11-01&to=2026-11-30'
    assert.deepEqual((await get('al-departure', url)).json(), report)
    const { partners } = (await get('al-departure', '/declarations/partners')).json()
    assert.deepEqual(partners, [{ id: 'NTA.XK', name: 'Kosovo' }])
    assert.equal((await get('trans-al', url)).statusCode, 403)
    assert.equal((await get('al-departure', url.replace('NTA.XK', 'NTA.MK'))).statusCode, 404)
    assert.equal((await get('al-departure', url.replace('11-30', '10-30'))).statusCode, 400)
    const long = await get('al-departure', url.replace('2026-11-01', '2025-11-01'))
    assert.deepEqual([long.statusCode, long.json().errors[0].field], [422, 'to'])
    const table = await get('al-departure', url, { accept: 'text/csv' })
    assert.match(String(table.headers['content-disposition']), /mirror-NTA\.XK-in/)
    assert.match(table.body, /^ucr,state,/)
    assert.match(table.body, /"'=HYPERLINK\(""x""\),1",no-import/)
  })
})

test('a node that agreed on no declaration data has nothing there', async () => {
  const api = await testApi()
  const headers = await api.bearer(durresOfficer)
  assert.equal((await api.app.inject({ url: '/declarations', headers })).statusCode, 404)
  await api.close()
})
