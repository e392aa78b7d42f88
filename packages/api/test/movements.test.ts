import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ActOutcome, MovementRow } from '@corridor/casework'
import { durresOfficer, movementView, testApi, type TestApi } from './support.ts'

describe('/movements', () => {
  let api: TestApi
  let officer: { authorization: string }
  before(async () => {
    api = await testApi()
    officer = await api.bearer(durresOfficer)
  })
  beforeEach(() => {
    api.standIn.asked.length = 0
    api.standIn.answers = {}
  })
  after(() => api.close())

  const act = { act: 'release', version: 3, fields: { code: 'A1', remark: null, packages: 4 } }

  function post(
    payload: unknown,
    headers: Record<string, string> = { 'idempotency-key': 'k-1' },
    mrn: string = movementView.mrn,
  ) {
    const url = `/movements/${mrn}/acts`
    return api.app.inject({ method: 'POST', url, headers: { ...officer, ...headers }, payload: payload as object })
  }

  test('the list passes what is asked and answers one page', async () => {
    const row: MovementRow = {
      mrn: movementView.mrn,
      lrn: 'LRN-1',
      status: movementView.status,
      departure: movementView.office,
      destination: { ref: 'XK000301', name: 'Prizren', country: 'XK' },
      holder: movementView.holder,
      vehicle: null,
      packages: 400,
      updatedAt: '2026-11-24T08:00:00.000Z',
      dueAt: null,
      needsAct: true,
    }
    api.standIn.answers.movements = async () => ({ items: [row], total: 51, more: false })
    const answer = await api.app.inject({ url: '/movements?q=AA123&status=under-control&page=2', headers: officer })
    assert.deepEqual(answer.json(), { items: [row], total: 51, more: false, page: 2, pageSize: 50 })
    const [, account, query] = api.standIn.asked[0]!
    assert.equal((account as { id: string }).id, durresOfficer.id)
    assert.deepEqual(query, { q: 'AA123', status: 'under-control', page: 2, pageSize: 50 })
    await api.app.inject({ url: '/movements', headers: officer })
    assert.deepEqual(api.standIn.asked[1]![2], { page: 1, pageSize: 50 })
  })

  test('a query that cannot be meant is 400 with the field', async () => {
    for (const query of [
      'page=0',
      'page=-1',
      'page=x',
      'page=1.5',
      `q=${'x'.repeat(101)}`,
      'office=XK000201',
      'page=1&page=2',
    ]) {
      const answer = await api.app.inject({ url: `/movements?${query}`, headers: officer })
      assert.equal(answer.statusCode, 400, query)
      assert.equal(answer.json().errors.length, 1)
    }
    assert.equal(api.standIn.asked.length, 0)
  })

  test('a movement comes whole: the schema drops nothing that a view can have', async () => {
    api.standIn.answers.movement = async () => movementView
    const answer = await api.app.inject({ url: `/movements/${movementView.mrn}`, headers: officer })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), movementView)
    const bare = { ...movementView, vehicle: null, waitingFor: null }
    api.standIn.answers.movement = async () => bare
    const second = await api.app.inject({ url: `/movements/${movementView.mrn}`, headers: officer })
    assert.deepEqual(second.json(), bare)
  })

  test('a movement that is not this office’s, or no MRN at all, is 404', async () => {
    for (const mrn of [movementView.mrn, 'x'.repeat(100), '..%2F..', 'a b']) {
      const answer = await api.app.inject({ url: `/movements/${mrn}`, headers: officer })
      assert.equal(answer.statusCode, 404, mrn)
    }
    assert.equal(api.standIn.asked.length, 1)
  })

  test('an act goes through with its version, fields and key', async () => {
    const answer = await post(act)
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), { movement: movementView })
    const [, account, mrn, asked] = api.standIn.asked[0] as [string, { id: string }, string, Record<string, unknown>]
    assert.equal(account.id, durresOfficer.id)
    assert.equal(mrn, movementView.mrn)
    const { idempotency, ...rest } = asked as { idempotency: { accountId: string; key: string; requestDigest: Buffer } }
    assert.deepEqual(rest, act)
    assert.equal(idempotency.accountId, durresOfficer.id)
    assert.equal(idempotency.key, 'k-1')
    assert.equal(idempotency.requestDigest.length, 32)
  })

  async function digest(payload: unknown, headers?: Record<string, string>, mrn?: string) {
    await post(payload, headers, mrn)
    const asked = api.standIn.asked.at(-1)![3] as { idempotency: { key: string; requestDigest: Buffer } }
    return asked.idempotency
  }

  test('the digest of a request depends on what it asks and not on how it is written', async () => {
    const first = await digest(act)
    const turned = await digest({ fields: { packages: 4, remark: null, code: 'A1' }, version: 3, act: 'release' })
    assert.deepEqual(turned.requestDigest, first.requestDigest)
    const quoted = await digest(act, { 'idempotency-key': '"k-1"' })
    assert.deepEqual(quoted, first)
    assert.notDeepEqual((await digest(act, undefined, '26AL2')).requestDigest, first.requestDigest)
    for (const other of [
      { ...act, version: 4 },
      { ...act, act: 'refuse' },
      { ...act, fields: {} },
    ]) {
      assert.notDeepEqual((await digest(other)).requestDigest, first.requestDigest)
    }
  })

  test('an act needs a usable key', async () => {
    const missing = await post(act, {})
    assert.equal(missing.statusCode, 400)
    assert.equal(missing.json().type, 'urn:corridor:problem:idempotency-key-missing')
    for (const key of ['', 'x'.repeat(129), 'a b', '"a', 'clé']) {
      const answer = await post(act, { 'idempotency-key': key })
      assert.equal(answer.statusCode, 400, key)
      assert.equal(answer.json().type, 'urn:corridor:problem:idempotency-key-form')
    }
    assert.equal(api.standIn.asked.length, 0)
  })

  test('what casework refuses becomes the problem for it', async () => {
    const errors = [{ field: 'code', value: 'ZZ', remedy: 'Use a code of CL047.' }]
    const cases: [ActOutcome, number, Record<string, unknown>][] = [
      [{ kind: 'forbidden', detail: 'Not the office of transit.' }, 403, { type: 'urn:corridor:problem:act-refused' }],
      [{ kind: 'not-found' }, 404, {}],
      [{ kind: 'conflict', detail: 'Version is 4.', version: 4 }, 409, { detail: 'Version is 4.', version: 4 }],
      [{ kind: 'invalid', errors }, 422, { errors }],
      [{ kind: 'key-reused' }, 422, { type: 'urn:corridor:problem:idempotency-key-reused' }],
    ]
    for (const [outcome, status, members] of cases) {
      api.standIn.answers.act = async () => outcome
      const answer = await post(act)
      assert.equal(answer.statusCode, status)
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
      assert.deepEqual({ ...answer.json<object>(), ...members }, answer.json())
    }
  })

  test('an act in a wrong form is refused with every wrong field at once, and nothing is asked', async () => {
    const answer = await post({ act: 'discharge', version: '3', fields: { code: ['A1'], 'bad name': 'x' }, more: 1 })
    assert.equal(answer.statusCode, 422)
    const fields = answer.json().errors.map(({ field }: { field: string }) => field)
    assert.deepEqual(fields.sort(), ['act', 'fields.bad name', 'fields.code', 'more', 'version'])
    const wrongAct = answer.json().errors.find(({ field }: { field: string }) => field === 'act')
    assert.equal(wrongAct.value, 'discharge')
    assert.match(wrongAct.remedy, /^Use one of: control, release/)
    assert.equal((await post({ ...act, fields: { remark: 'x'.repeat(4001) } })).statusCode, 422)
    assert.equal(api.standIn.asked.length, 0)
  })

  test('a timer is changed with a reason, a moment where one is needed, and a key', async () => {
    const change = (payload: object, headers: Record<string, string> = { 'idempotency-key': 'k-1' }) =>
      api.app.inject({
        method: 'POST',
        url: `/movements/${movementView.mrn}/timers/arrival-limit`,
        headers: { ...officer, ...headers },
        payload,
      })
    const due = '2026-12-24T08:00:00Z'
    const answer = await change({ do: 'reschedule', due, reason: 'snow' })
    assert.deepEqual(answer.json(), { movement: movementView })
    const [, account, mrn, asked] = api.standIn.asked[0]! as [string, { id: string }, string, { timer: string }]
    assert.deepEqual([account.id, mrn, asked.timer], [durresOfficer.id, movementView.mrn, 'arrival-limit'])
    assert.deepEqual((asked as unknown as { change: object }).change, { do: 'reschedule', due: new Date(due) })
    assert.equal((await change({ do: 'pause', reason: 'snow' })).statusCode, 200)
    for (const [payload, status] of [
      [{ do: 'stop', reason: 'snow' }, 422],
      [{ do: 'pause' }, 422],
      [{ do: 'reschedule', due: 'tomorrow', reason: 'snow' }, 422],
    ] as const)
      assert.equal((await change(payload)).statusCode, status, JSON.stringify(payload))
    assert.equal((await change({ do: 'pause', reason: 'snow' }, {})).statusCode, 400)
  })

  test('a message’s document comes byte for byte, in a sandbox', async () => {
    const bytes = Buffer.from('<?xml version="1.0"?>\r\n<CD001C>Vërmicë</CD001C>\n')
    api.standIn.answers.movementMessage = async () => bytes
    const answer = await api.app.inject({ url: `/movements/${movementView.mrn}/messages/m1`, headers: officer })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.rawPayload, bytes)
    assert.equal(answer.headers['content-type'], 'application/xml; charset=utf-8')
    assert.equal(answer.headers['content-security-policy'], "sandbox; default-src 'none'")
    api.standIn.answers.movementMessage = async () => undefined
    const missing = await api.app.inject({ url: `/movements/${movementView.mrn}/messages/m2`, headers: officer })
    assert.equal(missing.statusCode, 404)
  })

  test('the partners of the exchange', async () => {
    const partner = {
      party: 'NTA.XK',
      name: 'Kosovo',
      lastReceiptAt: null,
      queued: 1,
      oldestUnsentAt: '2026-11-24T09:00:00.000Z',
      parked: 0,
      certificateDaysLeft: 30,
    }
    api.standIn.answers.exchangeStatus = async () => [partner]
    const answer = await api.app.inject({ url: '/exchange', headers: officer })
    assert.deepEqual(answer.json(), { partners: [partner] })
  })
})
