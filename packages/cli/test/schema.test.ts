import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { corridor } from './run.ts'

test('without a message: which messages there are', async () => {
  const { code, out } = await corridor(['schema'])
  assert.equal(code, 0)
  const lines = out.trimEnd().split('\n')
  assert.equal(lines.length, 91)
  assert.equal(lines[5], 'CC015C  IE015  E_DEC_DAT  DECLARATION DATA')
})

test('each form of a message, whichever way its name is typed', async () => {
  const [xsd, json, types] = await Promise.all([
    corridor(['schema', 'cc015c', '--xsd']),
    corridor(['schema', 'CC015C', '--json-schema']),
    corridor(['schema', 'CC015C', '--types']),
  ])
  assert.match(xsd.out, /^<\?xml[^]*<xs:element name="CC015C">[^]*<\/xs:schema>\n$/)
  assert.equal((JSON.parse(json.out) as { $id: string }).$id, 'urn:corridor:schema:CC015C:51.8.0')
  assert.match(types.out, /^export type CC015C = \{$/m)
  assert.doesNotMatch(types.out, /type CC013C/)
  assert.deepEqual([xsd.code, json.code, types.code], [0, 0, 0])
})

test('the types in the repository are what the command in their header gives', async () => {
  const kept = readFileSync(new URL('../../customs/src/documents.generated.ts', import.meta.url), 'utf8')
  const command = /npx --no corridor (.*) > packages\/customs\/src\/documents\.generated\.ts/.exec(kept)![1]!
  assert.ok((await corridor(command.split(' '))).out === kept)
})

test('a page for every message, into a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-schema-'))
  try {
    const { code } = await corridor(['schema', '--html', '--into', folder])
    assert.equal(code, 0)
    const names = readdirSync(folder)
    assert.equal(names.length, 91)
    const page = readFileSync(join(folder, 'CC015C.html'), 'utf8')
    assert.match(page, /<title>CC015C Declaration data<\/title>/)
    assert.match(page, /A guarantee has references exactly when its type has them\./)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a message that is not there, no form, two forms', async () => {
  for (const [typed, says] of [
    [['CC999C', '--xsd'], /no message “CC999C”/],
    [['CC015C'], /--xsd\|--json-schema/],
    [['CC015C', '--xsd', '--types'], /one form at a time/],
    [['--xsd'], /of which message/],
    [['--xsd', '--into', join(tmpdir(), 'no-such-folder')], /no folder/],
    [['--into', tmpdir()], /in which form/],
  ] as const) {
    const { code, out, err } = await corridor(['schema', ...typed])
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, says)
  }
})
