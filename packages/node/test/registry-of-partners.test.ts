/** A real node: its partners and certificates over the API, and changed files with unfit certificates, which it does not take up. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { CertificateView, PartnerView } from '@corridor/api'
import { makeAuthority, type TestAuthority, type TestIdentity } from '@corridor/as4/testing'
import { testDatabase } from '@corridor/database/testing'
import { freePort, issueToken, type KeptNode, keepNode, realSettings } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-registry-'))
const day = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * day)
const log: { level: string; text: string; fields: Record<string, unknown> | undefined }[] = []
let made: Awaited<ReturnType<typeof testDatabase>>
let authority: TestAuthority
let ours: Record<'signing' | 'tls' | 'other', TestIdentity>
let theirs: Record<'signing' | 'tls', TestIdentity>
let ports: { api: number; as4: number }
let node: KeptNode
let token: string

const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return name
}

/** Writes the file of the node, with what is another this time. */
function write(more: { theirs?: TestIdentity; next?: TestIdentity; signing?: TestIdentity; key?: string } = {}): void {
  const signing = more.signing ?? ours.signing
  const keys = {
    signingCertificate: put('signing.crt', signing.certificatePem),
    signingKey: put('signing.key', more.key ?? signing.privateKeyPem),
    tlsCertificate: put('tls.crt', ours.tls.certificatePem),
    tlsKey: put('tls.key', ours.tls.privateKeyPem),
    dataKey: 'data.key',
  }
  const published = {
    url: 'https://127.0.0.1:9/as4',
    signingCertificate: put('their.crt', (more.theirs ?? theirs.signing).certificatePem),
    ...(more.next && { nextSigningCertificate: put('their-next.crt', more.next.certificatePem) }),
    tlsCertificate: put('their-tls.crt', theirs.tls.certificatePem),
    ca: put('ca.crt', authority.certificatePem),
  }
  const of = (country: string, rest: object) => ({
    country,
    name: `Customs of ${country}`,
    party: `${country}.CUSTOMS`,
    domain: `${country.toLowerCase()}.example`,
    ports,
    locales: ['en'],
    accounts: [],
    ...rest,
  })
  const contacts = [
    { for: 'security', name: 'Duty desk', email: 'security@jo.example', telephone: '+962 6 000 00', hours: 'always' },
  ]
  const corridor = {
    corridor: 'registry',
    title: 'Registry',
    codelists: fileURLToPath(new URL('../../../corridors/syria-jordan/codelists', import.meta.url)),
    nodes: {
      sy: of('SY', { keys, accounts: [{ id: 'sy-desk', name: 'Desk', role: 'operations' }] }),
      jo: of('JO', { published, contacts }),
    },
    links: [{ between: ['sy', 'jo'], kind: 'as4', agreement: 'sy-jo' }],
    offices: [],
  }
  writeFileSync(join(folder, 'corridor.yaml'), JSON.stringify(corridor))
}

const read = () => realSettings(join(folder, 'corridor.yaml'), 'sy', made.url)

before(async () => {
  made = await testDatabase()
  put('data.key', randomBytes(32).toString('base64'))
  authority = await makeAuthority('CA')
  const issue = (commonName: string, notAfter?: Date) => authority.issue({ commonName, ...(notAfter && { notAfter }) })
  ours = { signing: await issue('SY.CUSTOMS'), tls: await issue('SY.CUSTOMS'), other: await issue('SY.CUSTOMS') }
  theirs = { signing: await issue('JO.CUSTOMS', inDays(20.5)), tls: await issue('JO.CUSTOMS') }
  const taken = new Set<number>()
  ports = { api: await freePort(0, taken), as4: await freePort(0, taken) }
  write()
  node = await keepNode(read, (level, text, fields) => void log.push({ level, text, fields }))
  token = await issueToken(read(), 'sy-desk', 'test')
})
after(async () => {
  await node?.stop()
  await made.drop()
  rmSync(folder, { recursive: true, force: true })
})

async function get<Answer>(path: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${ports.api}${path}`, { headers })
  assert.equal(answer.status, 200)
  return (await answer.json()) as Answer
}
const certificates = async (query = '') =>
  (await get<{ certificates: CertificateView[] }>(`/exchange/certificates${query}`)).certificates
const refused = async (why: RegExp): Promise<void> => {
  const outcome = await node.reload()
  assert.equal(outcome.kind, 'refused')
  assert.match(outcome.kind === 'refused' ? outcome.why : '', why)
}

test('a partner: its link, P-Modes both ways, contacts, certificates', async () => {
  const partner = await get<PartnerView>('/exchange/partners/JO.CUSTOMS')
  assert.deepEqual(
    [partner.node, partner.country, partner.link.kind, partner.link.agreement, partner.link.url],
    ['jo', 'JO', 'as4', 'sy-jo', 'https://127.0.0.1:9/as4'],
  )
  assert.deepEqual(
    partner.pModes.map(({ id, direction, profile }) => [id, direction, profile]),
    [
      ['sy-jo:SY.CUSTOMS:JO.CUSTOMS', 'out', 'edelivery-1.15'],
      ['sy-jo:JO.CUSTOMS:SY.CUSTOMS', 'in', 'edelivery-1.15'],
    ],
  )
  assert.deepEqual(partner.contacts, [
    { for: 'security', name: 'Duty desk', email: 'security@jo.example', telephone: '+962 6 000 00', hours: 'always' },
  ])
  // Two that were made in one second end in one.
  const uses = partner.certificates.map(({ use, own }) => `${use} ${own ? 'ours' : 'theirs'}`)
  assert.deepEqual(uses.toSorted(), ['authority theirs', 'signing theirs', 'tls theirs'])
  assert.equal(uses[0], 'signing theirs')
})

test('what breaks in 60 days is in the list, in the log, and in the metrics', async () => {
  const [ending, ...others] = await certificates('?days=60')
  assert.deepEqual(others, [])
  assert.deepEqual(
    [ending?.party, ending?.use, ending?.daysLeft, ending?.isPrepared, ending?.breaks?.code],
    ['JO.CUSTOMS', 'signing', 20, false, 'partner-signing'],
  )
  assert.ok(log.some(({ text, fields }) => text === 'certificate.ends' && fields?.['daysLeft'] === 20))
  const metrics = await (await fetch(`http://127.0.0.1:${ports.api}/metrics`)).text()
  assert.match(metrics, /^corridor_certificate_days_left{party="JO.CUSTOMS",use="signing",standing="present"} 20$/m)
})

test('a changed file with a certificate that has ended, is weak, is ours, or a key that does not fit, is refused whole; the node works on', async () => {
  const ended = await authority.issue({ commonName: 'JO.CUSTOMS', notBefore: inDays(-20), notAfter: inDays(-1) })
  write({ next: ended })
  await refused(/^nodes › jo › published › nextSigningCertificate: it ended on .* Get a new one of JO\.CUSTOMS\./)
  write({ next: await authority.issue({ commonName: 'JO.CUSTOMS', modulusLength: 1024 }) })
  await refused(/nextSigningCertificate: its key is rsa of 1024 bits/)
  write({ next: ours.other, signing: ours.other })
  await refused(/nextSigningCertificate: it has the key of SY\.CUSTOMS \(nodes › sy › keys › signingCertificate\)/)
  write({ key: ours.other.privateKeyPem })
  await refused(/The signing key is not that of the signing certificate/)
  assert.equal((await certificates()).filter(({ standing }) => standing === 'next').length, 0)
})

test('the next one of the partner is taken up, and what ends is prepared', async () => {
  write({ next: await authority.issue({ commonName: 'JO.CUSTOMS', notBefore: inDays(2), notAfter: inDays(300) }) })
  assert.deepEqual(await node.reload(), { kind: 'taken-up' })
  const [ending] = await certificates('?days=60&party=JO.CUSTOMS')
  assert.equal(ending?.isPrepared, true)
})

test('a node starts with what had ended before, says it, and takes up other changes', async () => {
  await node.stop()
  const ended = await authority.issue({ commonName: 'JO.CUSTOMS', notBefore: inDays(-20), notAfter: inDays(-1) })
  write({ theirs: ended })
  log.length = 0
  node = await keepNode(read, (level, text, fields) => void log.push({ level, text, fields }))
  const told = log.find(({ text }) => text === 'certificate.not-valid')
  assert.match(String(told?.fields?.['why']), /^nodes › jo › published › signingCertificate: it ended on/)
  const health = (await (await fetch(`http://127.0.0.1:${ports.api}/health`)).json()) as { reasons: string[] }
  assert.ok(health.reasons.includes('partner-certificate-not-valid'))
  assert.deepEqual(await node.reload(), { kind: 'taken-up' })
})
