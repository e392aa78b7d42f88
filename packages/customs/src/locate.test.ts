import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from './finding.ts'
import { withLines } from './locate.ts'

const text = `<n:CC015C xmlns:n="http://ncts.dgtaxud.ec">
  <Guarantee><guaranteeType>1</guaranteeType></Guarantee>
  <Guarantee>
    <guaranteeType>2</guaranteeType>
  </Guarantee>
</n:CC015C>`
const finding = (path: string, more: Partial<Finding> = {}): Finding => ({
  kind: 'rule',
  rule: 'R0001',
  code: '14',
  path,
  remedy: 'r',
  text: 't',
  ...more,
})

test('an element gives its own line, a missing one that of the nearest group around it', () => {
  const places = [
    '/CC015C/Guarantee[2]/guaranteeType',
    '/CC015C/Guarantee[1]/guaranteeType',
    '/CC015C/Guarantee[2]/GuaranteeReference[1]/GRN',
    '/CC015C/Guarantee[3]',
    '/CC015C/Consignment/grossMass',
  ].map((path) => finding(path))
  const found = withLines(places, new TextEncoder().encode(text))
  assert.deepEqual(
    found.map(({ line, column }) => [line, column]),
    [
      [4, 5],
      [2, 14],
      [3, 3],
      [1, 1],
      [1, 1],
    ],
  )
})

test('a line that is there stays; bytes that cannot be parsed change nothing', () => {
  const own = [finding('/CC015C/Guarantee[2]', { line: 9, column: 9 })]
  assert.deepEqual(withLines(own, new TextEncoder().encode(text)), own)
  assert.deepEqual(withLines([finding('/x')], new TextEncoder().encode('{}')), [finding('/x')])
})
