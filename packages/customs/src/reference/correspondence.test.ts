import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadCorridorTables, loadMessages } from '../../test/tables.ts'
import { type Doc } from '../document.ts'
import { compileCorrespondence, correspondenceOfTables } from './correspondence.ts'
import { translate } from './correspondence-translate.ts'

const head =
  '#name\tdocuments of Albania\n#from\tNTA.AL\n#to\tcommon\n#owner\tNTA.AL\n#source\ta test\n#version\t2026-01-01\n#status\tillustrative\n' +
  'list\tfrom\tto\tdirection\tvalidFrom\tvalidTo\tnote\n'
const made = (...rows: string[]) => compileCorrespondence(`${head}${rows.join('\n')}\n`, 'albania')

const albania = made(
  'CL214\tDT\tN821\tboth\t\t\t',
  'CL214\tDTK\tN821\tforward\t\t\tthe short form comes back',
  'CL214\tFAT\t\tforward\t\t\tnot known outside',
  'CL214\t=\t=\tboth\t\t\t',
  'CL231\tTR\tT1\tboth\t2026-01-01\t2026-06-30\t',
  'CL231\tTRA\tT1\tboth\t2026-07-01\t\t',
)
const table = loadMessages().get('CC015C')!
const day = '2026-05-01'
const declaration: Doc = {
  TransitOperation: { declarationType: 'TR', additionalDeclarationType: 'A' },
  Consignment: {
    HouseConsignment: [
      {
        ConsignmentItem: [
          {
            PreviousDocument: [
              { type: 'DT', referenceNumber: 'DT' },
              { type: 'FAT' },
              { type: 'N730' },
              { type: 'DTK' },
            ],
          },
        ],
      },
    ],
  },
}
const documents = '/CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/PreviousDocument'

test('codes of a document become those of the other side, and nothing else does', () => {
  const before = structuredClone(declaration)
  const { document, changed, missing } = translate(declaration, table, albania, 'forward', day)
  assert.deepEqual(declaration, before)
  assert.deepEqual(document, {
    TransitOperation: { declarationType: 'T1', additionalDeclarationType: 'A' },
    Consignment: {
      HouseConsignment: [
        {
          ConsignmentItem: [
            {
              PreviousDocument: [
                { type: 'N821', referenceNumber: 'DT' },
                { type: 'FAT' },
                { type: 'N730' },
                { type: 'N821' },
              ],
            },
          ],
        },
      ],
    },
  })
  assert.deepEqual(missing, [{ path: `${documents}[2]/type`, list: 'CL214', code: 'FAT', note: 'not known outside' }])
  assert.deepEqual(
    changed.map(({ path, from, to }) => [path, from, to]),
    [
      ['/CC015C/TransitOperation/declarationType', 'TR', 'T1'],
      [`${documents}[1]/type`, 'DT', 'N821'],
      [`${documents}[4]/type`, 'DTK', 'N821'],
    ],
  )
})

test('there and back is the same where the correspondence is one to one', () => {
  const only: Doc = { TransitOperation: { declarationType: 'TR' }, Consignment: { PreviousDocument: [{ type: 'DT' }] } }
  const there = translate(only, table, albania, 'forward', day)
  const back = translate(there.document, table, albania, 'back', day)
  assert.deepEqual([back.document, back.missing, there.missing], [only, [], []])
})

test('the day of the movement says which code counts', () => {
  const back = (date: string) => albania.translate('CL231', 'T1', 'back', date)
  assert.deepEqual(back('2026-06-30'), { kind: 'translated', code: 'TR' })
  assert.deepEqual(back('2026-07-01'), { kind: 'translated', code: 'TRA' })
  assert.deepEqual(back('2025-12-31'), { kind: 'no-counterpart', note: '' })
  assert.deepEqual(albania.translate('CL251', '1', 'back', day), { kind: 'unchanged' })
})

test('a partner that still speaks the tables of the corridor is understood', () => {
  const old = correspondenceOfTables(loadCorridorTables(), [[35, 'CL214']])
  const said: Doc = { Consignment: { PreviousDocument: [{ type: 'T2' }, { type: 'T2TIR' }, { type: 'CO' }] } }
  const { document, missing } = translate(said, table, old, 'forward', day)
  assert.deepEqual(document, {
    Consignment: { PreviousDocument: [{ type: 'N822' }, { type: 'N952' }, { type: 'CO' }] },
  })
  assert.deepEqual(
    missing.map(({ path, code }) => [path, code]),
    [['/CC015C/Consignment/PreviousDocument[3]/type', 'CO']],
  )
  assert.deepEqual(old.translate('CL214', 'N952', 'back', day), { kind: 'translated', code: '952' })
})

test('every code of every table is translated there and back, or is one of the exceptions of its mapping', () => {
  const tables = loadCorridorTables()
  for (const { number, todayLists, mappings } of tables.tables)
    for (const list of todayLists) {
      const pair = correspondenceOfTables(tables, [[number, list]])
      for (const { code, today } of mappings.filter((row) => row.list === list && row.direction === 'both')) {
        const same = code === today
        assert.deepEqual(
          pair.translate(list, code, 'forward', day),
          same ? { kind: 'unchanged' } : { kind: 'translated', code: today },
        )
        assert.deepEqual(
          pair.translate(list, today, 'back', day),
          same ? { kind: 'unchanged' } : { kind: 'translated', code },
        )
      }
    }
})

const wrong: [what: string, row: string, message: RegExp][] = [
  [
    'two ways on one day',
    'CL214\tDT\tN822\tforward\t\t\t',
    /albania, line 10: there is a way already for forward: CL214 DT/,
  ],
  ['two ways back', 'CL214\tX\tN821\tboth\t\t\t', /line 10: there is a way already for back: CL214 N821/],
  ['no list', '\tX\tY\tboth\t\t\t', /line 10: no list/],
  ['a direction that is none', 'CL214\tX\tY\tdown\t\t\t', /line 10: direction “down”/],
  ['a day that is none', 'CL214\tX\tY\tboth\t2026-13-01\t\t', /line 10: “2026-13-01” is not a day/],
  ['no counterpart and no reason', 'CL214\tX\t\tforward\t\t\t', /line 10: no counterpart, and no note/],
  ['half of “=”', 'CL214\t=\tY\tboth\t\t\t', /line 10: “=” stands/],
]
for (const [what, row, message] of wrong)
  test(`${what} stops with file, line and reason`, () =>
    assert.throws(() => made('CL214\tDT\tN821\tboth\t\t\t', row), message))

test('a correspondence without an owner is none', () =>
  assert.throws(() => compileCorrespondence(head.replace(/#owner.*\n/, ''), 'albania'), /albania: no line #owner/))
