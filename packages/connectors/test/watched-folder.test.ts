import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { folderSystem, type FolderOptions, pump, readFileName } from '../src/index.ts'
import { readOwn, writeWhole } from '../src/watched-folder/files.ts'

let folder: string
let clock: number
let serial: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corridor-folder-'))
  clock = Date.UTC(2026, 10, 30, 12)
  serial = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (more: Partial<FolderOptions> = {}) =>
  folderSystem({ folder, now: () => new Date(clock), unique: () => `u${++serial}`, ...more })
const leave = (name: string, text: string, ageMs = 0): void => {
  mkdirSync(join(folder, 'out'), { recursive: true })
  writeFileSync(join(folder, 'out', `.${name}.part`), text)
  utimesSync(join(folder, 'out', `.${name}.part`), new Date(clock - ageMs), new Date(clock - ageMs))
  renameSync(join(folder, 'out', `.${name}.part`), join(folder, 'out', name))
}
const list = (part: string): string[] => readdirSync(join(folder, part)).toSorted()
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const reportIn = (part: string, name: string): Record<string, unknown> => {
  const file = list(part).find((each) => each.endsWith(`--${name}.report.json`))
  return JSON.parse(readFileSync(join(folder, part, file ?? ''), 'utf8')) as Record<string, unknown>
}

test('the name of a file says which declaration, which version, what happened', () => {
  assert.deepEqual(readFileName('E-4711.txt'), { declaration: 'E-4711', version: '', event: 'released' })
  assert.deepEqual(readFileName('E-4711~3.cancelled.txt'), { declaration: 'E-4711', version: '3', event: 'cancelled' })
  assert.deepEqual(readFileName('2026 SZ.4711.xml'), { declaration: '2026 SZ.4711', version: '', event: 'released' })
  for (const name of ['E-1~2.CANCELLED.TXT', 'E-1~2.cancelled'])
    assert.deepEqual(readFileName(name), { declaration: 'E-1', version: '2', event: 'cancelled' })
  assert.equal(readFileName('2026.SZ.xml').declaration, '2026.SZ')
  assert.deepEqual(readFileName('plain'), { declaration: 'plain', version: '', event: 'released' })
})

test('whole files are taken, files that are being written are left alone', async () => {
  const system = await open()
  leave('E-1.txt', 'one')
  for (const name of ['.E-2.txt', 'E-3.txt.part', 'E-4.tmp']) writeFileSync(join(folder, 'out', name), 'half')
  assert.deepEqual(
    (await system.take(10)).map(({ declaration, bytes }) => [declaration, textOf(bytes)]),
    [['E-1', 'one']],
  )
  assert.deepEqual(list('out'), ['.E-2.txt', 'E-3.txt.part', 'E-4.tmp'])
})

test('of a system that cannot rename a file is taken when it has not changed for a while', async () => {
  const system = await open({ whole: 'quiet', quietMs: 1_000 })
  const path = join(folder, 'out', 'E-1.txt')
  writeFileSync(path, 'on')
  assert.deepEqual(await system.take(10), [])
  clock += 1_500
  writeFileSync(path, 'one')
  assert.deepEqual(await system.take(10), [])
  clock += 500
  assert.deepEqual(await system.take(10), [])
  clock += 600
  assert.deepEqual(
    (await system.take(10)).map(({ bytes }) => textOf(bytes)),
    ['one'],
  )
})

test('of one declaration one file at a time, by its version; others do not wait', async () => {
  const system = await open()
  leave('E-1~10.txt', 'ten')
  leave('E-1~2.cancelled.txt', 'two', 5)
  leave('E-1.txt', 'one', 9)
  leave('E-2.txt', 'other')
  const first = await system.take(10)
  assert.deepEqual(
    first.map(({ bytes }) => textOf(bytes)),
    ['one', 'other'],
  )
  assert.deepEqual(await system.take(10), [])
  await system.done(first.map(({ id }) => id))
  const [second] = await system.take(10)
  assert.deepEqual([textOf(second!.bytes), second?.event], ['two', 'cancelled'])
  await system.setAside(second!.id, [])
  assert.deepEqual(
    (await system.take(10)).map(({ bytes }) => textOf(bytes)),
    ['ten'],
  )
})

test('two dashes in a name are of the name; a long backlog is picked up in rounds, none of it twice', async () => {
  const system = await open()
  leave('A--1~2.txt', 'second')
  leave('A--1~10.txt', 'tenth')
  for (let number = 0; number < 600; number++) writeFileSync(join(folder, 'out', `E-${number}.txt`), String(number))
  const taken: string[] = []
  for (;;) {
    const handed = await system.take(100)
    if (handed.length === 0) break
    for (const { declaration, bytes } of handed) taken.push(declaration === 'A--1' ? textOf(bytes) : declaration)
    await system.done(handed.map(({ id }) => id))
  }
  assert.equal(taken.length, 602)
  assert.equal(new Set(taken).size, 602)
  assert.ok(taken.indexOf('second') < taken.indexOf('tenth'))
})

test('a file that is done lies in done with its report; the same content again is told and not handed', async () => {
  const system = await open()
  leave('E-1.txt', 'one')
  const [handed] = await system.take(1)
  await system.done([handed!.id])
  assert.deepEqual(reportIn('done', 'E-1.txt'), { file: 'E-1.txt', at: '2026-11-30T12:00:00.000Z', id: handed?.id })
  leave('E-1.txt', 'one')
  leave('E-1.xml', 'one')
  assert.deepEqual(await system.take(10), [])
  assert.equal(reportIn('done', 'E-1.xml')['again'], true)
  assert.equal(list('done').filter((name) => !name.endsWith('.json')).length, 3)
  leave('E-1.txt', 'one, mended')
  assert.equal((await system.take(10)).length, 1)
})

test('the same twice at the same time takes effect once', async () => {
  const system = await open()
  leave('E-1.txt', 'same')
  leave('E-1.xml', 'same')
  const first = await system.take(10)
  assert.equal(first.length, 1)
  await system.done([first[0]!.id])
  assert.deepEqual(await system.take(10), [])
  assert.equal(list('taking').length, 0)
})

test('the same bytes as a cancellation, as a later version and of another number are things of their own', async () => {
  const system = await open()
  const names = ['E-1.txt', 'E-1~1.txt', 'E-1~2.cancelled.txt', 'E-1~3.txt', 'E-2.txt']
  for (const name of names) leave(name, 'same')
  const seen: string[] = []
  const ids = new Set<string>()
  for (let round = 0; round < 5; round++)
    for (const { id, declaration, event } of await system.take(10)) {
      seen.push(`${declaration} ${event}`)
      ids.add(id)
      await system.done([id])
    }
  assert.deepEqual(seen, ['E-1 released', 'E-2 released', 'E-1 released', 'E-1 cancelled', 'E-1 released'])
  assert.equal(ids.size, 5)
})

test('what happened by a word that nobody knows is set aside and never accepted', async () => {
  const system = await open()
  leave('E-1.canceled.txt', 'one')
  const counts = await pump(system, async () => assert.fail('accepted'), 10)
  assert.deepEqual(counts, { accepted: 0, again: 0, setAside: 1 })
  const [wrong] = reportIn('refused', 'E-1.canceled.txt')['wrong'] as Record<string, string>[]
  assert.deepEqual([wrong?.['place'], wrong?.['value']], ['event', 'canceled'])
  assert.match(wrong!['remedy']!, /released, amended, cancelled/)
})

test('a file that cannot be read, or has too long a name, is refused and the others go on', async () => {
  const system = await open()
  const long = `E-${'9'.repeat(240)}.txt`
  writeFileSync(join(folder, 'out', long), 'long')
  leave('E-1.txt', 'secret')
  chmodSync(join(folder, 'out', 'E-1.txt'), 0)
  leave('E-2.txt', 'good')
  // Whoever may do everything reads everything: the test steps down for a moment.
  const isRoot = process.geteuid?.() === 0
  for (const part of isRoot ? ['', ...list('')] : []) chownSync(join(folder, part), 65_534, 65_534)
  if (isRoot) chmodSync(join(folder, 'out', 'E-2.txt'), 0o644)
  if (isRoot) process.seteuid!(65_534)
  try {
    const handed = await system.take(10)
    assert.deepEqual(
      handed.map(({ declaration }) => declaration),
      ['E-2'],
    )
  } finally {
    if (isRoot) process.seteuid!(0)
  }
  assert.match(JSON.stringify(reportIn('refused', 'E-1.txt')), /unreadable.*EACCES/)
  const name = list('refused').find((each) => each.includes('--E-99') && each.endsWith('.report.json'))
  const report = JSON.parse(readFileSync(join(folder, 'refused', name!), 'utf8')) as Record<string, unknown>
  assert.equal(report['file'], long)
  assert.deepEqual(list('out'), [])
})

test('what others put in the way is not written through, and links are not read', async () => {
  await open()
  const [own, victim] = [join(folder, 'in', 'a.txt'), join(folder, 'victim')]
  writeFileSync(victim, 'whole')
  symlinkSync(victim, join(folder, 'in', '.a.txt.part'))
  symlinkSync(victim, own)
  await assert.rejects(readOwn(own, 100), { code: 'ELOOP' })
  await writeWhole(own, 'mine')
  assert.deepEqual(
    [victim, own].map((path) => readFileSync(path, 'utf8')),
    ['whole', 'mine'],
  )
  assert.equal(statSync(own).mode & 0o007, 0)
  assert.deepEqual(list('in'), ['.a.txt.part', 'a.txt'])
})

test('what is wrong lies in refused with place, value and remedy, and holds up nothing; mended it is handed again', async () => {
  const system = await open({ limitBytes: 100 })
  leave('E-1.txt', 'rubbish')
  leave('E-2.txt', 'x'.repeat(101))
  leave('E-3.txt', 'good')
  const handed = await system.take(10)
  assert.deepEqual(
    handed.map(({ declaration }) => declaration),
    ['E-1', 'E-3'],
  )
  const wrong = [{ rule: 'root', place: '/', value: 'rubbish', text: 'It is nothing.', remedy: 'Write it again.' }]
  await system.setAside(handed[0]!.id, wrong)
  assert.deepEqual(reportIn('refused', 'E-1.txt')['wrong'], wrong)
  assert.match(JSON.stringify(reportIn('refused', 'E-2.txt')['wrong']), /101 bytes, 100 are taken/)
  leave('E-1.txt', 'rubbish')
  assert.equal((await system.take(10)).length, 1)
})

test('after a restart what was taken is handed again under the same id; what was done is not', async () => {
  const first = await open()
  leave('E-1.txt', 'one')
  leave('E-2.txt', 'two')
  const [one, two] = await first.take(10)
  await first.done([one!.id])
  const second = await open()
  assert.deepEqual(
    (await second.take(10)).map(({ id, before }) => [id, before]),
    [[two!.id, 1]],
  )
})

test('a lease that ran out is handed again by the same process', async () => {
  const system = await open({ leaseMs: 1_000 })
  leave('E-1.txt', 'one')
  const [one] = await system.take(10)
  assert.deepEqual(await system.take(10), [])
  clock += 1_001
  assert.deepEqual(
    (await system.take(10)).map(({ id, before }) => [id, before]),
    [[one!.id, 1]],
  )
})

test('results are written whole and once', async () => {
  const system = await open()
  const result = {
    id: 'r/1',
    declaration: '../E-1',
    kind: 'receipt',
    mediaType: 'text/plain; charset=utf-8',
    bytes: new TextEncoder().encode('ok'),
  }
  assert.equal(await system.give(result), 'given')
  assert.equal(await system.give(result), 'there')
  assert.equal(await (await open()).give({ ...result, bytes: new Uint8Array() }), 'conflict')
  const [name, ...others] = list('in')
  assert.match(name!, /^_E-1--receipt--[0-9a-f]{16}\.txt$/)
  assert.deepEqual(others, [])
  rmSync(join(folder, 'in', name!))
  assert.equal(await (await open()).give(result), 'there')
  assert.deepEqual(list('in'), [])
})

test('links and folders among the files are left alone', async () => {
  const system = await open()
  symlinkSync('/etc/passwd', join(folder, 'out', 'E-1.txt'))
  mkdirSync(join(folder, 'out', 'E-2.txt'))
  assert.deepEqual(await system.take(10), [])
  assert.deepEqual(list('out'), ['E-1.txt', 'E-2.txt'])
})

test('a folder that is not there, or that went away, is a fault with words', async () => {
  writeFileSync(join(folder, 'file'), '')
  await assert.rejects(folderSystem({ folder: join(folder, 'file'), now: () => new Date(clock), unique: () => 'u' }), {
    code: 'connectors.folder',
  })
  const system = await open()
  rmSync(folder, { recursive: true })
  await assert.rejects(system.take(1), { code: 'connectors.folder' })
})
