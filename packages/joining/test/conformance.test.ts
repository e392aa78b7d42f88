import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connect } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { freePort, keepNode, realSettings } from '@corridor/node'
import {
  checkPartner,
  draftMember,
  invite,
  isConformant,
  JoinFault,
  loadScenarios,
  makeTestPartner,
  pilotUnit,
  planAcceptance,
  readInvitation,
  readOwn,
  type Report,
  type Result,
  runTestPartner,
  signersOf,
  signReport,
  textOfReport,
  verifyReport,
  writeChanges,
} from '../src/index.ts'
import { signText } from '../src/signed-text.ts'
import { folderOf, memberOf } from './members.ts'

const quiet = (): void => undefined
const ending: (() => Promise<unknown>)[] = []
after(async () => {
  for (const end of ending.toReversed()) await end()
})
const now = new Date()
const taken = new Set<number>()
const ports = async () => ({ api: await freePort(0, taken), as4: await freePort(0, taken) })

// Our own node, and a test partner that takes our invitation; each with a database of its own.
const ownPorts = await ports()
const member = memberOf('TJ', { url: `https://127.0.0.1:${ownPorts.as4}/as4`, ports: ownPorts })
await draftMember(folderOf('own'), member, { now, pilotUnit })
const file = join(folderOf('own'), 'corridor.yaml')
const ours = await invite(readOwn(file), { country: 'AF' }, now)
writeFileSync(join(folderOf('own'), 'for-af.txt'), ours.text)
const partner = await makeTestPartner(
  folderOf('partner'),
  { country: 'AF', ports: await ports(), host: '127.0.0.1', invitationFile: join(folderOf('own'), 'for-af.txt') },
  now,
)
const theirs = await readInvitation(Buffer.from(partner.invitation), 'theirs', now)
writeChanges(folderOf('own'), planAcceptance(readOwn(file), theirs, { allowTest: true, now }).changes)
const own = readOwn(file)
const { keys } = own.own
const pair = (folder: string, { certificate, key }: { certificate: string; key: string }) => ({
  certificate: readFileSync(join(folder, certificate), 'utf8'),
  key: readFileSync(join(folder, key), 'utf8'),
})
const signing = pair(own.folder, keys.signing)

const check = async (databaseUrl: string, upTo: 'link' | 'people', corridor = own): Promise<Report> =>
  checkPartner(corridor, 'af', { databaseUrl, upTo, answerMs: 60_000, peopleMs: 120_000, tell: quiet })
const outcomes = ({ results }: Report) => Object.fromEntries(results.map(({ id, outcome }: Result) => [id, outcome]))

test('a test partner passes every scenario, and the report of it is signed', async () => {
  const [database, partnerDatabase] = [await testDatabase(), await testDatabase()]
  ending.push(database.drop, partnerDatabase.drop)
  const node = await keepNode(() => realSettings(file, 'tj', database.url), quiet)
  ending.push(node.stop)
  const people: string[] = []
  const running = await runTestPartner(partner, partnerDatabase.url, { log: quiet, tell: (line) => people.push(line) })
  ending.push(running.stop)
  const report = await check(database.url, 'people')
  assert.deepEqual(
    report.results.filter(({ outcome }) => outcome !== 'passed'),
    [],
  )
  assert.deepEqual(
    report.results.map(({ id }) => id),
    loadScenarios().map(({ id }) => id),
  )
  assert.ok(isConformant(report) && report.partner.isTest)
  const db = connect(database.url, { max: 1 })
  const tokens = await db.query('select from api_token where revoked_at is null')
  await db.close()
  assert.equal(tokens.length, 0, 'no token is left behind')
  assert.deepEqual(
    people.map((line) => line.split(' ')[0]),
    ['cross', 'arrival', 'permit-unloading', 'unloading-remarks', 'record-results'],
  )
  const text = await signReport(report, signing, new Date())
  assert.match(text, /A TEST PARTNER[^]*15 passed, 0 failed, 0 not run[^]*PASSED {2}movement/)
  const read = (bytes: string, signers = signersOf(own)) =>
    verifyReport(Buffer.from(bytes), signers, { name: 'report', now: new Date() })
  assert.deepEqual(await read(text), report)
  assert.deepEqual(
    await read(text.replaceAll('\n', '\r\n'), signersOf(partner.own)),
    report,
    'the partner reads it too',
  )
  for (const changed of [
    text.replace('15 passed', '16 passed'),
    text.replace('"outcome": "passed"', '"outcome": "failed"'),
    text.replace('"party": "NTA.TJ"', '"party": "TEST.AF"'),
  ])
    await assert.rejects(read(changed), (error) => error instanceof JoinFault && error.code === 'join.bad-signature')
  await assert.rejects(read(text, new Map()), /whose certificate we do not have/)
  // Who signs a text that says otherwise than the data is found out.
  const forged = await signReport({ ...report, results: [] }, signing, new Date())
  const data = text.slice(text.indexOf('\n---- the same as data'), text.indexOf('-----BEGIN CMS'))
  const words = forged.slice(0, forged.indexOf('\n---- the same as data'))
  await assert.rejects(read(await signText(words + data, signing, new Date())), /not what the data says/)
})

test('a partner that is none passes nothing that it should not', async () => {
  const tls = pair(partner.own.folder, partner.own.own.keys.tls)
  // It has the right TLS key, lets everybody in, and answers everything with the same words.
  const server = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(200, { 'content-type': 'text/plain' }).end('ok'))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  ending.push(async () => void server.close())
  const { port } = server.address() as AddressInfo
  const yaml = readFileSync(file, 'utf8').replace(
    `https://127.0.0.1:${partner.own.own.ports.as4}/as4`,
    `https://127.0.0.1:${port}/as4`,
  )
  const badFile = join(own.folder, 'bad.yaml')
  writeFileSync(badFile, yaml)
  const report = await check('postgres://nobody@127.0.0.1:9/none', 'link', readOwn(badFile))
  const { 'tls-pinned': pinned, ...rest } = outcomes(report)
  assert.equal(pinned, 'passed')
  for (const { id, needs } of loadScenarios())
    if (id !== 'tls-pinned') assert.equal(rest[id], needs === 'link' ? 'failed' : 'skipped', id)
  assert.equal(isConformant(report), false)
  assert.match(textOfReport(report), /FAILED {2}tls-stranger[^]*HTTP 200 was answered/)
})

test('whoever is not there, or shows another certificate, is no partner', async () => {
  const away = await freePort(0, taken)
  const yaml = readFileSync(file, 'utf8').replace(
    `https://127.0.0.1:${partner.own.own.ports.as4}/as4`,
    `https://127.0.0.1:${away}/as4`,
  )
  writeFileSync(join(own.folder, 'away.yaml'), yaml)
  const report = await check('postgres://nobody@127.0.0.1:9/none', 'link', readOwn(join(own.folder, 'away.yaml')))
  assert.deepEqual(
    report.results.filter(({ outcome }) => outcome === 'passed'),
    [],
  )
  await assert.rejects(
    checkPartner(own, 'xx', { databaseUrl: '', upTo: 'link', answerMs: 1, peopleMs: 1, tell: quiet }),
    /There is no member “xx” with a direct link. There are: af/,
  )
})
