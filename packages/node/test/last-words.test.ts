import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'corridor-last-words-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const module = (name: string): string => JSON.stringify(new URL(`../src/${name}`, import.meta.url).href)

test('a process that dies of an error tells where it was, and nothing of what the error quotes', () => {
  const crashes = {
    thrown: `setTimeout(() => JSON.parse('KANARINA7'))`,
    rejected: `Promise.reject(new Error('no <name>KANARINA7</name> -----BEGIN PRIVATE KEY-----'))`,
    'no error': `setTimeout(() => { throw 'KANARINA7' })`,
  }
  for (const [what, crash] of Object.entries(crashes)) {
    const file = join(folder, 'node.log')
    rmSync(file, { force: true })
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { boundedFile } from ${module('bounded-file.ts')}
         import { jsonLog } from ${module('log.ts')}
         import { tellLastWords } from ${module('last-words.ts')}
         tellLastWords(jsonLog(boundedFile(${JSON.stringify(file)}, 10_000), { now: () => new Date(0), aheadMs: 0 }, 'al'))
         ${crash}`,
      ],
      { encoding: 'utf8' },
    )
    assert.equal(status, 1, what)
    const log = readFileSync(file, 'utf8')
    const line = JSON.parse(log) as { time: string; level: string; node: string; text: string; fields: unknown }
    assert.deepEqual(
      { ...line, fields: {} },
      { time: '1970-01-01T00:00:00.000Z', level: 'error', node: 'al', text: 'node.fault', fields: {} },
    )
    for (const text of [stdout, stderr, log]) assert.doesNotMatch(text, /KANARINA7|PRIVATE KEY/, what)
  }
})
