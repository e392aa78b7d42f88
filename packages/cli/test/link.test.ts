import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { corridor } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-link-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const base = ['link', 'wireguard', '--corridor', 'albania-kosovo', '--between', 'al,xk']
const addresses = ['--address', 'al=10.99.0.1', '--address', 'xk=10.99.0.2']
const endpoint = ['--endpoint', 'al=gate.al.example:51820']
const into = (name: string) => ['--into', join(folder, name)]
const fileIn = (...path: string[]) => join(folder, ...path)
const modeOf = (file: string) => statSync(file).mode & 0o777
const member = (config: string, name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(config)?.[1]

test('both sides get a configuration in which each knows the other’s key, address and nothing else', async () => {
  const made = await corridor([
    ...base,
    ...addresses,
    ...endpoint,
    '--endpoint',
    'xk=[2001:db8::7]:51821',
    ...into('both'),
  ])
  assert.equal(made.code, 0, made.err)
  const al = readFileSync(fileIn('both', 'al', 'wg-xk.conf'), 'utf8')
  const xk = readFileSync(fileIn('both', 'xk', 'wg-al.conf'), 'utf8')
  for (const [own, other, address, peer] of [
    [al, 'xk', '10.99.0.1', '10.99.0.2'],
    [xk, 'al', '10.99.0.2', '10.99.0.1'],
  ] as const) {
    assert.equal(member(own, 'Address'), `${address}/32`)
    assert.equal(member(own, 'AllowedIPs'), `${peer}/32`)
    assert.equal(member(own, 'PreUp'), `ip route replace unreachable ${peer}/32 metric 4294967295`)
    assert.equal(member(own, 'MTU'), '1420')
    assert.equal(member(own, 'PersistentKeepalive'), '25')
    const shown = new RegExp(`^At ${other} \\(its public key: (.{44})\\)`, 'm').exec(made.out)?.[1]
    assert.equal(member(own, 'PublicKey'), shown)
  }
  assert.equal(member(al, 'Endpoint'), '[2001:db8::7]:51821')
  assert.equal(member(xk, 'Endpoint'), 'gate.al.example:51820')
  assert.deepEqual([member(al, 'ListenPort'), member(xk, 'ListenPort')], ['51820', '51821'])
  for (const file of ['al/wg-xk.conf', 'al/wg-xk.key', 'xk/wg-al.conf', 'xk/wg-al.key'])
    assert.equal(modeOf(fileIn('both', file)), 0o600, file)
  assert.match(made.out, /kind: tunnel\n {4}addresses: \{ al: 10\.99\.0\.1, xk: 10\.99\.0\.2 \}\n {4}agreement: /)
  assert.doesNotMatch(made.out, new RegExp(member(al, 'PrivateKey')!.replaceAll(/[+/=]/g, '\\$&')))
})

test(
  'the public key is the one that WireGuard’s own tool makes of the private one',
  {
    skip: spawnSync('wg', ['--version']).error === undefined ? false : 'wireguard-tools are not installed',
  },
  () => {
    const key = readFileSync(fileIn('both', 'al', 'wg-xk.key'))
    const byTool = execFileSync('wg', ['pubkey'], { input: key, encoding: 'utf8' }).trim()
    assert.equal(member(readFileSync(fileIn('both', 'xk', 'wg-al.conf'), 'utf8'), 'PublicKey'), byTool)
  },
)

test('each side may make its own key: no private key travels, and none is ever written over', async () => {
  const own = (node: string, ...more: string[]) =>
    corridor([...base, ...addresses, ...endpoint, '--own', node, ...more, ...into(`own-${node}`)])
  const publicKeys = []
  for (const node of ['al', 'xk']) {
    const { out, err, code } = await own(node)
    assert.equal(code, 0, err)
    publicKeys.push(/^ {2}(.{44})$/m.exec(out)![1]!)
  }
  const before = readFileSync(fileIn('own-al', 'al', 'wg-xk.key'), 'utf8')
  for (let times = 0; times < 2; times++) {
    const { out, err, code } = await own('al', '--public-key', publicKeys[1]!)
    assert.equal(code, 0, err)
    assert.match(out, /kept from before/)
    assert.doesNotMatch(out, /At xk/)
  }
  assert.equal(readFileSync(fileIn('own-al', 'al', 'wg-xk.key'), 'utf8'), before)
  const config = readFileSync(fileIn('own-al', 'al', 'wg-xk.conf'), 'utf8')
  assert.equal(member(config, 'PublicKey'), publicKeys[1])
  assert.equal(member(config, 'Endpoint'), undefined)
  const changed = await own('al', '--public-key', publicKeys[1]!, '--mtu', '1380')
  assert.equal(changed.code, 2)
  assert.match(changed.err, /wg-xk\.conf is there and says something else\. Move it away/)
  assert.equal(readFileSync(fileIn('own-al', 'al', 'wg-xk.conf'), 'utf8'), config)
})

test('what is typed wrongly is said with its place, its value and what to do', async () => {
  const key = fileIn('own-al', 'al', 'wg-xk.key')
  const cases: [string[], RegExp][] = [
    [['link'], /wireguard, check/],
    [['link', 'wireguard'], /--corridor FILE/],
    [[...base.slice(0, 4), ...into('no')], /--between A,B, of al, xk/],
    [[...base.slice(0, 4), '--between', 'al,rs', ...into('no')], /no node “rs”\. The corridor file has al, xk/],
    [[...base.slice(0, 4), '--between', 'al,al', ...into('no')], /“al” stands there twice/],
    [[...base, ...endpoint, ...into('no')], /--address al=10\.99\.0\.1/],
    [[...base, '--address', 'al=10.99.0.1', '--address', 'xk=10.99.0.1', ...endpoint], /both sides have 10\.99\.0\.1/],
    [
      [...base, '--address', 'al=10.99.0.1', '--address', 'xk=8.8.8.8', ...endpoint],
      /xk=8\.8\.8\.8: must be an IPv4 address for private use/,
    ],
    [[...base, '--address', 'al=10.99.0.256', ...endpoint], /al=10\.99\.0\.256: must be an IPv4 address/],
    [[...base, '--address', '10.99.0.1'], /“10\.99\.0\.1”: is not NODE=ADDRESS/],
    [[...base, ...addresses, ...into('no')], /--endpoint al=HOST:51820/],
    [[...base, ...addresses, '--endpoint', 'al=gate'], /al=gate: is not HOST:PORT/],
    [[...base, ...addresses, '--endpoint', 'al=gate:70000'], /from 1 to 65535/],
    [[...base, ...addresses, '--endpoint', 'rs=gate:1'], /“rs” is none of the two sides, al and xk/],
    [[...base, ...addresses, '--endpoint', 'al=10.99.0.1:51820'], /10\.99\.0\.1 is an address in the tunnel/],
    [[...base, ...addresses, ...endpoint], /--into FOLDER/],
    [[...base, ...addresses, ...endpoint, '--mtu', '900', ...into('no')], /--mtu 900: takes a whole number from 1280/],
    [[...base, ...addresses, ...endpoint, '--own', 'rs', ...into('no')], /--own rs: is none of the two sides/],
    [[...base, ...addresses, ...endpoint, '--public-key', 'x', ...into('no')], /--own NODE/],
    [
      [...base, ...addresses, ...endpoint, '--own', 'al', '--public-key', 'x', ...into('no')],
      /--public-key x: is no public key/,
    ],
    [['link', 'check', '--node', 'rs'], /--node al or --node xk/],
  ]
  for (const [typed, said] of cases) {
    const { code, err } = await corridor(typed)
    assert.equal(code, 2, `${typed.join(' ')}: ${err}`)
    assert.match(err, said)
  }
  const again = [...base, ...addresses, ...endpoint, '--own', 'al', ...into('own-al')]
  chmodSync(key, 0o644)
  assert.match((await corridor(again)).err, /others can read it \(mode 644\)\. chmod 600 it/)
  chmodSync(key, 0o600)
  writeFileSync(key, 'rubbish')
  assert.match((await corridor(again)).err, /holds no key of WireGuard/)
  assert.equal(readFileSync(key, 'utf8'), 'rubbish')
})
