import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileMachine } from './machine.ts'
import { rowsOf } from './tsv.ts'

const known = { guards: new Set(['always', 'faulty']), does: new Set(['open', 'refuse', 'tell']) }
const head = 'from\ton\tguard\tto\tdoes\tevent\tcites'
const compile = (...rows: string[]) => compileMachine('some.machine.tsv', [head, ...rows].join('\n'), known)

test('a row stands for each state and each event that it lists, in the order of the table', () => {
  const machine = compile(
    '-|open\tCC015C|CC007C\tfaulty\t-\trefuse:N1\t\tsource',
    '-\tCC015C\talways\topen\topen tell\topened\tsource',
    'open\tact:close\talways\tclosed\tnone\tclosed\tsource',
  )
  assert.deepEqual(machine.states, ['open', 'closed'])
  assert.deepEqual(machine.events, ['CC015C', 'CC007C', 'act:close'])
  assert.deepEqual(
    machine.find('-', 'CC015C').map(({ number, guard, to, does }) => [number, guard, to, does]),
    [
      [1, 'faulty', '-', ['refuse:N1']],
      [2, 'always', 'open', ['open', 'tell']],
    ],
  )
  assert.deepEqual(machine.find('open', 'CC007C').length, 1)
  assert.deepEqual(machine.find('open', 'act:close')[0]?.does, [])
  assert.deepEqual(machine.find('closed', 'act:close'), [])
})

test('a guard or an effect that does not exist is a fault that names table and name', () => {
  assert.throws(() => compile('-\tCC015C\tperhaps\topen\topen\t\t'), {
    name: 'ProcedureFault',
    code: 'UNKNOWN_GUARD',
    message: /some\.machine\.tsv: perhaps/,
  })
  assert.throws(() => compile('-\tCC015C\talways\topen\topen explode:N1\t\t'), {
    code: 'UNKNOWN_DOES',
    message: /some\.machine\.tsv: explode:N1/,
  })
  assert.throws(() => compile('-\tCC015C\talways\topen\t\t\t'), { code: 'UNKNOWN_DOES' })
})

test('too many cells are a fault that names table and line; missing ones at the end are empty', () => {
  assert.throws(() => compile('# a remark', '', '-\tCC015C\talways\topen\topen\t\t\tmore'), {
    code: 'TABLE',
    message: /some\.machine\.tsv line 4: 8 cells, 7 columns/,
  })
  assert.deepEqual(rowsOf('a\tb\tc\r\n1\t2\r\n', 'x'), [{ a: '1', b: '2', c: '' }])
})
