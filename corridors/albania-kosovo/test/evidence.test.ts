// Evidence of the movement of the story: taken on the command line and over the API, checked offline by everybody.
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { StoryDriver } from '@corridor/cli/story'
import { checkEvidence } from '@corridor/evidence'
import { issueToken } from '@corridor/node'
import { commandLineOf } from '../../evidence.ts'
import { startForTest, type TestCorridor } from './running.ts'

let corridor: TestCorridor
let line: ReturnType<typeof commandLineOf>
let mrn = ''
before(async () => {
  corridor = await startForTest()
  line = commandLineOf(corridor, 'albania-kosovo')
  const driver = new StoryDriver(corridor, () => undefined)
  const progress = driver.newProgress()
  await driver.play(progress)
  mrn = progress.mrn
})
after(async () => {
  line.end()
  await corridor.end()
})

const settingsOf = (id: string) => corridor.nodes.find(({ node }) => node.id === id)!.settings
const messages: Record<string, number> = {}
const messagesIn = (said: string): number => Number(/, (\d+) messages, taken by/.exec(said)?.[1])
const file = (name: string) => join(line.folder, name)

test('both administrations take evidence of one movement, and it holds offline', async () => {
  for (const node of ['al', 'xk']) {
    const taken = await line.run('evidence', mrn, '--node', node, '--out', `${node}.asice`, '--reason', 'court')
    assert.equal(taken.code, 0, taken.err)
    assert.match(taken.out, new RegExp(`^${node}.asice: \\d+ bytes, what NTA.${node.toUpperCase()} has of ${mrn}.\n$`))
    assert.equal(statSync(file(`${node}.asice`)).mode & 0o777, 0o600)
    const verified = await line.run('verify', `${node}.asice`)
    assert.equal(verified.code, 0, verified.out)
    assert.doesNotMatch(verified.out, /^FAIL/m)
    assert.match(verified.out, /Compare their SHA-256 with what each party tells you/)
    messages[node] = messagesIn(verified.out)
    const [kept] = await corridor.databases.get(node)!.query<{ n: number }>(
      `select count(*)::int as n from (select conversation from inbox union all select conversation from outbox) kept
        where conversation = $1 or conversation like '%/' || (select max(lrn) from movement where mrn = $1 and lrn <> '')`,
      [mrn],
    )
    assert.ok(messages[node] >= 10 && messages[node] === kept!.n, `${node}: ${messages[node]} of ${kept!.n}`)
  }
  const [told] = await corridor.databases
    .get('al')!
    .query<{ actor: string; detail: { reason: string; messages: number } }>(
      `select actor, detail from journal where kind = 'evidence.taken'`,
    )
  assert.match(told!.actor, /^command line \(/)
  assert.equal(told!.detail.reason, 'court')
})

test('without a node it is that of the country that gave the MRN', async () => {
  const taken = await line.run('evidence', mrn)
  assert.equal(taken.code, 0, taken.err)
  assert.match(taken.out, new RegExp(`^${mrn}.asice: .*NTA.AL`))
  const again = await line.run('evidence', mrn)
  assert.deepEqual([again.code, /cannot be written: EEXIST/.test(again.err)], [2, true])
  const unknown = await line.run('evidence', '26ALQ7T3M2K9P4X1J6', '--out', 'none.asice')
  assert.deepEqual([unknown.code, unknown.err], [1, '26ALQ7T3M2K9P4X1J6 is unknown to every node of albania-kosovo.\n'])
  assert.throws(() => statSync(file('none.asice')))
})

test('certificates to trust, the key to what is withheld, and a byte that was changed', async () => {
  const al = settingsOf('al')
  writeFileSync(
    file('trust.pem'),
    al.signing.certificate + al.partners.map((partner) => partner.signingCertificate).join(''),
  )
  writeFileSync(file('al.key'), al.signing.key)
  writeFileSync(file('al.crt'), al.signing.certificate)
  const whole = await line.run(
    'verify',
    'al.asice',
    '--trust',
    'trust.pem',
    '--key',
    'al.key',
    '--certificate',
    'al.crt',
  )
  assert.equal(whole.code, 0, whole.out)
  assert.equal(whole.out.match(/\(trusted\)$/gm)?.length, 2)
  assert.match(whole.out, /ok {3}messages\/\d+-\w+-CC015C\/withheld.der: it opens with the key that was given/)
  const half = await line.run('verify', 'al.asice', '--trust', 'al.crt')
  assert.deepEqual([half.code, /FAIL certificates: /.test(half.out), /NOT trusted/.test(half.out)], [1, true, true])
  const bytes = readFileSync(file('al.asice'))
  bytes[bytes.indexOf('<ncts:CD001C') + 40]! ^= 1
  writeFileSync(file('changed.asice'), bytes)
  const changed = await line.run('verify', 'changed.asice')
  assert.equal(changed.code, 1)
  assert.match(
    changed.out,
    /^FAIL messages\/\d{3}-out-CD001C\/document.xml: .* its content does not fit its check sum$/m,
  )
  const json = JSON.parse((await line.run('verify', 'changed.asice', '--json')).out) as { sound: boolean }
  assert.equal(json.sound, false)
})

test('no access code of the demonstration is in any of it', () => {
  const codes = Object.values(settingsOf('al').accessCodes)
  assert.ok(codes.length > 0)
  for (const node of ['al', 'xk']) {
    const bytes = readFileSync(file(`${node}.asice`))
    for (const code of codes) assert.equal(bytes.includes(`>${code}<`), false, code)
  }
})

test('an officer takes what the page of the movement lists, the operations desk all; the journal says who', async () => {
  const { api } = settingsOf('al').ports
  const takenBy = async (account: string): Promise<number> => {
    const token = await issueToken(settingsOf('al'), account, 'evidence')
    const answer = await fetch(`http://127.0.0.1:${api}/movements/${mrn}/evidence`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(answer.status, 200)
    const report = await checkEvidence(Buffer.from(await answer.arrayBuffer()))
    assert.equal(report.sound, true)
    return report.messages
  }
  const officers = await takenBy('durres-departure')
  assert.ok(officers > 3 && officers < messages['al']!, String(officers))
  assert.equal(await takenBy('tirana-operations'), messages['al'])
  const told = await corridor.databases
    .get('al')!
    .query<{ office: string; actor: string }>(
      `select actor, office from journal where kind = 'evidence.taken' order by id desc limit 2`,
    )
  assert.deepEqual(told, [
    { actor: 'tirana-operations', office: null },
    { actor: 'durres-departure', office: 'AL000101' },
  ])
})
