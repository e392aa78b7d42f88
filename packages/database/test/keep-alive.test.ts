import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { connect } from '../src/index.ts'

const table = '/proc/net/tcp'

/** In how many seconds the keep-alive of a connection to the port is due, as Linux tells; undefined while there is none. */
function keepAliveSeconds(port: number): number | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const fields = readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, , remote, state]) => remote?.endsWith(`:${hex}`) && state === '01')
  const [timer, due] = fields?.[5]?.split(':') ?? []
  return timer === '02' ? Number.parseInt(due ?? '', 16) / 100 : undefined
}

test('a line that is dead without a word is found out within a minute', { skip: !existsSync(table) }, async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const sockets = once(silent, 'connection')
  const db = connect(`postgres://nobody:nothing@127.0.0.1:${port}/none`)
  const asked = db.query('select 1').catch(() => {})
  const [socket] = (await sockets) as [{ destroy(): void }]
  let seconds: number | undefined
  for (let look = 0; look < 100 && seconds === undefined; look++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    seconds = keepAliveSeconds(port)
  }
  assert.ok(seconds !== undefined && seconds <= 30, String(seconds))
  socket.destroy()
  silent.close()
  await asked
  await db.close()
})
