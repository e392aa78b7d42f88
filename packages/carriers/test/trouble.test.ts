// What befalls a border database, and what a hostile member puts there.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net'
import { after, afterEach, before, test } from 'node:test'
import { connect, sqlState, startPostgres, type PostgresServer } from '@corridor/database'
import { temporaryHome } from '@corridor/database/testing'
import type { Carrier } from '@corridor/exchange'
import { BorderFault, openBorderDatabase, tidyBorderDatabase } from '../src/index.ts'
import { type Border, iq, jo, makeBorder, object, sy } from './border.ts'

let border: Border
let server: PostgresServer
const home = temporaryHome()
const carriers: Carrier[] = []

before(async () => {
  server = await startPostgres({ home })
  border = await makeBorder(server.adminUrl)
})

afterEach(async () => {
  for (const carrier of carriers.splice(0)) await carrier.close()
})

after(async () => {
  await border.owner.close()
  await server.stop()
})

function carrierOf(party: string, url = border.urlOf(party)): Carrier {
  const carrier = openBorderDatabase({ url, party })
  carriers.push(carrier)
  return carrier
}

const faultIs = (code: string) => (error: unknown) => error instanceof BorderFault && error.code === code

const idsOf = async (carrier: Carrier): Promise<string[]> => (await carrier.waiting(1_000)).map(({ id }) => id)

async function emptied(carrier: Carrier): Promise<void> {
  for (const each of await carrier.waiting(1_000)) await carrier.mark(each, 'refused')
}

test('it is stopped and started again: every call says so meanwhile, nothing is lost, and who listens hears again', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const [one, two] = [object(), object()]
  await from.put(one)
  let heardAgain = () => {}
  const stop = await to.onNew(() => heardAgain())
  const port = Number(new URL(server.adminUrl).port)
  await server.stop()
  await assert.rejects(from.put(two), faultIs('border.unreachable'))
  await assert.rejects(to.waiting(10), faultIs('border.unreachable'))
  await assert.rejects(to.mark(one, 'taken'), faultIs('border.unreachable'))
  // One that begins to listen while it is away.
  let lateHeard = () => {}
  const hearsLate = new Promise<void>((resolve) => (lateHeard = resolve))
  const stopLate = await carrierOf(jo).onNew(() => lateHeard())
  const hears = new Promise<void>((resolve) => (heardAgain = resolve))
  server = await startPostgres({ home, port })
  await Promise.all([hears, hearsLate])
  assert.equal(await from.put(two), 'put')
  assert.deepEqual(await idsOf(to), [one.id, two.id])
  await stop()
  await stopLate()
  await emptied(to)
})

test('it is killed while objects are put: what was answered lies there, what was not is put again once', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const port = Number(new URL(server.adminUrl).port)
  const objects = Array.from({ length: 60 }, () => object({ bytes: randomBytes(20_000) }))
  const answered = new Set<string>()
  let failed = 0
  for (const [at, each] of objects.entries()) {
    if (at === 30) process.kill(server.pid, 'SIGQUIT')
    await from.put(each).then(
      () => answered.add(each.id),
      () => (failed += 1),
    )
  }
  assert.ok(answered.size >= 30 && failed > 0, `${answered.size} answered, ${failed} failed`)
  await server.stop()
  server = await startPostgres({ home, port })
  const there = new Set(await idsOf(to))
  for (const id of answered) assert.ok(there.has(id), id)
  for (const each of objects) assert.ok(['put', 'there'].includes(await from.put(each)))
  assert.deepEqual((await idsOf(to)).toSorted(), objects.map(({ id }) => id).toSorted())
  await emptied(to)
})

test('the connection is cut in the middle of a put, on the way there and on the way back: put again, it is there once', async () => {
  const proxy = await cuttingProxy(Number(new URL(border.urlOf(sy)).port))
  try {
    const url = new URL(border.urlOf(sy))
    url.port = String(proxy.port)
    const [from, to] = [carrierOf(sy, url.href), carrierOf(jo)]
    await from.put(object())
    await emptied(to)
    for (const [way, answer] of [
      ['there', 'put'],
      ['back', 'there'],
    ] as const) {
      const one = object({ bytes: randomBytes(1_000_000) })
      proxy.cut(way)
      await assert.rejects(from.put(one), faultIs('border.unreachable'), way)
      await border.owner.query('select 1')
      assert.equal(await from.put(one), answer, way)
      assert.deepEqual(await idsOf(to), [one.id])
      await emptied(to)
    }
  } finally {
    proxy.close()
  }
})

/** A way to the server that can be cut once: in the middle of what goes there, or when all of it is there and the answer comes. */
async function cuttingProxy(port: number): Promise<{ port: number; cut(way: 'there' | 'back'): void; close(): void }> {
  let next: 'there' | 'back' | undefined
  const sockets = new Set<Socket>()
  const listening = createServer((client) => {
    const upstream = connectTcp(port, '127.0.0.1')
    let passed = 0
    const end = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const each of [client, upstream]) {
      sockets.add(each)
      each.on('error', end)
      each.on('close', end)
    }
    client.on('data', (chunk) => {
      passed += chunk.length
      if (next === 'there' && passed > 200_000) {
        next = undefined
        return end()
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (next === 'back' && passed > 1_000_000) {
        next = undefined
        return end()
      }
      client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return {
    port: (listening.address() as AddressInfo).port,
    cut: (way) => (next = way),
    close() {
      listening.close()
      for (const each of sockets) each.destroy()
    },
  }
}

test('a full quota of one pair keeps neither others from putting nor its sender from putting for others, and room comes with what is taken', async () => {
  await border.prepare({ limits: { waitingObjects: 5 } })
  const [from, to, third] = [carrierOf(sy), carrierOf(jo), carrierOf(iq)]
  const five = Array.from({ length: 5 }, () => object())
  for (const each of five) await from.put(each)
  // Side by side, from two processes: not one too many gets in.
  const other = carrierOf(sy)
  const more = await Promise.allSettled([from, other, from, other].map((carrier) => carrier.put(object())))
  assert.ok(more.every((each) => each.status === 'rejected' && faultIs('border.full')(each.reason)))
  assert.equal(await third.put(object({ sender: iq })), 'put')
  // Nor what the same sender has for somebody else.
  for (let at = 0; at < 5; at++) assert.equal(await from.put(object({ addressee: iq })), 'put')
  await assert.rejects(from.put(object({ addressee: iq })), faultIs('border.full'))
  await emptied(third)
  for (const each of await to.waiting(2)) await to.mark(each, 'taken')
  assert.equal(await from.put(object()), 'put')
  await emptied(to)
  await border.prepare({ limits: { waitingObjects: 10_000 } })
})

test('what a hostile member can put does not stop the reader: odd ids, times and kinds are refused, the rest is read in turn', async () => {
  const hostile = connect(border.urlOf(iq), { max: 1 })
  const tried = async (id: string, kind: string, expires: string, bytes: string): Promise<unknown> => {
    const values = [id, jo, kind, expires, Buffer.from(bytes)]
    return hostile.query('select border.put($1, $2, $3, $4::timestamptz, $5) as outcome', values).catch(sqlState)
  }
  const soon = new Date(Date.now() + 3_600_000).toISOString()
  try {
    for (const id of ['', 'with space', 'tab\t', 'ä', '\u202e', 'x'.repeat(256), "'; drop table border.object; --"])
      assert.equal(await tried(id, 'message', soon, 'x'), '23514', JSON.stringify(id))
    assert.equal(await tried('nul\0', 'message', soon, 'x'), '22021')
    for (const time of ['infinity', '-infinity', '0044-03-15 BC', '9999-01-01', '294276-12-31'])
      assert.equal(await tried('time', 'message', time, 'x'), 'CB003', time)
    for (const kind of ['', 'MESSAGE', 'x'.repeat(10_000)]) assert.equal(await tried('kind', kind, soon, 'x'), '23514')
    assert.equal(await tried('none', 'message', soon, ''), '23514', 'no bytes')
    const nulls = await hostile.query('select border.put(null, null, null, null, null)').catch(sqlState)
    assert.equal(nulls, 'CB004')
    for (let at = 0; at < 50; at += 1)
      assert.deepEqual(await tried(`rubbish-${at}`, 'message', soon, `${at}`), [{ outcome: 'put' }])
  } finally {
    await hostile.close()
  }
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const one = object()
  await from.put(one)
  assert.ok(
    (await to.waiting(2)).some(({ id }) => id === one.id),
    'fifty of another sender are before it, and it is seen',
  )
  await emptied(to)
})

test('clocks: one that is hours off does no harm; one that is days off is told, and nothing is removed too early', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000)
  const behind = object({ expiresAt: inHours(-20) })
  assert.equal(await from.put(behind), 'put')
  const { expired } = await tidyBorderDatabase(border.ownerUrl)
  assert.equal(expired, 0)
  assert.deepEqual(await idsOf(to), [behind.id], 'whether it has expired is for the addressee to say, by its own clock')
  await assert.rejects(from.put(object({ expiresAt: inHours(-25) })), (error: Error) => {
    assert.match(error.message, /border\.expiry.*Mend the clock/s)
    return true
  })
  await emptied(to)
})

test('a sender that holds a transaction open holds up nobody but itself', async () => {
  const hanging = connect(border.urlOf(iq), { max: 1, idleInTransactionTimeoutMs: 20_000 })
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const before = object({ sender: iq })
  await carrierOf(iq).put(before)
  try {
    await hanging.transaction(async (tx) => {
      await tx.query(`select border.put('hangs', '${jo}', 'message', now() + interval '1 hour', 'x')`)
      await from.put(object())
      for (const each of await to.waiting(10)) await to.mark(each, 'taken')
      assert.deepEqual(await idsOf(to), [])
      await border.prepare({})
      assert.equal((await tidyBorderDatabase(border.ownerUrl)).ended, 0)
    })
  } finally {
    await hanging.close()
  }
  assert.deepEqual(await idsOf(to), ['hangs'])
  await emptied(to)
})
