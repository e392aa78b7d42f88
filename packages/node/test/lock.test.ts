import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { takeHome } from '../src/supervisor/lock.ts'

const home = mkdtempSync(join(tmpdir(), 'corridor-lock-'))
const file = join(home, 'supervisor.pid')
after(() => rmSync(home, { recursive: true, force: true }))
beforeEach(() => rmSync(file, { force: true }))

test('a home is taken and given back, and nothing else stays', () => {
  const giveBack = takeHome(home)
  assert.ok(existsSync(file))
  assert.throws(() => takeHome(home), { code: 'ALREADY_RUNS' })
  giveBack()
  assert.deepEqual(readdirSync(home), [])
})

test('the lock of a process that is dead, of none at all, or that had our own number is taken over', () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  for (const left of [String(dead), '', 'nonsense', String(process.pid)]) {
    writeFileSync(file, left)
    takeHome(home)()
    assert.deepEqual(readdirSync(home), [], `after “${left}”`)
  }
})

test('of many that start at the same moment over a dead lock, one gets the home', async () => {
  const program = `
    const { takeHome } = await import(${JSON.stringify(new URL('../src/supervisor/lock.ts', import.meta.url).href)})
    process.stdin.once('data', () => {
      try { takeHome(${JSON.stringify(home)}); console.log('taken') } catch (error) { console.log(error.code) }
    })
    console.log('ready')`
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const children = Array.from({ length: 5 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  try {
    await Promise.all(children.map((child) => once(child.stdout, 'data')))
    writeFileSync(file, String(dead))
    const answers = children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim())
    for (const child of children) child.stdin.write('go\n')
    const said = (await Promise.all(answers)).toSorted()
    assert.deepEqual(said, ['ALREADY_RUNS', 'ALREADY_RUNS', 'ALREADY_RUNS', 'ALREADY_RUNS', 'taken'])
  } finally {
    for (const child of children) child.kill()
  }
})
