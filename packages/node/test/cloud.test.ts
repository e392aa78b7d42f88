/** Links by a cloud store: what the corridor file says of them, and the stand-in that a demonstration starts. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { openObjectStore, type StoreFault, storeSettings } from '@corridor/carriers'
import { temporaryHome } from '@corridor/database/testing'
import type { CarriedObject } from '@corridor/exchange'
import { checkCorridor } from '../src/config/corridor.ts'
import { type CorridorNode, readCorridor } from '../src/index.ts'
import { type RunningPlace, startPlace } from '../src/supervisor/place.ts'
import { freePort } from '../src/supervisor/ports.ts'

const place = { id: 'sky', kind: 'cloud', name: 'Cloud of the region', port: 8470 } as const
const [al, xk] = readCorridor('albania-kosovo').nodes as [CorridorNode, CorridorNode]
const home = temporaryHome()
let running: RunningPlace

const start = async (members: readonly CorridorNode[]): Promise<RunningPlace> =>
  startPlace({ place, members, home, port: await freePort(0, new Set()), tell: () => undefined })

before(async () => {
  running = await start([al, xk])
})
after(() => running.stop())

const settingsOf = ({ id }: CorridorNode) => storeSettings(running.addresses.get(id)!)
const carrierOf = (node: CorridorNode) => openObjectStore({ settings: settingsOf(node), party: node.party })

const object = (): CarriedObject => ({
  id: randomBytes(8).toString('hex'),
  sender: al.party,
  addressee: xk.party,
  kind: 'message',
  expiresAt: new Date(Date.now() + 3_600_000),
  bytes: randomBytes(100),
})

test('a link by a cloud store names a place of that kind', () => {
  const file = new URL('../../../corridors/albania-kosovo/corridor.yaml', import.meta.url)
  const given = (kind: string, at: string | null) => {
    const content = parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    content['places'] = {
      sky: { kind: 'cloud', name: 'Cloud', port: 8470 },
      morina: { kind: 'border-database', name: 'Border', port: 8460 },
    }
    content['links'] = [{ between: ['al', 'xk'], kind, agreement: 'al-xk', ...(at !== null && { at }) }]
    return checkCorridor(content, file)
  }
  assert.deepEqual(given('cloud', 'sky').links[0]?.kind, 'cloud')
  for (const [kind, at, message] of [
    ['cloud', 'morina', /there is no place “morina” of kind cloud/],
    ['border-database', 'sky', /there is no place “sky” of kind border-database/],
    ['cloud', 'elsewhere', /there is no place “elsewhere” of kind cloud/],
    ['cloud', null, /a link of kind cloud says where its messages pass/],
    ['clouds', 'sky', /kind/],
  ] as const)
    assert.throws(() => given(kind, at), { code: 'CORRIDOR_FILE', message })
})

test('each linked node has its own credentials; the store is taken away and comes back with what lay there', async () => {
  const [from, to] = [carrierOf(al), carrierOf(xk)]
  try {
    const [one, two] = [object(), object()]
    assert.equal(await from.put(one), 'put')
    await running.takeAway()
    await assert.rejects(from.put(two), (error: StoreFault) => error.code === 'store.unreachable')
    await running.bringBack()
    assert.equal(await from.put(two), 'put')
    const ids = (await to.waiting(10)).map(({ id }) => id)
    assert.deepEqual(ids.toSorted(), [one.id, two.id].toSorted())
    await assert.rejects(
      openObjectStore({ settings: settingsOf(al), party: xk.party }).waiting(1),
      (error: StoreFault) => error.code === 'store.denied',
    )
  } finally {
    await from.close()
    await to.close()
  }
})

test('a next start has the same credentials; a node that no link connects any more is a member no more', async () => {
  const kept = [al, xk].map(settingsOf)
  await running.stop()
  running = await start([al, xk])
  for (const [at, node] of [al, xk].entries()) assert.equal(settingsOf(node).secretAccessKey, kept[at]!.secretAccessKey)
  await running.stop()
  running = await start([al])
  assert.deepEqual([...running.addresses.keys()], [al.id])
  const gone = openObjectStore({
    settings: { ...kept[1]!, endpoint: settingsOf(al).endpoint },
    party: xk.party,
  })
  await assert.rejects(gone.waiting(1), (error: StoreFault) => error.code === 'store.wrong-credentials')
  await gone.close()
})

test('secrets are where only their owner reads them', () => {
  for (const file of [join(al.id, 'sky.secret'), join(xk.id, 'sky.secret'), join('sky', 'owner.secret')])
    assert.equal(statSync(join(home, file)).mode & 0o077, 0)
})
