import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { restSystem } from '../src/index.ts'

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
