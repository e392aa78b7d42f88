import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { makeAuthority } from '@corridor/as4/testing'
import { draftMember, invite, JoinFault, pilotUnit } from '../src/index.ts'
import { withMember, withoutMember } from '../src/corridor-edit.ts'
import { again, folderOf, memberOf, now } from './members.ts'

const secrets = ['access-codes.json', 'data.key', 'signing.key', 'tls.key']

test('a new member’s secrets are its own, and nothing is ever overwritten', async () => {
  const first = await draftMember(folderOf('own'), memberOf('UZ'), { now })
  assert.equal(first.isCertified, false)
  const keys = join(folderOf('own'), 'keys')
  for (const name of secrets) assert.equal(statSync(join(keys, name)).mode & 0o777, 0o600, name)
  const before = new Map(readdirSync(keys).map((name) => [name, readFileSync(join(keys, name), 'utf8')]))
  const second = await draftMember(folderOf('own'), memberOf('UZ', { name: 'Another' }), { now })
  assert.deepEqual(second.made, [])
  for (const [name, text] of before) assert.equal(readFileSync(join(keys, name), 'utf8'), text, name)
  await assert.rejects(invite(again('own'), { country: 'TJ' }, now), /There is no keys\/signing.crt beside/)
  // A pilot's authority signs the keys that are there.
  const third = await draftMember(folderOf('own'), memberOf('UZ'), { now, pilotUnit })
  assert.deepEqual(third.made, ['keys/authority.crt', 'keys/signing.crt', 'keys/tls.crt'])
  assert.ok((await invite(again('own'), { country: 'TJ' }, now)).fingerprint)
  // Lost in part, it is not mended by another authority behind the administration's back.
  rmSync(join(keys, 'tls.crt'))
  const fourth = await draftMember(folderOf('own'), memberOf('UZ'), { now, pilotUnit })
  assert.deepEqual([fourth.made, fourth.isCertified], [[], false])
})

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? ''
const skip = version.startsWith('OpenSSL') ? false : 'there is no openssl on this machine'

test('the requests are what an authority signs', { skip }, async () => {
  await draftMember(folderOf('request'), memberOf('KZ'), { now })
  const keys = join(folderOf('request'), 'keys')
  for (const name of ['signing', 'tls']) {
    const said = execFileSync('openssl', ['req', '-in', `${name}.csr`, '-noout', '-verify', '-text'], {
      cwd: keys,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    assert.match(said, /Subject: C ?= ?KZ, O ?= ?Customs of KZ, CN ?= ?NTA.KZ/)
    assert.match(said, /Public-Key: \(3072 bit\)/)
    if (name === 'tls') assert.match(said, /DNS:gateway.kz.example/)
  }
})

test('certificates of another key, or of nobody, are refused before they are sent', async () => {
  await draftMember(folderOf('mixed'), memberOf('MN'), { now, pilotUnit })
  const authority = await makeAuthority('Another')
  const { certificatePem } = await authority.issue({ commonName: 'Another' })
  writeFileSync(join(folderOf('mixed'), 'keys/signing.crt'), certificatePem)
  await assert.rejects(invite(again('mixed'), { country: 'TJ' }, new Date()), JoinFault)
})

test('what is typed wrong is named', async () => {
  for (const [change, said] of [
    [{ id: 'Uz' }, /“Uz” is no name of a node/],
    [{ country: 'Uzbekistan' }, /--country “Uzbekistan”/],
    [{ party: 'NTA UZ' }, /--party “NTA UZ”/],
    [{ name: ' ' }, /--name/],
    [{ url: 'gateway.uz' }, /--url “gateway.uz” is no https address/],
    [{ url: 'http://gateway.uz/' }, /--url/],
    [{ locales: ['english'] }, /--locales “english”/],
    [{ ports: { api: 8401, as4: 99_999 } }, /“99999” is no port/],
  ] as [object, RegExp][])
    await assert.rejects(draftMember(folderOf('wrong'), memberOf('UZ', change), { now }), said)
})

const member = {
  id: 'tj',
  node: { country: 'TJ', name: 'Tajikistan: customs', accounts: [] },
  link: { between: ['af', 'tj'], kind: 'as4', agreement: 'a' },
  offices: [{ reference: 'TJ000101', name: 'Dushanbe, north', country: 'TJ', roles: ['transit'] }],
  reference: { lists: ['CL141/NTA.TJ'], name: 'Offices', owner: 'tj' },
  comment: 'By its invitation with fingerprint x.',
}

test('a corridor file is added to as it is written', () => {
  const shipped = readFileSync(new URL('../../../corridors/albania-kosovo/corridor.yaml', import.meta.url), 'utf8')
  for (const [what, text] of [
    ['a corridor of the product', shipped],
    ['lists that are not there', '# head\nnodes:\n  af: { country: AF } # ours\n# end\n'],
    ['empty lists, four spaces', 'links: [] # none\noffices: []\nnodes:\n    af:\n        country: AF\n\n    # last\n'],
    [
      'no line end at the end',
      'links: []\noffices:\n- { reference: AF1, country: AF }\nnodes:\n  af:\n    country: AF',
    ],
  ] as const) {
    const added = withMember(text, member)
    const kept = new Set(added.split('\n'))
    for (const line of text.split('\n'))
      if (!/^(links|offices): \[\]/.test(line)) assert.ok(kept.has(line), `${what}: ${line}`)
    const content = parse(added) as { nodes: object; links: object[]; offices: object[]; reference: object[] }
    assert.deepEqual((content.nodes as Record<string, unknown>)['tj'], member.node, what)
    assert.deepEqual([content.links.at(-1), content.offices.at(-1)], [member.link, member.offices[0]], what)
    assert.equal(withMember(added, member), added, `${what}: twice`)
    const gone = parse(withoutMember(added, { id: 'tj', country: 'TJ' })) as Record<string, unknown>
    assert.deepEqual(gone, { links: [], offices: [], reference: [], ...(parse(text) as object) }, what)
  }
})

test('a corridor file that cannot be added to is left alone', () => {
  for (const [text, said] of [
    ['nodes: {', /corridor.yaml: /],
    ['like: other.yaml\nnodes:\n  a:\n    country: AF\n', /this one is like/],
    ['nodes: { af: { country: AF } }\n', /each node on lines of its own/],
    ['nodes:\n  af:\n    country: AF\nlinks: [{ between: [af, xx] }]\n', /each entry on a line of its own/],
    ['nodes:\n  af:\n    country: AF\nlinks: none\n', /links: must be a list/],
  ] as [string, RegExp][])
    assert.throws(() => withMember(text, member), said)
})
