/** What the supervisor keeps running: a stand-in that dies is started again, and one that cannot be made says so. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { restSystem } from '@corridor/connectors'
import type { Corridor, CorridorNode } from '../src/config/corridor.ts'
import { startChild, tell } from '../src/supervisor/child.ts'
import { choosePorts, type PortsByNode } from '../src/supervisor/make.ts'
import { freePort } from '../src/supervisor/ports.ts'
import { startStandIn, type StandInProcess } from '../src/supervisor/stand-in-process.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'corridor-processes-'))
})
after(() => rmSync(folder, { recursive: true }))

const parts = (told: string[], onRestart: (id: string) => void = () => undefined) => ({
  id: 'al',
  log: join(folder, 'national.log'),
  told,
  onRestart,
})

const kill = (running: StandInProcess): boolean => process.kill(running.pid!, 'SIGKILL')

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!isSo()) {
    assert.ok(performance.now() < deadline, 'it did not come to be')
    await pause(20)
  }
}

test('a stand-in that is killed is started again where it was, with what it had; who asks waits for it', async () => {
  const restarts: string[] = []
  const port = await freePort(0, new Set())
  const running = await startStandIn(
    parts(['rest', join(folder, 'own.json'), 'token', String(port)], (id) => restarts.push(id)),
  )
  try {
    await running.ask({ release: 'N-1', document: 'b25l' })
    const first = running.pid
    for (const times of [1, 2, 3]) {
      kill(running)
      await until(() => restarts.length === times)
      await running.ask({ release: `N-1${times}`, document: 'b25l' })
    }
    assert.notEqual(running.pid, first)
    assert.deepEqual(restarts, ['al', 'al', 'al'])
    const system = restSystem({ url: `http://127.0.0.1:${port}`, token: 'token' })
    const handed = await system.take(10)
    assert.deepEqual(
      handed.map(({ declaration }) => declaration),
      ['N-1', 'N-11', 'N-12', 'N-13'],
    )
  } finally {
    await running.stop()
  }
  assert.equal(running.pid, undefined)
  await assert.rejects(running.ask({ results: true }), { code: 'NODE_FAILED', message: /it is stopped/ })
  assert.equal(restarts.length, 3, 'one that is stopped is not started again')
})

test('who had asked one that dies hears of it, and the next one is answered', async () => {
  const running = await startStandIn(parts(['files', join(folder, 'files')]))
  try {
    const asked = running.ask({ results: true })
    kill(running)
    await Promise.allSettled([asked])
    assert.deepEqual(await running.ask({ results: true }), { results: [] })
    await assert.rejects(
      running.ask({ nothing: 1 }),
      /the stand-in for the national system of al: say release or results/,
    )
  } finally {
    await running.stop()
  }
})

test('a stand-in that cannot start is a fault, and stays away', async () => {
  const restarts: string[] = []
  await assert.rejects(startStandIn(parts(['nothing'], (id) => restarts.push(id))), { code: 'NODE_FAILED' })
  assert.match(readFileSync(join(folder, 'national.log'), 'utf8'), /say database URL, files FOLDER, rest/)
  await pause(300)
  assert.deepEqual(restarts, [])
})

test('where no process can be made a node and a stand-in say so, and the supervisor goes on', async () => {
  const { execPath } = process
  process.execPath = join(folder, 'no-such-program')
  try {
    await assert.rejects(
      startChild('al', join(folder, 'settings.json'), join(folder, 'node.log'), () => undefined),
      /the process of node al could not be started \(spawn .*ENOENT\); its log is /,
    )
    await assert.rejects(startStandIn(parts(['files', folder])), { code: 'NODE_FAILED', message: /ENOENT/ })
  } finally {
    process.execPath = execPath
  }
})

test('a node that says nothing to a change is not waited for without end', async () => {
  const file = join(folder, 'silent.mjs')
  writeFileSync(file, "process.on('message', () => {})")
  const silent = fork(file)
  try {
    const told = tell(silent, { reload: true }, () => undefined, 200)
    await assert.rejects(told, { message: 'it has said nothing for 0.2 seconds' })
    assert.deepEqual([silent.listenerCount('message'), silent.listenerCount('exit')], [0, 0])
  } finally {
    silent.kill('SIGKILL')
  }
})

test('the ports of who is not in a file stay known for when it is back', async () => {
  const of = (...ids: string[]) => ({ nodes: ids.map((id) => ({ id }) as CorridorNode) }) as Corridor
  const both = await choosePorts(of('al', 'xk'), folder, true, () => undefined)
  await choosePorts(of('al'), folder, true, () => undefined, { al: both['al']! })
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')) as PortsByNode, both)
})
