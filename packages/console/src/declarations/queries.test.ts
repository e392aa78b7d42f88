import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declarationsQueryOf, mirrorQueryOf, toDeclarations, toMirror } from './queries.ts'

test('the list’s query lives in the address, and what makes no sense is everything', () => {
  const query = { q: '6AF', side: 'import', state: 'lodged', page: 2 }
  assert.deepEqual(declarationsQueryOf(toDeclarations(query).replace('/declarations', '')), query)
  assert.deepEqual(declarationsQueryOf('?side=x&state=constructor&page=-1'), { q: '', side: '', state: '', page: 1 })
  assert.equal(toDeclarations({ q: '', page: 1 }), '/declarations')
})

test('a report is of the last ninety days where nothing else is said', () => {
  const query = mirrorQueryOf('', 'NTA.TJ', '2026-11-30')
  assert.deepEqual(query, { party: 'NTA.TJ', direction: 'out', from: '2026-09-01', to: '2026-11-30', chapter: '' })
  const asked = '?party=NTA.AF&direction=in&from=2026-01-01&to=2026-02-01&chapter=25'
  assert.equal(toMirror(mirrorQueryOf(asked, 'NTA.TJ', '2026-11-30')), `/declarations/mirror${asked}`)
  assert.equal(mirrorQueryOf('?from=x&chapter=999', 'NTA.TJ', '2026-11-30').chapter, '')
})
