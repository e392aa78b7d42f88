import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDemonstrationKeys } from '@corridor/node'
import {
  fingerprintOf,
  invite,
  isFingerprint,
  JoinFault,
  type JoinFaultCode,
  planAcceptance,
  planLeaving,
  readInvitation,
  writeChanges,
} from '../src/index.ts'
import { writeInvitation } from '../src/invitation.ts'
import { again, folderOf, made, now } from './members.ts'

const tj = await made('TJ')
await made('AF')
const { text: fromTj, invitation, fingerprint } = await invite(tj, { country: 'AF' }, now)
const keyOf = (name: string) => ({
  certificate: readFileSync(join(folderOf(name), 'keys/signing.crt'), 'utf8'),
  key: readFileSync(join(folderOf(name), 'keys/signing.key'), 'utf8'),
})

const read = (text: string | Uint8Array, at = now) => readInvitation(Buffer.from(text), 'invitation.txt', at)
const plan = async (text: string, corridor = again('AF'), allowTest = false) =>
  planAcceptance(corridor, await read(text), { allowTest, now })

async function refused(work: () => Promise<unknown>, code: JoinFaultCode, said: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof JoinFault, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, said)
    return true
  })
}

/** An invitation that TJ signs itself, changed before. */
const signed = (change: object, key = keyOf('TJ')) => writeInvitation({ ...invitation, ...change }, key)
const from = (change: object) => ({ from: { ...invitation.from, ...change } })

test('an invitation is read back as it was made, also after a mail program had it', async () => {
  const { text: _, fingerprint: seen, isIllustrative, ...content } = await read(fromTj)
  assert.deepEqual(content, invitation)
  assert.equal(seen, fingerprint)
  assert.ok(isIllustrative)
  assert.match(fingerprint, /^([0-9a-f]{4} ){7}[0-9a-f]{4}$/)
  const mailed = await read(`\ufeff${fromTj.replaceAll('\n', '\r\n')}\r\n`.replace('\ufeff', ''))
  assert.equal(mailed.fingerprint, fingerprint)
})

test('a fingerprint is compared as people type it, whole', () => {
  const text = fromTj.slice(0, fromTj.indexOf('-----BEGIN CMS'))
  assert.equal(fingerprintOf(text), fingerprint)
  assert.ok(isFingerprint(fingerprint.toUpperCase().replaceAll(' ', '-'), text))
  for (const typed of ['', fingerprint.slice(0, -1), fingerprint.replace(/^./, (c) => (c === '0' ? '1' : '0'))])
    assert.ok(!isFingerprint(typed, text), typed)
})

test('what was changed on its way is refused, wherever it was changed', async () => {
  const place = (what: string): number => fromTj.indexOf(what)
  for (const at of [
    0,
    3,
    place('NTA.TJ'),
    place('gateway.tj'),
    place('MII'),
    place('CL141'),
    place('BEGIN CMS') + 40,
  ]) {
    const bytes = Buffer.from(fromTj)
    bytes[at]! ^= 1
    await assert.rejects(read(bytes), JoinFault, `byte ${at}`)
  }
  await refused(() => read(fromTj.replace('gateway.tj', 'gateway.xx')), 'join.bad-signature', /not what was signed/)
  // The same words with another key: it is not the one that the invitation names.
  const other = await signed({}, keyOf('AF'))
  await refused(() => read(other), 'join.bad-signature', /not one that is pinned/)
})

test('what is no invitation says what it is not', async () => {
  for (const [bytes, said] of [
    ['', /signature is missing/],
    ['{}', /signature is missing/],
    [Buffer.from([0xff, 0xfe, 0x00]), /no text in UTF-8/],
    [Buffer.alloc(4_000_001), /at the most/],
    [fromTj.slice(0, -30), /not its last line/],
    [`${fromTj}More.\n`, /not its last line/],
    [fromTj.replace(/\n(MII\S+\n)/, '\n!!\n'), /no base64/],
    [`no JSON\n-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n`, /no JSON/],
    [`[1]\n-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n`, /group of names/],
    [`{"corridor":"report"}\n-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n`, /“report” is no invitation/],
  ] as [string | Uint8Array, RegExp][])
    await refused(() => read(bytes), 'join.bad-file', said)
})

test('each wrong value is named with its place', async () => {
  for (const [change, said] of [
    [from({ country: 'tj' }), /from › country: “tj”/],
    [from({ party: 'NTA TJ' }), /from › party/],
    [from({ name: 'Customs\nof TJ' }), /from › name/],
    [from({ name: 'Customs \u202eJT' }), /from › name/],
    [from({ domain: 'A@B' }), /from › domain/],
    [from({ timeZone: 'Mars/Base' }), /from › timeZone/],
    [from({ id: '../af' }), /from › id/],
    [{ for: 'Afghanistan' }, /for: “Afghanistan”/],
    [{ endpoint: 'http://gateway.tj.example/as4' }, /endpoint/],
    [{ endpoint: 'https://user:word@gateway.tj.example/as4' }, /endpoint/],
    [{ agreement: 'a b' }, /agreement/],
    [{ offices: [{ reference: 'AF000101', name: 'Ours', roles: ['transit'] }] }, /offices 1 › reference: “AF000101”/],
    [{ offices: [{ reference: 'TJ000777', name: 'New', roles: ['transit'] }] }, /office TJ000777 is not in it/],
    [
      { officeList: invitation.officeList.replaceAll('TJ000101', 'AF000101'), offices: [] },
      /“AF000101” is no office of TJ/,
    ],
    [{ officeList: invitation.officeList.replaceAll('CL141/NTA.TJ', 'CL141/NTA.AF') }, /must be CL141\/NTA.TJ/],
    [{ officeList: invitation.officeList.replace('#owner\tNTA.TJ', '#owner\tNTA.AF') }, /its owner is “NTA.AF”/],
    [{ officeList: 'rubbish' }, /officeList/],
  ] as [object, RegExp][]) {
    const text = await signed(change)
    await refused(() => read(text), 'join.bad-file', said)
  }
})

test('times and certificates are looked at', async () => {
  await refused(() => read(fromTj, new Date('2026-12-14T12:00:00Z')), 'join.expired', /it ended at 2026-12-14T12:00:00/)
  await refused(() => read(fromTj, new Date('2026-11-30T11:40:00Z')), 'join.expired', /it is only/)
  const { certificates } = invitation
  const demonstration = await makeDemonstrationKeys('NTA.TJ', 'TJ', now)
  const foreign = readFileSync(join(folderOf('AF'), 'keys/tls.crt'), 'utf8')
  for (const [change, said] of [
    [{ tls: 'no PEM' }, /tls: this is no certificate/],
    [{ tls: foreign }, /tls: it is not signed by “authority”/],
    [{ tls: certificates.signing }, /there must be two/],
    [{ authority: demonstration.ca }, /demonstration/],
  ] as [object, RegExp][]) {
    const text = await signed({ certificates: { ...certificates, ...change } })
    await refused(() => read(text), 'join.unfit-certificate', said)
  }
})

test('a member comes in: only what is new is written, and the rest of the file stays byte for byte', async () => {
  const file = join(folderOf('AF'), 'corridor.yaml')
  const before = readFileSync(file, 'utf8')
  const { id, changes, remarks } = await plan(fromTj)
  assert.equal(id, 'tj')
  assert.match(remarks.join('\n'), /authority that it made itself/)
  assert.equal(readFileSync(file, 'utf8'), before, 'a plan writes nothing')
  writeChanges(folderOf('AF'), changes)
  const joined = again('AF')
  const member = joined.corridor.nodes.find(({ party }) => party === 'NTA.TJ')
  assert.equal(member?.published?.direct?.url, invitation.endpoint)
  assert.deepEqual(
    joined.corridor.links.map(({ between, agreement }) => [between, agreement]),
    [[['af', 'tj'], 'af-tj-transit-2026']],
  )
  assert.deepEqual((await plan(fromTj)).changes, [], 'a second time there is nothing to do')
  const gone = planLeaving(joined, 'tj')
  writeChanges(folderOf('AF'), gone.changes)
  assert.equal(readFileSync(file, 'utf8'), before)
  assert.throws(() => planLeaving(again('AF'), 'tj'), /There is no member “tj” here. There are: none/)
})

test('a list of countries counts on with each member', async () => {
  await made('IR', {}, 'IR')
  const { changes } = await plan((await invite(tj, { country: 'IR' }, now)).text, again('IR'))
  const countries = changes.find(({ path }) => path.endsWith('countries.tsv'))
  assert.match(countries?.after ?? '', /#version\t2\n[^]*\tIR\t[^]*\tTJ\t/)
})

test('who is there already, or is another, is refused with the reason', async () => {
  writeChanges(folderOf('AF'), (await plan(fromTj)).changes)
  const clash = (country: string, change: object, name: string) =>
    made(country, change, name).then(async (corridor) => (await invite(corridor, { country: 'AF' }, now)).text)
  for (const [text, said] of [
    // Two members with one country code.
    [
      await clash('TJ', { id: 'xx', party: 'OTHER.TJ', url: 'https://x.example/as4' }, 'one'),
      /TJ is the country of the member tj \(NTA.TJ\) already/,
    ],
    // A party id that is there already.
    [
      await clash('UZ', { id: 'uz', party: 'NTA.TJ' }, 'two'),
      /NTA.TJ is the member tj, whose country is TJ and not UZ/,
    ],
    [await clash('UZ', { id: 'tj' }, 'three'), /“tj” is the name of NTA.TJ here/],
    [await clash('UZ', { url: invitation.endpoint }, 'four'), /is that of NTA.TJ/],
    [await clash('PK', { party: 'NTA.AF', url: 'https://y.example/as4' }, 'five'), /NTA.AF are we/],
  ] as [string, RegExp][])
    await refused(() => plan(text), 'join.member-clash', said)
  const stolen = await signed({
    from: { ...invitation.from, id: 'kg', party: 'NTA.KG', country: 'KG' },
    endpoint: 'https://gateway.kg.example/as4',
    offices: [],
    officeList: invitation.officeList.replaceAll('TJ', 'KG'),
  })
  await refused(() => plan(stolen), 'join.member-clash', /certificates: one of them is that of NTA.TJ/)
  const { text: otherAgreement } = await invite(tj, { country: 'AF', agreement: 'else' }, now)
  await refused(
    () => plan(otherAgreement),
    'join.member-clash',
    /names “else”, and our link with tj has “af-tj-transit-2026”/,
  )
  const { text: forIran } = await invite(tj, { country: 'IR' }, now)
  await refused(() => plan(forIran), 'join.not-for-us', /made for IR, and we are AF/)
  await refused(async () => invite(tj, { country: 'TJ' }, now), 'join.bad-value', /our own country/)
})

test('a test partner comes in only where it is asked for', async () => {
  const corridor = await made('KG', {}, 'KG')
  const { text } = await invite(corridor, { country: 'AF', isTest: true }, now)
  await refused(() => plan(text), 'join.test-partner', /is a test partner/)
  const { remarks, changes } = await plan(text, again('AF'), true)
  assert.match(remarks[0] ?? '', /TEST PARTNER/)
  assert.match(changes.find(({ path }) => path.endsWith('.yaml'))?.after ?? '', /# TEST PARTNER. By its invitation/)
})

test('new certificates of a member are a change that its fingerprint vouches for', async () => {
  const renewed = await made('TJ', {}, 'renewed')
  const { changes } = await plan((await invite(renewed, { country: 'AF' }, now)).text)
  assert.deepEqual(
    changes.map(({ path }) => path),
    ['signing.crt', 'tls.crt', 'authority.crt', 'invitation.txt'].map((name) => `partners/tj/${name}`),
  )
})
