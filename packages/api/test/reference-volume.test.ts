/** `/reference/volume` over a real database. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { namingOf, readReference } from '@corridor/customs'
import { reference } from '@corridor/registry'
import { loadReferenceLists } from '@corridor/tables'
import { durresOfficer, testApi, type TestApi, trader } from './support.ts'

let api: TestApi
let officer: { authorization: string }
const heads = [
  ...loadReferenceLists(),
  { id: 'CL231/NTA.AL', names: [], source: '', version: '', owner: 'NTA.AL', kind: 'national' as const, illustrative: true, completeness: 'complete' as const, note: '' },
] // prettier-ignore

before(async () => {
  api = await testApi()
  officer = await api.bearer(durresOfficer)
  await reference.declareLists(api.db, heads)
  await bring('CL231/NTA.AL', '2026-08-10T10:00:00Z', 'A1,2026-01-01,,One\nA2,2026-01-01,,Two\n')
  await bring('CL231/NTA.AL', '2026-09-30T23:30:00Z', 'A1,2026-10-01,,One more\n')
  await bring('CL231/NTA.AL', '2026-10-05T10:00:00Z', 'A3,2026-10-06,2026-12-31,Three\nA4,2026-12-10,,Four\n')
  await bring('CL019', '2026-11-02T10:00:00Z', '1,2024-01-01,,Deviation\n')
})
after(() => api.close())

async function bring(list: string, at: string, rows: string): Promise<void> {
  const csv = `code,activeFrom,activeTo,text_en\n${rows}`
  await api.db.transaction(async (tx) => {
    const read = readReference('csv', [csv], namingOf(heads), list)
    const options = { author: 'test', at: new Date(at), effective: at.slice(0, 10), covers: 'addition' } as const
    assert.deepEqual((await reference.importEntries(tx, read, options)).wrong, [])
  })
}

const get = (url: string, headers: Record<string, string> = officer) => api.app.inject({ url, headers })

test('each side and list by month: entries, changes, what is announced, what is expected', async () => {
  const { from, to, current, sides, lists } = (await get('/reference/volume?from=2026-08&to=2027-01')).json()
  assert.deepEqual([from, to, current], ['2026-08', '2027-01', '2026-11'])
  assert.deepEqual(lists.map(({ list, owner }: { list: string; owner: string | null }) => [list, owner]), [['CL019', null], ['CL231/NTA.AL', 'NTA.AL']]) // prettier-ignore
  const rows = (lists[1].months as Record<string, unknown>[]).map(
    ({ month, kind, entries, changes, low, high, announced, loaded }) => [
      month,
      kind,
      entries,
      changes,
      low,
      high,
      announced,
      loaded,
    ],
  )
  // October and September count for the forecast: 2 and 1 changes (half past eleven in the evening is still September in UTC).
  assert.deepEqual(rows, [
    ['2026-08', 'observed', 2, 0, 0, 0, 0, 2],
    ['2026-09', 'observed', 3, 1, 1, 1, 0, 0],
    ['2026-10', 'observed', 5, 2, 2, 2, 0, 0],
    ['2026-11', 'running', 5, 0, 0, 0, 0, 0],
    ['2026-12', 'forecast', 7, 2, 1, 2, 1, 0],
    ['2027-01', 'forecast', 8, 2, 1, 2, 1, 0],
  ])
  assert.deepEqual(
    sides.map(({ owner }: { owner: string | null }) => owner),
    [null, 'NTA.AL'],
  )
  assert.ok(lists[1].months[0].bytes > 200)
})

test('the months of a year back and half a year ahead, unless told', async () => {
  const { from, to, lists } = (await get('/reference/volume')).json()
  assert.deepEqual([from, to, lists[0].months.length], ['2025-12', '2027-05', 18])
})

test('CSV for a planner who asks for it alone, and a tag for who asks again', async () => {
  const csv = await get('/reference/volume?from=2026-11&to=2026-11', { ...officer, accept: 'text/csv' })
  assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8')
  assert.match(String(csv.headers['content-disposition']), /reference-volume-2026-11-2026-11\.csv/)
  const [head, first, second] = csv.body.split('\r\n')
  assert.match(head!, /^owner,list,month,kind,entries,changes,/)
  assert.match(first!, /^,CL019,2026-11,running,1,0,0,0,0,1,1,\d+$/)
  assert.match(second!, /^NTA\.AL,CL231\/NTA\.AL,2026-11,running,5,/)
  const json = await get('/reference/volume')
  const again = await get('/reference/volume', { ...officer, 'if-none-match': String(json.headers['etag']) })
  assert.equal(again.statusCode, 304)
  assert.equal((await get('/reference/volume', { ...officer, accept: 'image/png' })).statusCode, 406)
})

test('what makes no sense is refused, and traders do not plan', async () => {
  for (const query of ['from=2026-13', 'from=november', 'from=2026-12&to=2026-11', 'from=2020-01&to=2026-11'])
    assert.equal((await get(`/reference/volume?${query}`)).statusCode, 400, query)
  assert.equal((await get('/reference/volume', await api.bearer(trader))).statusCode, 403)
  assert.equal((await get('/reference/volume', {})).statusCode, 401)
})
