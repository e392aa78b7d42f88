import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { connect } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { openSpool, pushServer, restSystem, triggerSystem } from '../src/index.ts'
import { standInOnPush } from '../stand-ins/index.ts'
import { ResultLog } from '../stand-ins/result-log.ts'

test('a stand-in is a process of its own that is told by lines what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-stand-in-'))
  const script = fileURLToPath(new URL('../stand-ins/main.ts', import.meta.url))
  const standIn = spawn(process.execPath, [script, 'rest', join(folder, 'own.json'), 'token'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const lines = createInterface({ input: standIn.stdout })[Symbol.asyncIterator]()
    const next = async (): Promise<Record<string, unknown>> => JSON.parse((await lines.next()).value as string) as never
    const { url } = await next()
    assert.deepEqual(await next(), { ready: 'rest', standIn: true })
    standIn.stdin.write(`${JSON.stringify({ release: 'N-1', document: 'b25l' })}\n`)
    assert.deepEqual(await next(), { released: 'N-1' })
    const system = restSystem({ url: String(url), token: 'token' })
    const [handed] = await system.take(1)
    assert.equal(handed?.declaration, 'N-1')
    await system.give({
      id: 'r',
      declaration: 'N-1',
      kind: 'receipt',
      mediaType: 'text/plain',
      bytes: new Uint8Array([111]),
    })
    standIn.stdin.write('{"results":true}\n')
    assert.deepEqual(await next(), { results: [{ declaration: 'N-1', kind: 'receipt', content: 'bw==' }] })
    standIn.stdin.write('rubbish\n')
    assert.ok('error' in (await next()))
    standIn.stdin.end()
    assert.deepEqual(await once(standIn, 'exit'), [0, null])
  } finally {
    standIn.kill()
    rmSync(folder, { recursive: true })
  }
})

test('what came back is told once, also after a start, and the same under one id is kept once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-results-'))
  try {
    const file = join(folder, 'results')
    const one = { id: 'r 1', declaration: '№ 1', kind: 'CC028C', content: 'b25l' }
    const log = new ResultLog(file)
    assert.deepEqual(log.fresh(), [])
    assert.deepEqual([log.add(one), log.add(one), log.add({ ...one, content: 'dHdv' })], ['new', 'there', 'conflict'])
    const told = log.fresh().map(({ declaration, kind, bytes }) => [declaration, kind, Buffer.from(bytes).toString()])
    assert.deepEqual(told, [['№ 1', 'CC028C', 'one']])
    assert.equal(log.add({ ...one, id: 'r 2' }), 'new')
    const again = new ResultLog(file)
    assert.equal(again.add(one), 'there')
    assert.equal(again.fresh().length, 1)
    assert.deepEqual(again.fresh(), [])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('one that pushes keeps what the gateway did not take yet, and brings it when that is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-push-'))
  const base = await testDatabase()
  const database = connect(base.url)
  try {
    const file = join(folder, 'own.json')
    await standInOnPush(file, 'http://127.0.0.1:1', 'token').release('N/1', Buffer.from('one'))
    const tokenDigest = createHash('sha256').update('token').digest('hex')
    const server = await pushServer(await openSpool(database), { port: 0, tokenDigest, onFault: assert.ifError })
    const system = triggerSystem(database)
    const standIn = standInOnPush(file, `http://127.0.0.1:${server.port}`, 'token')
    await standIn.release('N/1', Buffer.from('two'), 'amended')
    const [first] = await system.take(9)
    assert.deepEqual(
      [first?.declaration, first?.event, Buffer.from(first!.bytes).toString()],
      ['N/1', 'released', 'one'],
    )
    await system.done([first!.id])
    assert.equal((await system.take(9))[0]?.event, 'amended')
    await system.give({ id: 'a/1', declaration: 'N/1', kind: 'receipt', mediaType: 'text/plain', bytes: Buffer.of(33) })
    assert.deepEqual(
      (await standIn.results()).map(({ declaration, kind }) => [declaration, kind]),
      [['N/1', 'receipt']],
    )
    assert.deepEqual(await standIn.results(), [])
    await server.close()
  } finally {
    await database.close()
    await base.drop()
    rmSync(folder, { recursive: true })
  }
})
