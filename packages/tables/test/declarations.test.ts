import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadDeclarations } from '../src/index.ts'

test('the tables of declarations load, once a process', () => {
  const tables = loadDeclarations()
  assert.equal(loadDeclarations(), tables)
  assert.equal(tables.blocks.newest, '1.1')
  assert.deepEqual([...tables.forms.keys()], ['asycuda-pp-like', 'asycuda-world-like', 'plain-json'])
  assert.ok([...tables.forms.values()].every(({ like }) => like.length > 0))
  assert.throws(() => loadDeclarations(new URL('nowhere/', import.meta.url)), { code: 'ENOENT' })
})
