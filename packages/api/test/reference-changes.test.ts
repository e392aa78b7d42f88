/** Change control of reference data over a real database: who may do what, and what each change does and concerns. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { reference, saveAccount } from '@corridor/registry'
import { loadReferenceLists } from '@corridor/tables'
import { durresOfficer, testApi, trader, type TestApi } from './support.ts'

const author = { id: 'tirana-tariff', name: 'Elira Dervishi', role: 'reference', locale: 'en' } as const
const reviewer = { id: 'tirana-review', name: 'Genc Basha', role: 'reference', locale: 'en' } as const
const list = 'CL017'
const at = `/reference/${list}/versions`
const head = { names: [], source: 'this test', version: '1', kind: 'national', note: '' } as const
const noted = { effective: '2026-11-25', note: 'As agreed on 20 November' }
type Headers = Record<string, string>

describe('changes of reference data', () => {
  let api: TestApi
  let first: Headers
  let second: Headers
  let officer: Headers
  before(async () => {
    api = await testApi()
    for (const account of [author, reviewer]) await saveAccount(api.db, account, api.clock.now)
    const bearers = [author, reviewer, durresOfficer].map((account) => api.bearer(account))
    const [one, two, three] = await Promise.all(bearers)
    ;[first, second, officer] = [{ ...one }, { ...two }, { ...three }]
    const own = (id: string, owner: string) =>
      ({ ...head, id, owner, illustrative: true, completeness: 'partial' }) as const
    await reference.declareLists(api.db, [
      ...loadReferenceLists().map((one) => (one.id === list ? { ...one, owner: 'NTA.AL' } : one)),
      own('CL998/NTA.AL', 'NTA.AL'),
      own('CL998/NTA.XK', 'NTA.XK'),
    ])
  })
  after(() => api.close())

  const get = (url: string, headers = first) => api.app.inject({ url, headers })
  const post = (url: string, payload: object = {}, headers = first, key: string = randomUUID()) =>
    api.app.inject({ method: 'POST', url, payload, headers: { ...headers, 'idempotency-key': key } })
  const act = (number: number, name: string, headers = first, payload: object = {}, where = at) =>
    post(`${where}/${number}/${name}`, payload, headers)
  const errorsOf = (answer: { json: () => { errors: { field: string; value?: string; remedy: string }[] } }) =>
    answer.json().errors
  const entry = (code: string, en: string) => ({ code, validFrom: '2026-01-01', texts: { en } })

  async function published(changes: object[], more: object = {}, where = at): Promise<number> {
    const drafted = await post(where, { ...noted, ...more, changes })
    assert.equal(drafted.statusCode, 201, drafted.body)
    const { number } = drafted.json()
    assert.equal((await act(number, 'review', second, {}, where)).statusCode, 200)
    const done = await act(number, 'publish', first, {}, where)
    assert.equal(done.statusCode, 200, done.body)
    return number
  }

  test('a draft by one, reviewed by a second person, published: each step once, with its journal line', async () => {
    const key = randomUUID()
    const body = {
      ...noted,
      changes: [entry('AA', 'Box'), entry('BB', 'Bag'), { ...entry('CC', 'Can'), parent: 'AA' }],
    }
    const drafted = await post(at, body, first, key)
    assert.equal(drafted.statusCode, 201, drafted.body)
    assert.equal(drafted.headers.location, `${at}/1`)
    assert.deepEqual(drafted.json(), { list, number: 1, state: 'draft', added: 3, changed: 0, ended: 0 })
    const again = await post(at, body, first, key)
    assert.deepEqual([again.statusCode, again.json()], [201, drafted.json()])
    const seen = (await get(at)).json()
    assert.deepEqual(
      [seen.list.open, seen.draftHindrance, seen.versions[0].state, seen.versions[0].author.name],
      [true, 'version-open', 'draft', 'Elira Dervishi'],
    )
    assert.deepEqual(seen.versions[0].acts, [
      { act: 'review', why: 'same-person' },
      { act: 'publish', why: 'not-reviewed' },
      { act: 'discard', why: null },
    ])
    // Not in use yet: neither the code nor the list has it.
    assert.deepEqual((await get(`/reference/${list}`)).json().entries, [])

    const own = await act(1, 'review')
    assert.deepEqual([own.statusCode, own.json().type], [403, 'urn:corridor:problem:same-person'])
    assert.match(errorsOf(own)[0]!.remedy, /another reference-data manager/)
    const early = await act(1, 'publish')
    assert.deepEqual([early.statusCode, early.json().type], [409, 'urn:corridor:problem:wrong-state'])
    assert.equal((await act(1, 'review', second)).json().state, 'reviewed')
    assert.equal((await act(1, 'publish')).json().state, 'published')
    const [version] = (await get(at)).json().versions
    assert.deepEqual(
      [version.state, version.reviewer.name, version.acts, version.added],
      ['published', 'Genc Basha', [], 3],
    )
    assert.equal((await get(`/reference/${list}`)).json().entries.length, 3)
    const lines = await api.db.query<{ kind: string; actor: string; detail: { list: string } }>(
      `select kind, actor, detail from journal where kind like 'reference.%' order by id`,
    )
    assert.deepEqual(
      lines.map(({ kind, actor, detail }) => `${kind} ${actor} ${detail.list}`),
      [
        `reference.drafted ${author.id} ${list}`,
        `reference.reviewed ${reviewer.id} ${list}`,
        `reference.published ${author.id} ${list}`,
      ],
    )
  })

  test('what is added, changed and ended, each beside what it was', async () => {
    const changes = [
      { code: 'AA', texts: { en: 'Wooden box', sq: 'Arkë druri' }, items: { Weight: '2' } },
      { end: 'BB', validTo: '2026-12-31' },
      { code: 'DD', validFrom: '2027-01-01', texts: { en: 'Drum' } },
    ]
    const { number } = (await post(at, { ...noted, base: 1, changes })).json()
    const { version, differences, effects, next } = (await get(`${at}/${number}`)).json()
    assert.deepEqual([version.added, version.changed, version.ended, next], [1, 1, 1, null])
    const days = (entries: { validFrom: string; validTo: string; texts: { en: string } }[]) =>
      entries.map(({ validFrom, validTo, texts }) => `${validFrom} ${validTo} ${texts.en}`)
    const [changed] = differences.changed
    assert.deepEqual(days(changed.before), ['2026-01-01  Box'])
    assert.deepEqual(days(changed.after), ['2026-01-01 2026-11-24 Box', '2026-11-25  Wooden box'])
    assert.deepEqual(days(differences.ended[0].before), ['2026-01-01  Bag'])
    assert.deepEqual(days(differences.ended[0].after), ['2026-01-01 2026-12-31 Bag'])
    assert.deepEqual(days(differences.added[0].after), ['2027-01-01  Drum'])
    assert.deepEqual(effects, { movements: [], more: false })
    assert.equal((await act(number, 'discard')).json().state, 'discarded')
    assert.equal((await get(`${at}/${number}`)).statusCode, 404)
    assert.equal((await get(`/reference/${list}`)).json().entries[0].text, 'Box')
  })

  test('an end that movements under way use is shown before, and takes a reason', async () => {
    const record = {
      Consignment: { HouseConsignment: [{ ConsignmentItem: [{ Packaging: [{ typeOfPackages: 'BB' }] }] }] },
    }
    for (const [mrn, state] of [
      ['26ALAL0001010000J5', 'released'],
      ['26ALAL0001010001J3', 'written-off'],
    ])
      await api.db.query(
        `insert into movement (role, office, mrn, lrn, state, data, summary, search, needs_act, created_at, updated_at)
         values ('departure', 'AL000101', $1, $1, $2, $3, '{}', '', false, $4, $4)`,
        [mrn, state, JSON.stringify({ record }), api.clock.now],
      )
    const { number } = (await post(at, { ...noted, changes: [{ end: 'BB', validTo: '2026-11-24' }] })).json()
    const { effects } = (await get(`${at}/${number}`)).json()
    assert.deepEqual(effects.movements, [
      {
        mrn: '26ALAL0001010000J5', role: 'departure', office: 'AL000101', officeName: 'Durrës Port', state: 'released', code: 'BB', ended: true,
      },
    ]) // prettier-ignore
    await act(number, 'review', second)
    const refused = await act(number, 'publish')
    assert.deepEqual([refused.statusCode, refused.json().type], [422, 'urn:corridor:problem:codes-in-use'])
    assert.deepEqual([errorsOf(refused)[0]!.field, errorsOf(refused)[0]!.value], ['reason', 'BB'])
    assert.match(errorsOf(refused)[0]!.remedy, /26ALAL0001010000J5/)
    assert.equal((await act(number, 'publish', first, { reason: 'The bag is forbidden' })).statusCode, 200)
    const [version] = (await get(at)).json().versions
    assert.equal(version.note, `${noted.note} — The bag is forbidden`)
  })

  test('an office that ends is looked for in every field for offices, whatever their role', async () => {
    const where = '/reference/CL141/versions'
    const office = (code: string) => ({ ...entry(code, code), items: { CountryCode: code.slice(0, 2) } })
    await published([office('XK000201'), office('XK000301')], {}, where)
    const record = {
      CustomsOfficeOfTransitDeclared: [{ referenceNumber: 'XK000201' }],
      CustomsOfficeOfDestinationDeclared: { referenceNumber: 'XK000301' },
    }
    await api.db.query(
      `insert into movement (role, office, mrn, lrn, state, data, summary, search, needs_act, created_at, updated_at)
       values ('departure', 'AL000101', '26ALAL0001010002J1', 'L', 'accepted', $1, '{}', '', false, $2, $2)`,
      [JSON.stringify({ record }), api.clock.now],
    )
    const changes = [
      { end: 'XK000201', validTo: '2026-12-31' },
      { ...office('XK000301'), validFrom: '2027-01-01', texts: { en: 'Prizren' } },
    ]
    const { number } = (await post(where, { ...noted, changes })).json()
    const { effects } = (await get(`${where}/${number}`)).json()
    assert.deepEqual(
      effects.movements.map(({ mrn, code, ended }: Record<string, string>) => [mrn, code, ended]),
      [
        ['26ALAL0001010002J1', 'XK000201', true],
        ['26ALAL0001010002J1', 'XK000301', false],
      ],
    )
  })

  test('an earlier version comes back as a new one', async () => {
    const restored = await act(1, 'restore', first, { effective: '2026-11-26', note: 'The bag is allowed after all' })
    assert.equal(restored.statusCode, 201, restored.body)
    const { number } = restored.json()
    assert.equal(restored.headers.location, `${at}/${number}`)
    await act(number, 'review', second)
    assert.equal((await act(number, 'publish')).statusCode, 200)
    const { versions } = (await get(at)).json()
    assert.equal(versions[0].digest, versions.at(-1).digest)
    assert.equal((await act(number, 'restore', first, noted)).json().type, 'urn:corridor:problem:wrong-state')
  })

  test('of two who publish at once one wins; a second draft waits for the first', async () => {
    const { number } = (await post(at, { ...noted, changes: [entry('EE', 'Envelope')] })).json()
    await act(number, 'review', second)
    const [one, other] = await Promise.all([act(number, 'publish', first), act(number, 'publish', second)])
    assert.deepEqual([one, other].map(({ statusCode }) => statusCode).sort(), [200, 409])
    const drafts = await Promise.all(
      [first, second].map((who, n) => post(at, { ...noted, changes: [entry(`F${n}`, 'Frame')] }, who)),
    )
    assert.deepEqual(drafts.map(({ statusCode }) => statusCode).sort(), [201, 409])
    const late = drafts.find(({ statusCode }) => statusCode === 409)!
    assert.match(late.json().type, /version-open|list-busy/)
    const after = await post(at, { ...noted, changes: [entry('GG', 'Glass')] })
    assert.equal(after.json().type, 'urn:corridor:problem:version-open')
    await act(number + 1, 'discard')
    const moved = await post(at, { ...noted, base: 1, changes: [entry('GG', 'Glass')] })
    assert.deepEqual([moved.statusCode, moved.json().type], [409, 'urn:corridor:problem:version-moved'])
    assert.equal(errorsOf(moved)[0]!.field, 'base')
  })

  test('only a manager of the administration that owns the list changes it', async () => {
    const changes = [entry('ZZ', 'Zip')]
    for (const account of [durresOfficer, trader])
      assert.equal((await post(at, { ...noted, changes }, await api.bearer(account))).statusCode, 403)
    const seen = (await get(at, officer)).json()
    assert.deepEqual(seen.draftHindrance, 'not-manager')
    const foreign = await post('/reference/CL998%2FNTA.XK/versions', { ...noted, changes })
    assert.deepEqual([foreign.statusCode, foreign.json().type], [403, 'urn:corridor:problem:not-owner'])
    assert.deepEqual(errorsOf(foreign)[0]!.value, 'CL998/NTA.XK')
    assert.equal((await get('/reference/CL998%2FNTA.XK/versions')).json().draftHindrance, 'not-owner')
    assert.equal((await get('/movements')).statusCode, 403)
    assert.match((await get('/movements')).json().detail, /no movements/)
  })

  test('a list of which much would end is meant, or it is half a list', async () => {
    const where = '/reference/CL998%2FNTA.AL/versions'
    const codes = Array.from({ length: 24 }, (_, n) => `K${n + 10}`)
    await published(
      codes.map((code) => entry(code, `Kind ${code}`)),
      {},
      where,
    )
    const changes = codes.slice(0, 12).map((end) => ({ end, validTo: '2026-12-31' }))
    const refused = await post(where, { ...noted, changes })
    assert.deepEqual([refused.statusCode, refused.json().type], [422, 'urn:corridor:problem:most-ended'])
    assert.deepEqual(
      [errorsOf(refused)[0]!.field, errorsOf(refused)[0]!.value],
      ['ending', 'CL998/NTA.AL: 12 of 24 codes'],
    )
    assert.equal((await post(where, { ...noted, ending: true, changes })).statusCode, 201)
  })

  test('what is wrong is named with place and remedy, and nothing of it is kept', async () => {
    const wrong: [body: object, field: string, remedy: RegExp][] = [
      [
        { changes: [entry('HH', 'Hat'), { ...entry('II', 'Ink'), validFrom: '2026-02-30' }] },
        'changes.1',
        /2026-02-30/,
      ],
      [{ changes: [{ ...entry('HH', 'Hat'), validTo: '2025-01-01' }] }, 'changes.0', /before it begins/],
      [
        { changes: [entry('HH', 'Hat'), { ...entry('HH', 'Cap'), validFrom: '2026-05-01' }] },
        'changes.1',
        /twice|time/,
      ],
      [{ changes: [{ ...entry('HH', 'Hat'), parent: 'NONE' }] }, 'changes.0', /NONE/],
      [{ changes: [{ end: 'NONE', validTo: '2026-12-31' }] }, 'changes.0.end', /no such code/],
      [{ changes: [{ end: 'AA', validTo: 'never' }] }, 'changes.0.validTo', /yyyy-mm-dd/],
      [{ changes: [{ texts: { en: 'Nothing' } }] }, 'changes.0.code', /code/],
      [{ changes: [{ ...entry('HH', 'Hat'), colour: 'red' }] }, 'changes.0.colour', /no such field/],
      [{ changes: [entry('AA', 'Box')] }, 'changes', /nothing would change/],
      [{ changes: [] }, 'changes', /at least one/],
      [{ note: ' ', changes: [entry('HH', 'Hat')] }, 'note', /why/],
      [{ effective: 'tomorrow', changes: [entry('HH', 'Hat')] }, 'effective', /yyyy-mm-dd/],
    ]
    for (const [body, field, remedy] of wrong) {
      const answer = await post(at, { ...noted, ...body })
      assert.equal(answer.statusCode, 422, `${JSON.stringify(body)} ${answer.body}`)
      const found = errorsOf(answer).find((error) => error.field === field)
      assert.match(found?.remedy ?? answer.body, remedy, JSON.stringify(body))
    }
    const office = { code: 'AL000199', texts: { en: 'Nowhere' } }
    const [none] = errorsOf(await post('/reference/CL141/versions', { ...noted, changes: [office] }))
    assert.deepEqual([none?.field, none?.value], ['changes.0', 'AL000199'])
    assert.match(none!.remedy, /office without a country/)
    for (const url of ['/reference/CL9999/versions', `${at}/99/review`, `${at}/x/review`])
      assert.equal(
        (await post(url, url.endsWith('versions') ? { ...noted, changes: [entry('HH', 'Hat')] } : {})).statusCode,
        404,
        url,
      )
    const keyless = await api.app.inject({
      method: 'POST',
      url: at,
      headers: first,
      payload: { ...noted, changes: [] },
    })
    assert.equal(keyless.json().type, 'urn:corridor:problem:idempotency-key-missing')
    assert.equal((await get(at)).json().list.open, false)
  })
})
