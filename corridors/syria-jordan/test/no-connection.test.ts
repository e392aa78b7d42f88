// Neither side ever connects to the other: what its processes are connected with while a truck goes from Damascus to Amman. That it also works
// where no route exists is shown by packages/carriers/test/no-route.test.ts.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { StoryDriver } from '@corridor/cli/story'
import { startForTest, type TestCorridor } from '../../albania-kosovo/test/running.ts'

const skip = existsSync('/proc/self/net/tcp') ? false : 'connections of a process are seen in /proc only'
let running: TestCorridor

before(async () => {
  running = await startForTest('syria-jordan')
})

after(() => running.end())

/** Ports that a process has connections with, those of others that connected to it apart; ports that it listens on. */
function connectionsOf(pid: number): { out: Set<number>; listens: Set<number> } {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        // Closed since the list was read.
        return []
      }
    }),
  )
  const rows = ['tcp', 'tcp6'].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/)),
  )
  const portOf = (address = ''): number => Number.parseInt(address.split(':')[1] ?? '', 16)
  const mine = rows.filter((row) => own.has(row[9] ?? ''))
  // 0A: listens. Of a connection whose own end is a port that listens the other end has begun it.
  const listens = new Set(mine.filter((row) => row[3] === '0A').map((row) => portOf(row[1])))
  const begun = mine.filter((row) => row[3] !== '0A' && !listens.has(portOf(row[1])))
  return { out: new Set(begun.map((row) => portOf(row[2]))), listens }
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })
}

test(
  'each node is connected with its own database and the border database, and with nothing of the other',
  { skip },
  async () => {
    const seen = new Map(
      running.nodes.map(({ node }) => [node.id, { out: new Set<number>(), listens: new Set<number>() }]),
    )
    const look = (): void => {
      for (const { node, process } of running.nodes) {
        const { out, listens } = connectionsOf(process.pid!)
        for (const port of out) seen.get(node.id)!.out.add(port)
        for (const port of listens) seen.get(node.id)!.listens.add(port)
      }
    }
    const looking = setInterval(look, 20)
    try {
      const driver = new StoryDriver(running, () => undefined)
      const progress = driver.newProgress()
      await driver.play(progress)
      const { ok, failures } = await driver.result(progress, [])
      assert.deepEqual([ok, failures], [true, []])
      look()
    } finally {
      clearInterval(looking)
    }
    const [border] = running.places
    for (const { node, settings } of running.nodes) {
      const { out, listens } = seen.get(node.id)!
      const expected = [Number(new URL(settings.databaseUrl).port), border!.port]
      assert.deepEqual([...out].toSorted(), expected.toSorted(), node.id)
      assert.deepEqual([...listens], [settings.ports.api], `${node.id} has no door for partners`)
      assert.ok(await refuses(settings.ports.as4), `${node.id}: nothing answers on the port of AS4`)
      assert.ok(settings.partners.every(({ direct }) => direct === null))
    }
  },
)
