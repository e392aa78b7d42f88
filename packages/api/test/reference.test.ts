/** `/reference` over a real database. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { namingOf, offlineChangesOf, offlineList, offlineText, readReference, withChanges } from '@corridor/customs'
import { reference } from '@corridor/registry'
import { loadReferenceLists } from '@corridor/tables'
import { durresOfficer, testApi, trader, type TestApi } from './support.ts'

const head = 'list,code,activeFrom,activeTo,parent,state,text_en,text_sq,items,groups\n'
const office = {
  items: { CountryCode: 'AL', PhoneNumber: '+355 52 22 00 28', GeoInfoCode: 'XL', UnLocodeId: 'DRZ' },
  groups: [
    { name: 'CustomsOfficeLsd', items: { LanguageCode: 'EN', CustomsOfficeUsualName: 'Durrës Port' }, groups: [] },
    {
      name: 'CustomsOfficeTimetable',
      items: { SeasonCode: '1', SeasonName: 'All year', SeasonStartDate: '20260101', SeasonEndDate: '20991231' },
      groups: [
        {
          name: 'CustomsOfficeTimetableLine',
          items: {
            DayInTheWeekBeginDay: '1',
            OpeningHoursTimeFirstPeriodFrom: '0800',
            OpeningHoursTimeFirstPeriodTo: '1600',
            DayInTheWeekEndDay: '5',
          },
          groups: [
            { name: 'CustomsOfficeRoleTrafficCompetence', items: { Role: 'DEP', TrafficType: 'R' }, groups: [] },
          ],
        },
      ],
    },
  ],
}
const quoted = (value: object) => `"${JSON.stringify(value).replaceAll('"', '""')}"`

describe('/reference', () => {
  let api: TestApi
  let officer: { authorization: string }
  // 11:00 in Albania on 24 November 2026.
  before(async () => {
    api = await testApi()
    officer = await api.bearer(durresOfficer)
    await reference.declareLists(api.db, loadReferenceLists())
    await bring(
      'CL020,R,2024-01-01,,,,Road,Rrugë,,\nCL020,S,2024-01-01,2026-11-24,,,Sea,Det,,\nCL020,P,2026-11-25,,,,Post,,,\n' +
        `CL141,AL000101,2024-01-01,,,,,,${quoted(office.items)},${quoted(office.groups)}\n` +
        'CL015,AL/MK,2024-01-01,,,,Albanian-Macedonian frontier,,,\n',
    )
  })
  after(() => api.close())

  async function bring(csv: string): Promise<void> {
    const naming = namingOf(loadReferenceLists())
    await api.db.transaction(async (tx) => {
      const options = { author: 'test', at: api.clock.now, effective: '2026-11-20', covers: 'addition' } as const
      const report = await reference.importEntries(tx, readReference('csv', [head + csv], naming), options)
      assert.deepEqual(report.wrong, [])
    })
  }
  const get = (url: string, headers: Record<string, string> = officer) => api.app.inject({ url, headers })
  const codes = (body: { entries: { code: string }[] }) => body.entries.map(({ code }) => code)

  test('the lists, with both numbers, what is in force and when that changes', async () => {
    const { at, lists } = (await get('/reference')).json()
    assert.equal(at, '2026-11-24')
    const traffic = lists.find(({ id }: { id: string }) => id === 'CL020')
    assert.deepEqual(traffic.tables, [{ number: 30, oldList: 'CL20', todayLists: ['TrafficType', 'CL218'] }])
    assert.deepEqual([traffic.version, traffic.inForce, traffic.nextChange, traffic.open], [1, 2, '2026-11-25', false])
    const empty = lists.find(({ id }: { id: string }) => id === 'CL016')
    assert.deepEqual([empty.version, empty.inForce, empty.nextChange, empty.publishedAt], [0, 0, null, null])
  })

  test('a list on a day, of any time, and by words in any language', async () => {
    const today = (await get('/reference/CL020?language=sq')).json()
    assert.deepEqual(codes(today), ['R', 'S'])
    assert.deepEqual([today.entries[0].text, today.entries[0].language], ['Rrugë', 'sq'])
    const tomorrow = (await get('/reference/CL020?at=2026-11-25&language=sq')).json()
    assert.deepEqual(codes(tomorrow), ['P', 'R'])
    assert.deepEqual([tomorrow.entries[0].text, tomorrow.entries[0].language], ['Post', 'en'])
    const any = (await get('/reference/CL020?at=any')).json()
    assert.deepEqual(
      any.entries.map(({ code, state }: Record<string, string>) => [code, state]),
      [
        ['P', 'future'],
        ['R', 'in-force'],
        ['S', 'in-force'],
      ],
    )
    assert.deepEqual(codes((await get('/reference/CL020?q=rrug')).json()), ['R'])
  })

  test('a long list comes page by page', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => `CL017,X${String(n).padStart(3, '0')},2024-01-01,,,,Box ${n},,,`)
    await bring(`${rows.join('\n')}\n`)
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `?cursor=${cursor}`
      const page: { entries: { code: string }[]; next: string | null } = (await get(`/reference/CL017${query}`)).json()
      seen.push(...codes(page))
      cursor = page.next
    }
    assert.equal(seen.length, 120)
    assert.deepEqual(seen, seen.toSorted())
  })

  test('a customs office comes as a record', async () => {
    const body = (await get('/reference/CL141/AL000101')).json()
    const [{ office: record, state, names, entry }] = body.versions
    assert.deepEqual(
      [state, names.en, record.phone, record.unLocode],
      ['in-force', 'Durrës Port', '+355 52 22 00 28', 'ALDRZ'],
    )
    assert.deepEqual(record.seasons[0].lines, [
      {
        fromDay: 1,
        toDay: 5,
        hours: [{ from: '08:00', to: '16:00' }],
        competences: [{ role: 'DEP', trafficType: 'R' }],
      },
    ])
    assert.deepEqual(body.meanings.CL020, { R: 'Road' })
    // Whole: nothing of what was published is lost on the way.
    assert.deepEqual([entry.items, entry.groups], [office.items, office.groups])
  })

  test('a code may have a slash', async () => {
    assert.equal((await get('/reference/CL015/AL%2FMK')).json().versions[0].names.en, 'Albanian-Macedonian frontier')
  })

  test('search as it is typed, over all lists or one', async () => {
    const hits = async (query: string) =>
      (await get(`/reference/search?${query}`))
        .json()
        .hits.map(({ list, code }: Record<string, string>) => `${list} ${code}`)
    assert.deepEqual(await hits('q=durr'), ['CL141 AL000101'])
    assert.deepEqual(await hits('q=AL0'), ['CL141 AL000101'])
    assert.deepEqual(await hits('q=rrug&list=CL020'), ['CL020 R'])
    assert.deepEqual(await hits('q=post&list=CL020'), [])
    assert.deepEqual(await hits('q=post&list=CL020&at=2026-11-25'), ['CL020 P'])
  })

  test('what changes from tomorrow on', async () => {
    const body = (await get('/reference/changes')).json()
    assert.equal(body.today, '2026-11-24')
    assert.deepEqual(
      body.upcoming.map(({ day, list, code, what }: Record<string, string>) => `${day} ${list} ${code} ${what}`),
      ['2026-11-25 CL020 P begins', '2026-11-25 CL020 S ends'],
    )
    assert.deepEqual(body.recent, [])
    assert.equal(body.versions[0].author, 'test')
  })

  test('a code whose content changes turns once', async () => {
    await bring('CL067,N1,2024-01-01,2026-12-31,,,Old words,,,\nCL067,N1,2027-01-01,,,,New words,,,\n')
    const { upcoming } = (await get('/reference/changes')).json()
    const turn = upcoming.find(({ code }: { code: string }) => code === 'N1')
    assert.deepEqual([turn.day, turn.what, turn.text], ['2027-01-01', 'changes', 'New words'])
  })

  test('what a copy elsewhere lacks since a version', async () => {
    const before = (await get('/reference/CL020')).json().list.version
    await bring('CL020,A,2026-12-01,,,,Air,Ajër,,\n')
    const changes = (await get(`/reference/CL020/changes?since=${before}`)).json()
    assert.deepEqual([changes.since, changes.version, changes.removed], [before, before + 1, []])
    assert.deepEqual([changes.added[0].code, changes.added[0].texts], ['A', { en: 'Air', sq: 'Ajër' }])
    assert.equal((await get('/reference/CL020/changes?since=0')).json().added.length, 4)
    assert.deepEqual((await get(`/reference/CL020/changes?since=${changes.version}`)).json().added, [])
  })

  test('a copy that took the changes since its version is the copy that is made new', async () => {
    const changes = async (since: number) => {
      const body = (await get(`/reference/CL020/changes?since=${since}`)).json()
      return offlineChangesOf(body as Parameters<typeof offlineChangesOf>[0], '')
    }
    const before = await changes(0)
    const head = { list: 'CL020', version: before.version, versionDigest: '', day: '2026-11-24' }
    const copy = offlineList(head, before.added)
    await bring('CL020,R,2026-12-01,,,,Road traffic,Rrugë,,\nCL020,T,2026-12-01,,,,Tube,,,\n')
    const later = withChanges(copy, await changes(copy.version), '2026-11-26')
    const all = await changes(0)
    const fresh = offlineList({ ...head, version: all.version, day: '2026-11-26' }, all.added)
    assert.equal(offlineText(later), offlineText(fresh))
    assert.ok(later.version > copy.version && later.entries.some(([code]) => code === 'T'))
    assert.ok(!later.entries.some(([code]) => code === 'S'), 'what ended meanwhile is gone')
  })

  test('who has which version of our lists, and why not the one in use', async () => {
    assert.deepEqual((await get('/reference/subscribers')).json(), { subscribers: [] })
    const list = { ...(await reference.listSummary(api.db, 'CL020'))!, id: 'CL020/NTA.AL', owner: 'NTA.AL' }
    await reference.declareLists(api.db, [list, { ...list, id: 'CL020/NTA.XK', owner: 'NTA.XK' }])
    for (const id of ['CL020/NTA.AL', 'CL020/NTA.XK'])
      await reference.subscribe(api.db, id, 'NTA.XK', { version: 0, digest: '' }, api.clock.now)
    await reference.noteSent(api.db, 'CL020/NTA.AL', 'NTA.XK', 2)
    await reference.noteHeld(api.db, 'CL020/NTA.AL', 'NTA.XK', { version: 1, digest: 'd' }, api.clock.now)
    await reference.noteRefused(api.db, 'CL020/NTA.AL', 'NTA.XK', 'line 2: no code')
    const { subscribers } = (await get('/reference/subscribers')).json()
    assert.deepEqual(subscribers, [
      {
        party: 'NTA.XK',
        name: 'Kosovo',
        list: 'CL020/NTA.AL',
        version: 1,
        sent: 2,
        published: 0,
        acknowledgedAt: api.clock.now.toISOString(),
        refusal: 'line 2: no code',
      },
    ])
  })

  test('what did not change is not sent again', async () => {
    for (const url of [
      '/reference',
      '/reference/CL141',
      '/reference/CL141/AL000101',
      '/reference/CL141/changes?since=0',
    ]) {
      const first = await get(url)
      const tag = String(first.headers.etag)
      assert.equal(first.headers['cache-control'], 'private, no-cache')
      const again = await get(url, { ...officer, 'if-none-match': `"other", W/${tag}` })
      assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', tag], url)
      assert.equal((await get(url, { ...officer, 'if-none-match': '"other"' })).statusCode, 200)
    }
    const before = String((await get('/reference/CL141')).headers.etag)
    await bring('CL141,XK000201,2026-01-01,,,,,,"{""CountryCode"":""XK""}",\n')
    assert.equal((await get('/reference/CL141', { ...officer, 'if-none-match': before })).statusCode, 200)
  })

  test('what is not there is 404, what cannot be meant is 400 with the field and a remedy', async () => {
    for (const url of [
      '/reference/CL999',
      '/reference/CL999/A',
      '/reference/CL020/ZZZ',
      '/reference/CL999/changes?since=0',
      '/reference/search?q=a&list=CL999',
    ])
      assert.equal((await get(url)).statusCode, 404, url)
    const wrong = {
      '/reference?at=2026-02-30': 'at',
      '/reference/CL020?at=tomorrow': 'at',
      '/reference/search?q=a&at=1.1.2026': 'at',
      '/reference/search': 'q',
      '/reference/CL020/changes': 'since',
      '/reference/CL020/changes?since=-1': 'since',
      '/reference/CL020/changes?since=99': 'since',
      '/reference/CL020?language=%3Cb%3E': 'language',
    }
    for (const [url, field] of Object.entries(wrong)) {
      const answer = await get(url)
      assert.equal(answer.statusCode, 400, url)
      const [error] = answer.json().errors
      assert.equal(error.field, field, url)
      assert.ok(error.remedy, url)
    }
    for (const cursor of ['x', Buffer.from('1:x').toString('base64url')]) {
      const answer = await get(`/reference/CL020?cursor=${cursor}`)
      assert.deepEqual([answer.statusCode, answer.json().type], [400, 'urn:corridor:problem:bad-cursor'])
    }
  })

  test('traders may not read it, and nobody without signing in', async () => {
    assert.equal((await get('/reference', await api.bearer(trader))).statusCode, 403)
    assert.equal((await get('/reference', {})).statusCode, 401)
  })
})
