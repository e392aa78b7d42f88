import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { As4Fault } from '../faults.ts'
import { collect } from './pieces.ts'
import { prepareSpool, Spool } from './spool.ts'

const scratch = mkdtempSync(join(tmpdir(), 'as4-spool-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

const WORDS = 'nobody is to read this from the disk '

async function* words(times: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < times; n++) yield Buffer.from(WORDS)
}

test('a file is its owner’s, encrypted on disk, read again as often as one likes, and gone when discarded', async () => {
  const directory = join(scratch, 'made', 'here')
  prepareSpool(directory)
  assert.equal(statSync(directory).mode & 0o777, 0o700)
  const spool = new Spool(directory)
  const [one, two] = [await spool.write(words(5000)), await spool.write(words(5000))]
  const paths = readdirSync(directory).map((name) => join(directory, name))
  const onDisk = paths.map((path) => readFileSync(path))
  assert.deepEqual(
    paths.map((path) => statSync(path).mode & 0o777),
    [0o600, 0o600],
  )
  for (const bytes of onDisk) assert.ok(bytes.length === one.length && !bytes.includes('nobody'))
  // One key for two files would give both away.
  assert.notDeepEqual(onDisk[0], onDisk[1])
  for (const file of [one, two, one]) {
    assert.equal(String(await collect(file.read(), 1e6, 'it')), WORDS.repeat(5000))
  }
  await spool.discard()
  assert.deepEqual(readdirSync(directory), [])
})

test('what ended processes left is removed, what others are writing and what is none of ours stays', () => {
  const directory = mkdtempSync(join(scratch, 'left-'))
  const { pid: ended } = spawnSync(process.execPath, ['-e', ''])
  const nameOf = (pid: number, n: number): string => `as4-${pid}-00000000-0000-4000-8000-00000000000${n}`
  const stays = [nameOf(process.pid, 1), nameOf(process.ppid, 2), 'as4-notes.txt', `${nameOf(ended, 3)}.pdf`]
  const goes = [nameOf(ended, 4), nameOf(process.pid, 5)]
  for (const name of [...stays, ...goes]) writeFileSync(join(directory, name), name)
  // Of an earlier process with our number, as in a container that was started again.
  utimesSync(join(directory, goes[1]!), new Date(0), new Date(0))
  prepareSpool(directory)
  assert.deepEqual(readdirSync(directory).toSorted(), stays.toSorted())
})

test('a directory that cannot be used is a fault that says so', async () => {
  const file = join(scratch, 'file')
  writeFileSync(file, '')
  const isFault = (error: unknown): boolean =>
    error instanceof As4Fault && error.code === 'spool-failed' && (error.cause as { code: string }).code === 'ENOTDIR'
  assert.throws(() => prepareSpool(join(file, 'below')), isFault)
  const spool = new Spool(file)
  await assert.rejects(spool.write(words(1)), isFault)
  await spool.discard()
})
