import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { BorderFault, openBorderDatabase } from '@corridor/carriers'
import { temporaryHome } from '@corridor/database/testing'
import type { CarriedObject } from '@corridor/exchange'
import { type CorridorNode, readCorridor } from '../src/index.ts'
import { type RunningPlace, startPlace } from '../src/supervisor/place.ts'
import { freePort } from '../src/supervisor/ports.ts'

const place = { id: 'morina', kind: 'border-database', name: 'Border database Morina', port: 8460 } as const
const nodes = readCorridor('albania-kosovo').nodes
const [al, xk] = nodes as [CorridorNode, CorridorNode]
const home = temporaryHome()
let running: RunningPlace

const start = async (members: readonly CorridorNode[]): Promise<RunningPlace> =>
  startPlace({ place, members, home, port: await freePort(0, new Set()), tell: () => undefined })

before(async () => {
  running = await start([al, xk])
})

after(() => running.stop())

const carrierOf = ({ id, party }: CorridorNode) => openBorderDatabase({ url: running.addresses.get(id)!, party })

const object = (): CarriedObject => ({
  id: randomBytes(8).toString('hex'),
  sender: al.party,
  addressee: xk.party,
  kind: 'message',
  expiresAt: new Date(Date.now() + 3_600_000),
  bytes: randomBytes(100),
})

test('a border database of a demonstration: each linked node has its own role; it is taken away and comes back with what lay there', async () => {
  const [from, to] = [carrierOf(al), carrierOf(xk)]
  try {
    const [one, two] = [object(), object()]
    assert.equal(await from.put(one), 'put')
    await running.takeAway()
    await assert.rejects(from.put(two), (error: BorderFault) => error.code === 'border.unreachable')
    await running.bringBack()
    assert.equal(await from.put(two), 'put')
    assert.deepEqual(
      (await to.waiting(10)).map(({ id }) => id),
      [one.id, two.id],
    )
  } finally {
    await from.close()
    await to.close()
  }
})

test('a next start has the same roles and passwords; a node that no link connects any more is a member no more', async () => {
  const before = new Map(running.addresses)
  await running.stop()
  running = await start([al, xk])
  const same = (url: string | undefined) => ({ ...pick(new URL(url!)) })
  for (const { id } of [al, xk]) assert.deepEqual(same(running.addresses.get(id)), same(before.get(id)))
  const left = running.addresses.get(xk.id)!
  await running.stop()
  running = await start([al])
  assert.deepEqual([...running.addresses.keys()], [al.id])
  const url = new URL(left)
  url.port = String(running.port)
  const gone = openBorderDatabase({ url: url.href, party: xk.party })
  await assert.rejects(gone.waiting(1), (error: BorderFault) => error.code === 'border.wrong-password')
  await gone.close()
})

const pick = ({ username, password, pathname }: URL) => ({ username, password, pathname })

test('passwords are where only their owner reads them', () => {
  for (const [folder, file] of [
    [al.id, 'morina.secret'],
    [xk.id, 'morina.secret'],
    ['morina', 'owner.secret'],
  ] as const) {
    assert.ok(readdirSync(join(home, folder)).includes(file))
    assert.equal(statSync(join(home, folder, file)).mode & 0o077, 0)
  }
})
