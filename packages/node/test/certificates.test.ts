/** What is wrong with certificates, what breaks when they end, and that it is told once. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { factsOf } from '@corridor/as4'
import { makeAuthority, type TestAuthority, type TestCertificate } from '@corridor/as4/testing'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations } from '@corridor/exchange'
import type { Corridor, CorridorNode } from '../src/config/corridor.ts'
import { breakingWithin, certificatesAt } from '../src/keys/breaks.ts'
import { unfitCertificates, untimelyCertificates } from '../src/keys/fitness.ts'
import { type KnownCertificate, knownCertificates } from '../src/keys/known.ts'
import { warnOfEndings } from '../src/keys/warn.ts'
import type { NodeSettings } from '../src/settings.ts'

const day = 86_400_000
const now = new Date('2026-11-30T12:00:00Z')
const members = ['NTA.AL', 'NTA.XK']
const inDays = (days: number) => new Date(now.getTime() + days * day)
let authority: TestAuthority
before(async () => {
  authority = await makeAuthority('authority')
})

async function known(
  certificate: Partial<TestCertificate> & { issuer?: TestAuthority },
  more: Partial<KnownCertificate> = {},
): Promise<KnownCertificate> {
  const { issuer = authority, ...leaf } = certificate
  const period = { notBefore: inDays(-10), notAfter: inDays(400) }
  const made = await issuer.issue({ commonName: 'somebody', ...period, ...leaf })
  return {
    party: 'NTA.XK',
    own: false,
    use: 'signing',
    standing: 'present',
    place: 'nodes › xk › published › signingCertificate',
    ends: [],
    certificate: made.certificate,
    ...more,
  }
}
const wrong = (...all: KnownCertificate[]) => unfitCertificates(all, members).map(({ value }) => value)

describe('what is wrong with a certificate', () => {
  test('nothing, of one that is as it should be', async () => {
    assert.deepEqual(wrong(await known({}), await known({}, { use: 'tls', ends: ['server', 'client'] })), [])
    assert.deepEqual(wrong(await known({ keyType: 'ec' }, { use: 'tls', ends: ['client'] })), [])
    assert.deepEqual(wrong(await known({ usages: [] })), [], 'one that restricts nothing')
    assert.deepEqual(wrong(await known({ commonName: 'NTA.XK signing' })), [])
  })

  test('a weak key, one of another kind, one for another use: with place, value and remedy', async () => {
    const weak = unfitCertificates([await known({ modulusLength: 1024 })], members)
    assert.deepEqual(weak, [
      {
        place: 'nodes › xk › published › signingCertificate',
        value: 'its key is rsa of 1024 bits',
        remedy: 'Get one with an RSA key of 2048 bits or more.',
      },
    ])
    assert.deepEqual(wrong(await known({ modulusLength: 1024 }, { use: 'tls' })), ['its key is rsa of 1024 bits'])
    assert.deepEqual(wrong(await known({ keyType: 'ec' })), ['its key is ec prime256v1'])
    assert.deepEqual(wrong(await known({ usages: ['digitalSignature'] })), ['its key is for digitalSignature'])
    assert.deepEqual(wrong(await known({ usages: ['keyEncipherment'] })), ['its key is for keyEncipherment'])
    assert.deepEqual(wrong(await known({}, { use: 'authority' })), ['it is no authority’s'])
    const root = { party: 'NTA.XK', own: false, standing: 'present', place: 'ca', ends: [] } as const
    assert.deepEqual(wrong({ ...root, use: 'authority', certificate: authority.certificate }), [])
  })

  test('somebody else’s: issued to another member, or with the key of another party', async () => {
    assert.deepEqual(wrong(await known({ commonName: 'NTA.AL messages' })), ['it is issued to NTA.AL'])
    const mine = await known({}, { party: 'NTA.AL', own: true, place: 'ours' })
    const theirs = { ...mine, party: 'NTA.XK', own: false, place: 'theirs' }
    assert.deepEqual(wrong(mine, theirs), ['it has the key of NTA.AL (ours)'])
    assert.deepEqual(wrong(mine, { ...mine, use: 'tls' }), [], 'one party may use one key twice')
  })

  test('an extended key usage must allow the ends at which it is shown', async () => {
    const leaf = await known({}, { use: 'tls', ends: ['server', 'client'] })
    assert.deepEqual(wrong(leaf), [])
    // What an authority left out; reading is tested in the room of AS4.
    Object.assign(factsOf(leaf.certificate), { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] })
    assert.deepEqual(wrong(leaf), ['its extended key usage has no clientAuth'])
    assert.deepEqual(wrong({ ...leaf, ends: ['server'] }), [])
  })

  test('ended, or not begun: the next may begin later, and a pair that only decrypts may have ended', async () => {
    const ended = await known({ notAfter: inDays(-1) })
    const early = await known({ notBefore: inDays(1) })
    const values = (each: KnownCertificate) => untimelyCertificates([each], now).map(({ value }) => value)
    assert.match(values(ended)[0] ?? '', /^it ended on 2026-11-29T12:00:00.000Z, and it is 2026-11-30/)
    assert.match(values(early)[0] ?? '', /^it is not valid before 2026-12-01/)
    assert.deepEqual(values({ ...early, standing: 'next' }), [])
    assert.equal(values({ ...ended, standing: 'next' }).length, 1)
    assert.deepEqual(values({ ...ended, standing: 'other' }), [])
  })
})

describe('what breaks', () => {
  test('those that end first stand first; a next that lasts longer prepares; one that only decrypts breaks nothing', async () => {
    const present = await known({ notAfter: inDays(20) })
    const next = await known({ notAfter: inDays(300) }, { standing: 'next' })
    const former = await known({ notAfter: inDays(-3) }, { party: 'NTA.AL', own: true, standing: 'other' })
    const mine = await known({ notAfter: inDays(10.5) }, { party: 'NTA.AL', own: true, use: 'tls' })
    const states = certificatesAt([next, mine, present, former], now)
    assert.deepEqual(
      states.map(({ party, use, daysLeft, state, isPrepared, breaks }) => [
        party,
        use,
        daysLeft,
        state,
        isPrepared,
        breaks?.code ?? null,
      ]),
      [
        ['NTA.AL', 'signing', -3, 'ended', false, null],
        ['NTA.AL', 'tls', 10, 'ending', false, 'own-tls'],
        ['NTA.XK', 'signing', 20, 'ok', true, 'partner-signing'],
        ['NTA.XK', 'signing', 300, 'ok', false, null],
      ],
    )
    const codes = (days: number) => breakingWithin(states, days).map(({ breaks }) => breaks?.code)
    assert.deepEqual(codes(60), ['own-tls', 'partner-signing'])
    assert.deepEqual(codes(20), ['own-tls'])
    assert.deepEqual(codes(10), [])
  })
})

test('a root beside its issuing authority, or a client beside an authority, prepares nothing; a next authority does', async () => {
  const of = { party: 'NTA.XK', own: false, use: 'authority', standing: 'present', place: 'ca', ends: [] } as const
  const issuing = await known({ notAfter: inDays(20) }, of)
  const root = { ...(await known({ notAfter: inDays(3_000) }, of)), place: 'ca' }
  const client = await known({ notAfter: inDays(20) }, { use: 'national-system', own: true, party: 'NTA.AL' })
  const theirs = await known({ notAfter: inDays(900) }, { use: 'national-system', own: true, party: 'NTA.AL' })
  const prepared = (...all: KnownCertificate[]) => certificatesAt(all, now).map(({ isPrepared }) => isPrepared)
  assert.deepEqual(prepared(issuing, root, client, theirs), [false, false, false, false])
  const next = await known({ notAfter: inDays(900) }, { ...of, standing: 'next' })
  assert.deepEqual(prepared(issuing, root, next), [true, false, false])
})

test('a CA file with an issuing authority and its root is not prepared', async () => {
  const partner = await authority.issue({ commonName: 'partner', notBefore: inDays(-10), notAfter: inDays(400) })
  const [issuing, root] = await Promise.all(
    [20, 3_000].map((days) => authority.issue({ notBefore: inDays(-10), notAfter: inDays(days), commonName: 'CA' })),
  )
  const node = (id: string, party: string) => ({ id, party }) as CorridorNode
  const corridor = {
    nodes: [node('al', 'NTA.AL'), node('xk', 'NTA.XK')],
    links: [] as Corridor['links'],
  } as Corridor
  const pem = partner.certificatePem
  const ca = `${issuing!.certificatePem}${root!.certificatePem}`
  const settings = {
    signing: { certificate: pem },
    tls: { certificate: pem },
    partners: [{ node: 'xk', signingCertificate: pem, direct: { url: null, tlsCertificate: pem, ca } }],
  } as unknown as NodeSettings
  const found = certificatesAt(knownCertificates(corridor, corridor.nodes[0]!, settings), now)
  assert.deepEqual(
    found.filter(({ use }) => use === 'authority').map(({ daysLeft, isPrepared }) => [daysLeft, isPrepared]),
    [
      [20, false],
      [3_000, false],
    ],
  )
})

describe('it is told once', () => {
  let made: Awaited<ReturnType<typeof testDatabase>>
  let db: Database
  before(async () => {
    made = await testDatabase()
    db = connect(made.url)
    await migrate(db, [migrations])
  })
  after(async () => {
    await db.close()
    await made.drop()
  })

  test('at 60, 30, 7 days and one before the end, and when it has ended; two processes say it once', async () => {
    const ends = await known({ notAfter: inDays(100) })
    const told: string[] = []
    const look = (days: number) =>
      warnOfEndings({
        db,
        known: [ends],
        clock: () => inDays(100 - days),
        log: (level, text, fields) => void told.push(`${level} ${text} ${String(fields?.['daysLeft'])}`),
      })
    for (const days of [80, 59.5, 59, 31, 29.5, 8, 6.5, 6, 0.5, -0.5, -3]) {
      await Promise.all([look(days), look(days)])
    }
    assert.deepEqual(told, [
      'warn certificate.ends 59',
      'warn certificate.ends 29',
      'error certificate.ends 6',
      'error certificate.ends 0',
      'error certificate.ends -1',
    ])
    const lines = await db.query<{ actor: string; detail: { withinDays: number; use: string } }>(
      "select actor, detail from journal where kind = 'certificate.ends' order by id",
    )
    assert.deepEqual(
      lines.map(({ actor, detail }) => [actor, detail.use, detail.withinDays]),
      [60, 30, 7, 1, 0].map((within) => ['NTA.XK', 'signing', within]),
    )
  })

  test('one that is met late is told once, by the nearest step', async () => {
    const ends = await known({ notAfter: inDays(5) })
    const told: unknown[] = []
    await warnOfEndings({ db, known: [ends], clock: () => now, log: (...line) => void told.push(line) })
    assert.equal(told.length, 1)
  })
})
