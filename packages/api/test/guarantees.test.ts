import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { GuaranteeActOutcome, GuaranteeView } from '@corridor/casework'
import { durresOfficer, guaranteeOfficer, testApi, type TestApi } from './support.ts'

const guarantee: GuaranteeView = {
  grn: '26AL0009010000019',
  type: '1',
  typeName: 'Comprehensive guarantee',
  holder: { id: 'ALL12345678A', name: 'Adria' },
  status: { code: 'valid', tone: 'ok' },
  currency: 'EUR',
  referenceAmount: '250000.00',
  available: '245000.00',
  locked: '5000.00',
  liable: '0.00',
  open: 1,
  version: 2,
  guarantor: null,
  percentage: 50,
  validFrom: '2026-01-01',
  validTo: null,
  invalidFrom: null,
  notValidIn: ['RS'],
  acts: [
    {
      act: 'change-reference',
      primary: false,
      undoable: false,
      fields: [{ name: 'referenceAmount', kind: 'amount', required: true, value: '250000.00' }],
      effect: { code: 'change-reference', values: { grn: '26AL0009010000019' } },
    },
  ],
  openAmounts: [
    {
      mrn: '26ALAL0001010000J5',
      state: 'locked',
      amount: '5000.00',
      since: '2026-11-24T08:00:00.000Z',
      departure: { ref: 'AL000101', name: 'Durrës Port', country: 'AL' },
      status: { code: 'released', tone: 'info' },
      missing: 'CD006C',
      turn: { code: 'destination', party: 'Prizren' },
      limitDate: '2026-12-01',
    },
  ],
  ledger: [
    {
      id: 2,
      at: '2026-11-24T08:00:00.000Z',
      op: 'lock',
      debit: 'available',
      credit: 'locked',
      amount: '5000.00',
      asked: { amount: '486750.00', currency: 'ALL', rate: '97.35/1 2026-11-24' },
      mrn: '26ALAL0001010000J5',
      office: 'Durrës Port',
      documentType: 'CD203C',
      reason: '',
      who: 'Albania',
      available: '245000.00',
      locked: '5000.00',
      liable: '0.00',
    },
  ],
  older: null,
}

describe('/guarantees', () => {
  let api: TestApi
  let officer: { authorization: string }
  before(async () => {
    api = await testApi()
    officer = await api.bearer(guaranteeOfficer)
  })
  beforeEach(() => {
    api.standIn.asked.length = 0
    api.standIn.answers = {}
  })
  after(() => api.close())

  const get = (url: string, headers = officer) => api.app.inject({ url, headers })
  const act = (payload: object, headers: Record<string, string> = { 'idempotency-key': 'k-1' }) =>
    api.app.inject({
      method: 'POST',
      url: `/guarantees/${guarantee.grn}/acts`,
      headers: { ...officer, ...headers },
      payload,
    })

  test('the list and the account come as casework has them, with all their members', async () => {
    const { acts: _acts, ledger: _ledger, openAmounts: _open, older: _older, ...rest } = guarantee
    const {
      version: _1,
      guarantor: _2,
      percentage: _3,
      validFrom: _4,
      validTo: _5,
      invalidFrom: _6,
      notValidIn: _7,
      ...row
    } = rest
    api.standIn.answers.guarantees = async () => ({ items: [row], total: 1 })
    assert.deepEqual((await get('/guarantees?q=26AL&page=1')).json(), { items: [row], total: 1, page: 1, pageSize: 50 })
    api.standIn.answers.guarantee = async () => guarantee
    assert.deepEqual((await get(`/guarantees/${guarantee.grn}?before=7`)).json(), guarantee)
    assert.deepEqual(api.standIn.asked.at(-1)?.slice(2), [guarantee.grn, 7])
  })

  test('other officers have no account page, and an unknown guarantee is nothing', async () => {
    const departure = await api.bearer(durresOfficer)
    for (const url of ['/guarantees', `/guarantees/${guarantee.grn}`])
      assert.equal((await get(url, departure)).statusCode, 403, url)
    assert.equal((await get('/guarantees/26AL0000000000009')).statusCode, 404)
    assert.equal((await get('/guarantees?page=0')).statusCode, 400)
  })

  test('each outcome of an act has its answer', async () => {
    const request = { act: 'change-reference', version: 2, fields: { referenceAmount: '1000.00' } }
    const outcomes: [GuaranteeActOutcome, number][] = [
      [{ kind: 'done', guarantee }, 200],
      [{ kind: 'not-found' }, 404],
      [{ kind: 'forbidden', detail: 'no' }, 403],
      [{ kind: 'conflict', detail: 'changed', version: 3 }, 409],
      [{ kind: 'invalid', errors: [{ field: 'referenceAmount', remedy: 'Fill this in.' }] }, 422],
      [{ kind: 'key-reused' }, 422],
    ]
    for (const [outcome, status] of outcomes) {
      api.standIn.answers.actOnGuarantee = async () => outcome
      assert.equal((await act(request)).statusCode, status, outcome.kind)
    }
    assert.equal((await act(request, {})).statusCode, 400)
    assert.equal((await act({ ...request, act: 'steal' })).statusCode, 422)
  })
})
