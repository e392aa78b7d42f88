import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesIn, markOf, remediesByPath, rowsOf } from './import-form.ts'

const element = (path: string, exported: string | null, draft: string | null) => ({
  path,
  name: path,
  meaning: '',
  exported,
  draft,
  imported: null,
  change: null,
  differs: false,
})
const view = {
  elements: [
    element('Declaration/ID', 'E-1', null),
    element('Declaration/TypeCode', 'EX', 'IM'),
    element('Declaration/Item[1]/Code', '20082000', '200820'),
    element('Declaration/OfficeID', 'SZ', null),
  ],
  draft: {
    version: 1,
    complete: [],
    leftOut: [],
    claimedAt: null,
    mayLodge: true,
    isOutdated: false,
    blanks: [{ path: 'Declaration/OfficeID', meaning: 'office', why: 'where the import is lodged' }],
    fixed: ['Declaration/TypeCode'],
  },
}

test('what is to be completed comes first, then what was filled in; what ties both declarations is not to be changed', () => {
  assert.deepEqual(
    rowsOf(view).map(({ path, why, exported, draft, isFixed }) => [path, why !== '', exported, draft, isFixed]),
    [
      ['Declaration/OfficeID', true, 'SZ', '', false],
      ['Declaration/TypeCode', false, 'EX', 'IM', true],
      ['Declaration/Item[1]/Code', false, '20082000', '200820', false],
    ],
  )
  assert.deepEqual(rowsOf({ ...view, draft: null }), [])
})

test('only what is otherwise than in the draft is sent, and what was emptied is taken away', () => {
  const rows = rowsOf(view)
  const entries = {
    'Declaration/OfficeID': ' BW000101 ',
    'Declaration/TypeCode': 'IM',
    'Declaration/Item[1]/Code': '',
    'Declaration/More': 'x',
  }
  assert.deepEqual(changesIn(rows, entries), {
    'Declaration/OfficeID': 'BW000101',
    'Declaration/Item[1]/Code': null,
    'Declaration/More': 'x',
  })
  assert.deepEqual(
    rows.map((row) => markOf(row, entries[row.path as keyof typeof entries])),
    ['completed', undefined, 'removed'],
  )
  assert.equal(markOf(rows[2]!, '20082019'), 'changed')
})

test('a remedy stands at its element, or above the form when the element is not there', () => {
  const errors = [
    { field: 'Declaration/OfficeID', value: 'x', remedy: 'Give an office.' },
    { field: 'Declaration/OfficeID', remedy: 'Shorter.' },
    { field: 'Declaration/Else', remedy: 'Give it.' },
  ]
  assert.deepEqual(remediesByPath(rowsOf(view), {}, errors), {
    'Declaration/OfficeID': 'x: Give an office. Shorter.',
    '': 'Declaration/Else Give it.',
  })
})
