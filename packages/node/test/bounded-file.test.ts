import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { boundedFile } from '../src/bounded-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-log-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a file and the one before it hold the last lines, whole, and never grow beyond the limit', () => {
  const path = join(folder, 'node.log')
  const write = boundedFile(path, 1_000)
  for (let n = 0; n < 500; n++) {
    write(`line ${n} ${'x'.repeat(n % 50)}\n`)
    assert.ok(statSync(path).size <= 1_000)
  }
  assert.deepEqual(readdirSync(folder).sort(), ['node.log', 'node.log.1'])
  const lines = `${readFileSync(`${path}.1`, 'utf8')}${readFileSync(path, 'utf8')}`.trimEnd().split('\n')
  const numbers = lines.map((line) => Number(/^line (\d+) x*$/.exec(line)?.[1]))
  assert.equal(numbers.at(-1), 499)
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => 500 - numbers.length + index),
  )
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('what is there already counts, and so does what others append', () => {
  const path = join(folder, 'older.log')
  appendFileSync(path, 'o'.repeat(900))
  const write = boundedFile(path, 1_000)
  write('n'.repeat(200))
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'o'.repeat(900))
  assert.equal(readFileSync(path, 'utf8'), 'n'.repeat(200))
  appendFileSync(path, 'last words')
  write('m')
  assert.equal(readFileSync(path, 'utf8'), `${'n'.repeat(200)}last wordsm`)
})

test('a line that cannot be written is lost, and the next one is not', () => {
  const gone = join(folder, 'gone')
  const write = boundedFile(join(gone, 'node.log'), 1_000)
  write('lost\n')
  mkdirSync(gone)
  write('kept\n')
  assert.equal(readFileSync(join(gone, 'node.log'), 'utf8'), 'kept\n')
})
