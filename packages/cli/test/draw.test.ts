import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { corridor } from './run.ts'

test('a corridor is drawn to a file, to the standard output, and as Mermaid', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-draw-'))
  try {
    const file = join(folder, 'map.svg')
    const written = await corridor(['draw', 'cemac', '--svg', file])
    assert.deepEqual([written.code, written.out, written.err], [0, '', ''])
    const told = await corridor(['draw', 'cemac'])
    assert.equal(told.out, readFileSync(file, 'utf8'))
    assert.match(told.out, /^<svg [^]*<title id="map-title">CEMAC/)
  } finally {
    rmSync(folder, { recursive: true })
  }
  const usual = await corridor(['draw', '--mermaid'])
  assert.match(usual.out, /^flowchart LR\n {2}al\["Albania"\]\n {2}xk\["Kosovo"\]\n {2}al <-->\|as4\| xk\n$/)
})

test('what cannot be drawn is said', async () => {
  const none = await corridor(['draw', 'atlantis'])
  assert.equal(none.code, 1)
  assert.match(none.err, /No corridor “atlantis”\. There are: .*cemac/)
  const both = await corridor(['draw', 'cemac', '--svg', 'x.svg', '--mermaid'])
  assert.equal(both.code, 2)
  assert.match(both.err, /one of them/)
  const nowhere = await corridor(['draw', 'cemac', '--svg', '/no/such/folder/x.svg'])
  assert.equal(nowhere.code, 1)
  assert.match(nowhere.err, /no such file or directory/)
})
