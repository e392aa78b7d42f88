import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makePapers } from '../../exchange/test/nodes.ts'
import { addresses, makeNetwork, type Network, type Program, whyNoNamespaces } from './no-route/network.ts'
import type { Asked, SideGiven } from './no-route/side.ts'

// Three network namespaces: PostgreSQL at the border, and on each side a node with a database of its own.
const skip = whyNoNamespaces() ?? false

let network: Network
const programs: Program[] = []
let sides: { a: Program; b: Program }

const start = async (...args: Parameters<Network['start']>): Promise<[Program, Record<string, unknown>]> => {
  const program = network.start(...args)
  programs.push(program)
  return [program, await program.next()]
}
const ask = (side: Program, asked: Asked): Promise<Record<string, unknown>> => {
  side.say(asked)
  return side.next()
}

const must = (...command: Parameters<Network['run']>): void => {
  const { status, output } = network.run(...command)
  assert.equal(status, 0, `${command.join(' ')}: ${output}`)
}

before(async () => {
  if (skip !== false) return
  network = makeNetwork()
  const [sy, jo] = [await makePapers('NTA.SY'), await makePapers('NTA.JO')]
  const members = { [sy.party]: addresses.borderForA, [jo.party]: addresses.borderForB }
  const [, { urls }] = await start('border', new URL('no-route/border.ts', import.meta.url), { members })
  const open = async (place: 'a' | 'b', own: typeof sy, partner: typeof sy): Promise<Program> => {
    const borderUrl = (urls as Record<string, string>)[own.party]!
    const given: SideGiven = { own, partner, borderUrl }
    return (await start(place, new URL('no-route/side.ts', import.meta.url), given))[0]
  }
  const [a, b] = await Promise.all([open('a', sy, jo), open('b', jo, sy)])
  sides = { a, b }
})

after(async () => {
  for (const program of programs.toReversed()) await program.end()
  if (skip === false) network.remove()
})

test('neither side can open a connection to the other, whatever it tries', { skip }, async () => {
  const { a, b } = sides
  const [{ listening: atA }, { listening: atB }] = [await ask(a, { listen: true }), await ask(b, { listen: true })]
  const toA = { reach: { host: addresses.a, port: Number(atA) } }
  const toB = { reach: { host: addresses.b, port: Number(atB) } }
  // Whoever listens is there: each side reaches its own, and the border reaches both.
  assert.deepEqual([(await ask(a, toA))['reached'], (await ask(b, toB))['reached']], [true, true])
  for (const { reach } of [toA, toB]) {
    const script = `require('net').connect(${reach.port}, '${reach.host}').on('connect', () => process.exit(7))`
    assert.equal(network.run('border', process.execPath, '-e', script).status, 7)
  }
  assert.deepEqual(await ask(a, toB), { reached: false, code: 'ENETUNREACH' })
  assert.deepEqual(await ask(b, toA), { reached: false, code: 'ENETUNREACH' })
  // Even when both sides take the border for a gateway nothing gets through: it forwards nothing.
  const routes = [
    ['a', `${addresses.b}/32`, addresses.borderForA],
    ['b', `${addresses.a}/32`, addresses.borderForB],
  ] as const
  for (const [place, to, via] of routes) must(place, 'ip', 'route', 'add', to, 'via', via)
  assert.deepEqual([(await ask(a, toB))['reached'], (await ask(b, toA))['reached']], [false, false])
  // That it would get through otherwise shows that the border is what stops it.
  const forwarding = (value: string): void =>
    must('border', 'sh', '-c', `echo ${value} > /proc/sys/net/ipv4/ip_forward`)
  forwarding('1')
  assert.deepEqual([(await ask(a, toB))['reached'], (await ask(b, toA))['reached']], [true, true])
  forwarding('0')
  for (const [place, to] of routes) must(place, 'ip', 'route', 'del', to)
  assert.deepEqual(await ask(a, toB), { reached: false, code: 'ENETUNREACH' })
})

test('a message and its receipt go through all the same, both ways', { skip }, async () => {
  const { a, b } = sides
  for (const [from, to, id] of [
    [a, b, 'from-a@no-route.test'],
    [b, a, 'from-b@no-route.test'],
  ] as const) {
    const [sent, took] = await Promise.all([ask(from, { send: id }), ask(to, { take: id })])
    assert.equal(sent['receipted'], id)
    assert.deepEqual(took, { took: id, digest: sent['digest'] })
  }
})
