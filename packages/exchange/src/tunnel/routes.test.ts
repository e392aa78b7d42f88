import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeldBack, routeTo } from './routes.ts'
import { whyNotBy } from './tunnel.ts'

const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT'
const route = (iface: string, destination: string, mask: string, metric = 0, flags = '0001') =>
  `${iface}\t${destination}\t00000000\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0`
/** 10.99.0.2 as the kernel writes it. */
const peer = '0200630A'
const table = (...routes: string[]) =>
  [head, route('eth0', '00000000', '00000000', 0, '0003'), ...routes, ''].join('\n')
const tunnel = { local: '10.99.0.1', peer: '10.99.0.2' }

test('the longest prefix counts, then the lowest metric, and only routes that are up', () => {
  const cases: [string[], string][] = [
    [[], 'eth0'],
    [[route('wg0', peer, 'FFFFFFFF')], 'wg0'],
    [[route('eth1', '0000630A', '00FFFFFF'), route('wg0', peer, 'FFFFFFFF')], 'wg0'],
    [[route('eth1', '0000630A', '00FFFFFF')], 'eth1'],
    [[route('eth1', '0100630A', 'FFFFFFFF')], 'eth0'],
    [[route('*', peer, 'FFFFFFFF', 4294967295, '0201'), route('wg0', peer, 'FFFFFFFF')], 'wg0'],
    [[route('*', peer, 'FFFFFFFF', 4294967295, '0201')], 'none'],
    [[route('lo', peer, 'FFFFFFFF', 0, '0201')], 'none'],
    [[route('*', peer, 'FFFFFFFF')], 'none'],
    [[route('wg0', peer, 'FFFFFFFF', 0, '0000')], 'eth0'],
  ]
  for (const [routes, by] of cases) assert.equal(routeTo(table(...routes), tunnel.peer), by, routes.join('\n'))
  assert.equal(routeTo(`${head}\n`, tunnel.peer), 'none')
})

test('what keeps the peer from any other way is seen also while the tunnel is up', () => {
  const own = route('wg0', peer, 'FFFFFFFF')
  assert.equal(isHeldBack(table(own), tunnel.peer), false)
  assert.equal(isHeldBack(table(own, route('*', peer, 'FFFFFFFF', 4294967295, '0201')), tunnel.peer), true)
  assert.equal(isHeldBack(table(own, route('*', '0300630A', 'FFFFFFFF', 4294967295, '0201')), tunnel.peer), false)
})

test('only a way that begins and leaves at the tunnel is one', () => {
  const inside = { at: 'wg0', kind: 'tunnel', by: 'wg0' } as const
  assert.equal(whyNotBy(tunnel, inside), undefined)
  assert.equal(whyNotBy(tunnel, { ...inside, kind: 'unknown', by: null }), undefined)
  assert.match(whyNotBy(tunnel, { ...inside, at: null })!, /does not have 10\.99\.0\.1/)
  assert.match(whyNotBy(tunnel, { ...inside, by: 'eth0' })!, /10\.99\.0\.2 would be reached by eth0.*wg0/)
  assert.match(whyNotBy(tunnel, { ...inside, by: 'none' })!, /no route leads to 10\.99\.0\.2/)
  assert.match(whyNotBy(tunnel, { at: 'eth0', kind: 'other', by: 'eth0' })!, /at eth0, which is no tunnel/)
})
