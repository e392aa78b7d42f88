import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { makePapers, type Papers } from '../../exchange/test/nodes.ts'
import type { Program } from '../../exchange/test/namespaces.ts'
import { corridor } from './run.ts'
import { makeNetwork, type Network, outside, whyNoTunnel, wireguardPort } from './tunnel/network.ts'
import type { Asked, SideGiven } from './tunnel/side.ts'

// Two gateways in network namespaces, and in the tunnel that `corridor link wireguard` wrote: wg-quick and WireGuard in user space. Between
// them lies a network to which their default routes lead, and which lets nothing pass but WireGuard until a test opens it.
const skip = whyNoTunnel() ?? false
if (skip !== false) process.stderr.write(`The tunnel is not tested: ${skip}\n`)

const folder = mkdtempSync(join(tmpdir(), 'corridor-tunnel-'))
const file = join(folder, 'corridor.yaml')
// Not those of a tunnel that this machine may have: its sockets are seen in every namespace.
const [one, other] = ['ta', 'tb']
const inside = { one: '10.219.0.1', other: '10.219.0.2' }
const configs = { one: join(folder, one, `wg-${other}.conf`), other: join(folder, other, `wg-${one}.conf`) }

let network: Network
let sides: Record<'one' | 'other', Program>
const programs: Program[] = []

const ask = (side: keyof typeof sides, asked: Asked): Promise<Record<string, unknown>> => {
  sides[side].say(asked)
  return sides[side].next()
}
const quick = (place: 'one' | 'other', act: 'up' | 'down'): void => {
  const { status, output } = network.run(place, 'wg-quick', act, configs[place])
  assert.equal(status, 0, output)
}
const check = () => network.run('one', process.execPath, program, 'link', 'check', '--node', one, '--corridor', file)
const program = fileURLToPath(new URL('../corridor.mjs', import.meta.url))

function keysOf(id: string, { certificatePem, privateKeyPem, caPem }: Papers): object {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, `${id}-${name}`), text, { mode: 0o600 })
    return `${id}-${name}`
  }
  const certificate = write('certificate.pem', certificatePem)
  const key = write('key.pem', privateKeyPem)
  return {
    keys: {
      signingCertificate: certificate,
      signingKey: key,
      tlsCertificate: certificate,
      tlsKey: key,
      dataKey: write('data.key', randomBytes(32).toString('base64')),
    },
    // What it has published for others is not where it is in the tunnel.
    published: {
      signingCertificate: certificate,
      tlsCertificate: certificate,
      url: `https://gate.${id}.example:8443/as4`,
      ca: write('ca.pem', caPem),
    },
  }
}

before(async () => {
  if (skip !== false) return
  network = makeNetwork()
  network.onlyWireguard(true)
  const papers = { one: await makePapers('NTA.AF'), other: await makePapers('NTA.TJ') }
  const node = (id: string, country: string, own: Papers) => ({
    country,
    name: country,
    party: own.party,
    domain: `${id}.example`,
    ports: { api: 8441, as4: 8443 },
    locales: ['en'],
    accounts: [],
    ...keysOf(id, own),
  })
  const addresses = { [one]: inside.one, [other]: inside.other }
  const described = {
    corridor: 'tunnel-test',
    title: 'Test',
    codelists: 'codelists',
    nodes: { [one]: node(one, 'AF', papers.one), [other]: node(other, 'TJ', papers.other) },
    links: [{ between: [one, other], kind: 'tunnel', addresses, agreement: 'a' }],
    offices: [],
  }
  writeFileSync(file, JSON.stringify(described))
  const endpoints = [`${one}=${outside.one}`, `${other}=${outside.other}`].flatMap((at) => [
    '--endpoint',
    `${at}:${wireguardPort}`,
  ])
  const words = ['link', 'wireguard', '--corridor', file, '--between', `${one},${other}`, ...endpoints]
  const made = await corridor([...words, '--into', folder])
  assert.equal(made.code, 0, made.err)
  assert.match(made.out, /The corridor file has this link with these addresses already/)
  const open = async (place: 'one' | 'other', id: string): Promise<Program> => {
    const partner = papers[place === 'one' ? 'other' : 'one']
    const given: SideGiven = { corridor: file, node: id, own: papers[place], partner }
    const started = network.start(place, new URL('tunnel/side.ts', import.meta.url), given)
    programs.push(started)
    const { ready } = await started.next()
    assert.deepEqual(ready, [`https://${inside[place === 'one' ? 'other' : 'one']}:8443/as4`])
    return started
  }
  const [a, b] = await Promise.all([open('one', one), open('other', other)])
  sides = { one: a, other: b }
})

after(async () => {
  for (const each of programs.toReversed()) await each.end()
  if (skip === false) {
    // WireGuard in user space leaves its socket only when it ends by itself.
    for (const place of ['one', 'other'] as const) network.run(place, 'wg-quick', 'down', configs[place])
    network.remove()
  }
  rmSync(folder, { recursive: true, force: true })
})

test('without the tunnel nothing passes, nothing is tried, and the message stays owed', { skip }, async () => {
  await ask('one', { send: 'first@ta' })
  const { state, reason } = await ask('one', { owed: 'first@ta', because: 'the tunnel is down' })
  assert.equal(reason, `no answer: the tunnel is down: this machine does not have ${inside.one}`)
  assert.notEqual(state, 'receipted')
  const { lines } = await ask('one', { journal: 'connection.withheld' })
  assert.deepEqual(lines, [
    { reason: `the tunnel is down: this machine does not have ${inside.one}`, address: inside.other, at: inside.one },
  ])
  const checked = check()
  assert.equal(checked.status, 1, checked.output)
  assert.match(checked.output, /^NO {3}NTA\.TJ: from 10\.219\.0\.1 to 10\.219\.0\.2: the tunnel is down/m)
  assert.equal(network.refused(), 0)
})

test('in the tunnel messages and receipts go both ways, and nothing but WireGuard is outside', { skip }, async () => {
  quick('one', 'up')
  quick('other', 'up')
  await ask('one', { receipt: 'first@ta' })
  await ask('other', { send: 'second@tb' })
  await ask('other', { receipt: 'second@tb' })
  const checked = check()
  assert.equal(checked.status, 0, checked.output)
  assert.match(checked.output, /^yes {2}NTA\.TJ: from 10\.219\.0\.1 at wg-tb to 10\.219\.0\.2, and it answers there\n$/)
  assert.equal(network.refused(), 0)
  // What else would try to pass is seen: the count above means something.
  const { code } = await ask('one', { reach: outside.other })
  assert.equal(code, 'EHOSTUNREACH')
  assert.equal(network.refused(), 1)
})

test('a gateway that is reached by another address refuses, and writes both addresses down', { skip }, async () => {
  network.onlyWireguard(false)
  const { code } = await ask('one', { reach: outside.other })
  assert.equal(code, null, 'the way is open')
  const { certificate } = await ask('one', { pushTo: outside.other })
  let found: Record<string, string>[] = []
  // The line is written while the refused side hears of its connection already.
  for (let look = 0; look < 100 && found.length === 0; look++) {
    if (look > 0) await pause(50)
    const { lines } = (await ask('other', { journal: 'connection.refused' })) as { lines: Record<string, string>[] }
    found = lines.filter(({ certificate: shown }) => shown === certificate)
  }
  assert.deepEqual(
    found.map(({ address, at }) => [address, at]),
    [[outside.one, outside.other]],
  )
  assert.match(found[0]!['reason']!, /^outside of the tunnel: a connection between 192\.0\.2\.6 and 192\.0\.2\.2/)
})

test(
  'when the tunnel goes down, no open way is taken in its place; when it is up again all goes',
  { skip },
  async () => {
    // The network would carry it all the way: the address is known there, and the other gateway has it.
    network.ip('between', `route add ${inside.other}/32 via ${outside.other}`)
    quick('one', 'down')
    const held = network.run('one', 'ip', 'route', 'get', inside.other)
    assert.notEqual(held.status, 0, 'the route that refuses has stayed')
    network.ip('one', `route del unreachable ${inside.other}/32 metric 4294967295`)
    assert.equal((await ask('one', { reach: inside.other })).code, null, 'any other program gets there')
    await ask('one', { send: 'third@ta' })
    await ask('one', { owed: 'third@ta', because: `does not have ${inside.one}` })
    // Not even with our address at another interface.
    network.ip('one', `addr add ${inside.one}/32 dev outside`)
    await ask('one', { owed: 'third@ta', because: `${inside.one} is at outside, which is no tunnel` })
    network.ip('one', `addr del ${inside.one}/32 dev outside`)
    quick('one', 'up')
    await ask('one', { receipt: 'third@ta' })
  },
)
