/** `/exchange/partners` and `/exchange/certificates` over the wire; what a node puts there is in packages/node/test/partners.test.ts. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { CertificateView, PartnersPort, PartnerView } from '../src/index.ts'
import { durresOfficer, operationsDesk, testApi, type TestApi, trader } from './support.ts'

const certificate = (daysLeft: number, breaks: CertificateView['breaks']): CertificateView => ({
  party: 'NTA.XK',
  own: false,
  use: 'signing',
  standing: breaks === null ? 'next' : 'present',
  place: 'nodes › xk › published › signingCertificate',
  subject: 'CN=x',
  issuer: 'CN=y',
  serialNumber: '01',
  fingerprint: 'AA:BB',
  key: 'RSA 2048',
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
  daysLeft,
  state: daysLeft < 0 ? 'ended' : 'ok',
  isPrepared: false,
  breaks,
})
const breaks = { code: 'partner-signing', words: 'Something breaks.', remedy: 'Do something.' }
const certificates = [certificate(-2, breaks), certificate(5, null), certificate(59, breaks), certificate(60, breaks)]
const partner: PartnerView = {
  party: 'NTA.XK',
  name: 'Kosovo',
  node: 'xk',
  country: 'XK',
  link: {
    kind: 'as4',
    at: null,
    agreement: 'al-xk',
    pulls: null,
    url: 'https://127.0.0.1:8442/as4',
    tunnel: null,
    retry: { firstSeconds: 1, longestSeconds: 30, tries: 9 },
  },
  pModes: [
    {
      id: 'al-xk:NTA.AL:NTA.XK',
      direction: 'out',
      agreement: 'al-xk',
      mpc: null,
      service: 'urn:x',
      actions: ['CD001C'],
      initiator: { id: 'NTA.AL', role: 'urn:i' },
      responder: { id: 'NTA.XK', role: 'urn:r' },
      profile: 'edelivery-1.15',
    },
  ],
  contacts: [{ for: 'security', name: 'Desk', email: 'desk@xk.example', telephone: null, hours: null }],
  certificates,
  lastReceiptAt: null,
  queued: 3,
  oldestUnsentAt: '2026-11-30T10:00:00.000Z',
  parked: 0,
  certificateDaysLeft: -2,
}
const exchangePartners: PartnersPort = { list: async () => [partner], certificates: () => certificates }

describe('/exchange/partners and /exchange/certificates', () => {
  let api: TestApi
  before(async () => {
    api = await testApi({ exchangePartners })
  })
  after(() => api.close())
  const get = async (url: string, who: { id: string } = operationsDesk) =>
    api.app.inject({ url: `/exchange/${url}`, headers: await api.bearer(who) })

  test('for officers and the desk, not for traders', async () => {
    assert.equal((await api.app.inject({ url: '/exchange/partners' })).statusCode, 401)
    for (const url of ['partners', 'partners/NTA.XK', 'certificates']) {
      assert.equal((await get(url, trader)).statusCode, 403, url)
      assert.equal((await get(url, durresOfficer)).statusCode, 200, url)
    }
  })

  test('a partner with everything that is known of it', async () => {
    assert.deepEqual((await get('partners')).json(), { partners: [partner] })
    assert.deepEqual((await get('partners/NTA.XK')).json(), partner)
    assert.equal((await get('partners/NTA.MK')).statusCode, 404)
    assert.equal((await get('partners/NTA%20XK')).statusCode, 404)
  })

  test('what breaks in so many days, also what has ended; what breaks nothing is not in it', async () => {
    const days = async (query: string) =>
      (await get(`certificates${query}`)).json().certificates.map((each: CertificateView) => each.daysLeft)
    assert.deepEqual(await days(''), [-2, 5, 59, 60])
    assert.deepEqual(await days('?days=60'), [-2, 59])
    assert.deepEqual(await days('?days=1'), [-2])
    assert.deepEqual(await days('?party=NTA.AL'), [])
    for (const bad of ['?days=0', '?days=sixty', '?days=', '?other=1'])
      assert.equal((await get(`certificates${bad}`)).statusCode, 400, bad)
  })
})
