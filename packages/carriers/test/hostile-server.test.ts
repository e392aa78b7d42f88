// A border database that is not what it should be: its operator is neither side, and a side must not fall with it.
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { afterEach, test } from 'node:test'
import type { Carrier } from '@corridor/exchange'
import { BorderFault, openBorderDatabase } from '../src/index.ts'
import { begin, columns, type HostileServer, hostileServer, row, say } from './hostile-server.ts'

const [text, int8, timestamptz, bytea] = [25, 20, 1184, 17]
const shown = columns({
  sender: text,
  id: text,
  addressee: text,
  kind: text,
  expiresAt: timestamptz,
  size: int8,
  bytes: bytea,
})
const party = 'JO.CUSTOMS'
const opened: { server: HostileServer; carrier: Carrier }[] = []

afterEach(async () => {
  for (const { server, carrier } of opened.splice(0)) {
    await server.close()
    await carrier.close()
  }
})

/** @param waiting what it answers when it is asked what waits */
async function facing(waiting: (socket: Socket) => void | 'silence', more = {}): Promise<Carrier> {
  const server = await hostileServer((statement, socket) => {
    if (statement.includes('border.party'))
      socket.write(Buffer.concat([columns({ party: text }), row(party), say('C', 'SELECT 1\0')]))
    else if (statement.includes('border.waiting')) return waiting(socket)
    else socket.write(Buffer.concat([columns({ mark: text }), row('t'), say('C', 'SELECT 1\0')]))
    return undefined
  })
  const sizes = { largestObjectBytes: 10_000, mostBytesAtOnce: 20_000 }
  const carrier = openBorderDatabase({ url: server.url, party, ...sizes, ...more })
  opened.push({ server, carrier })
  return carrier
}

const isBroken = (error: unknown) => error instanceof BorderFault && error.code === 'border.broken-answer'

const waitingRow = (
  change: Partial<Record<'sender' | 'id' | 'addressee' | 'kind' | 'expires' | 'bytes', string>> = {},
) => {
  const given = { sender: 'SY.CUSTOMS', id: 'a@sy', addressee: party, kind: 'message', bytes: '\\x3030', ...change }
  const expires = change.expires ?? '2030-01-01 00:00:00+00'
  return row(given.sender, given.id, given.addressee, given.kind, expires, '2', given.bytes)
}

test('a row without end is not read: the connection ends, and the call says why', async () => {
  const taken: number[] = []
  const carrier = await facing((socket) => {
    socket.write(Buffer.concat([shown, begin('D', 0x7fff_fff0)]))
    const more = (): void => {
      if (!socket.destroyed) socket.write(Buffer.alloc(1_000_000), () => setImmediate(more))
    }
    socket.on('close', () => taken.push(socket.bytesWritten))
    more()
  })
  await assert.rejects(carrier.waiting(64), isBroken)
  // And again: each call has a connection of its own to lose.
  await assert.rejects(carrier.waiting(64), isBroken)
  assert.ok(process.memoryUsage().arrayBuffers < 200_000_000)
})

test('rows without end, each of them small, and a text of any length in one', async () => {
  const many = await facing((socket) => {
    socket.write(shown)
    const some = Buffer.concat(Array.from({ length: 500 }, () => waitingRow()))
    const more = (): void => {
      if (!socket.destroyed) socket.write(some, () => setImmediate(more))
    }
    more()
  })
  await assert.rejects(many.waiting(64), isBroken)
  const long = await facing((socket) => {
    socket.write(Buffer.concat([shown, waitingRow({ id: 'x'.repeat(20_000_000) }), say('C', 'SELECT 1\0')]))
  })
  await assert.rejects(long.waiting(64), isBroken)
})

test('more rows than were asked for, an error without end', async () => {
  const more = await facing((socket) => {
    const rows = Array.from({ length: 65 }, () => waitingRow())
    socket.write(Buffer.concat([shown, ...rows, say('C', 'SELECT 65\0')]))
  })
  await assert.rejects(more.waiting(64), isBroken)
  const error = await facing((socket) => {
    socket.write(begin('E', 1_000_000_000))
  })
  await assert.rejects(error.waiting(64), isBroken)
})

test('rows that are no objects are refused, and one that is none for ever is left after some rounds', async () => {
  let asked = 0
  const carrier = await facing((socket) => {
    asked += 1
    const rows = [
      waitingRow({ sender: 'SY CUSTOMS' }),
      waitingRow({ sender: 'x'.repeat(101) }),
      waitingRow({ id: '' }),
      row(null, null, null, null, null, null, null),
      waitingRow({ id: 'ä' }),
      waitingRow({ id: 'x'.repeat(256) }),
      waitingRow({ addressee: 'IQ.CUSTOMS' }),
      waitingRow({ kind: 'letter' }),
      waitingRow({ expires: 'infinity' }),
      waitingRow({ bytes: '\\x' }),
      waitingRow({ bytes: `\\x${'30'.repeat(10_001)}` }),
    ]
    socket.write(Buffer.concat([shown, ...rows, say('C', 'SELECT 11\0')]))
  })
  assert.deepEqual(await carrier.waiting(64), [])
  assert.equal(asked, 20)
})

test('a server that says nothing more is given up', async () => {
  const carrier = await facing(() => 'silence', { answerTimeoutMs: 200 })
  await assert.rejects(
    carrier.waiting(64),
    (error: unknown) => error instanceof BorderFault && error.code === 'border.unreachable',
  )
})
