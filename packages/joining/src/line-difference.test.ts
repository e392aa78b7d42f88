import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineDifference } from './line-difference.ts'

const shown = (before: string, after: string): string =>
  lineDifference(before.split(''), after.split(''))
    .map(({ sign, line }) => (sign === ' ' ? line : sign + line))
    .join('')

test('what stays, goes and comes', () => {
  for (const [before, after, expected] of [
    ['', '', ''],
    ['abc', 'abc', 'abc'],
    ['abc', 'axbc', 'a+xbc'],
    ['abc', 'ac', 'a-bc'],
    ['abc', 'cab', '+cab-c'],
    ['aaa', 'aa', 'aa-a'],
    ['abab', 'baba', '-a-b-a-b+b+a+b+a'],
    ['xaxbx', 'xbxax', 'x-a-xbx+a+x'],
  ] as const)
    assert.equal(shown(before, after), expected, `${before} ${after}`)
})

test('the lines that stay and go are the first text, those that stay and come the second, whatever the texts', () => {
  let seed = 7
  const chance = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  const text = (): string[] => Array.from({ length: chance(12) }, () => 'abcdefgh'.charAt(chance(8)))
  for (let round = 0; round < 3_000; round++) {
    const [before, after] = [text(), text()]
    const lines = lineDifference(before, after)
    const of = (other: string) => lines.filter(({ sign }) => sign !== other).map(({ line }) => line)
    assert.deepEqual([of('+'), of('-')], [before, after])
  }
})

test('a list of a hundred thousand offices is compared in the memory of its lines, not of its square', () => {
  const before = Array.from({ length: 100_000 }, (_, at) => `XA${String(at).padStart(6, '0')}\tOffice ${at}\t`)
  const after = before.flatMap((line, at) => (at === 3 ? [] : at === 50_000 ? [line, 'XA999999\tNew\t'] : [line]))
  const changes = lineDifference(before, after).filter(({ sign }) => sign !== ' ')
  assert.deepEqual(changes, [
    { sign: '-', line: before[3] },
    { sign: '+', line: 'XA999999\tNew\t' },
  ])
})
