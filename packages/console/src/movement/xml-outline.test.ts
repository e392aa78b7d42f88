import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ElementLike, outlineOf } from './xml-outline.ts'

const element = (nodeName: string, children: ElementLike[], text = '', attributes: [string, string][] = []) => ({
  nodeName,
  children,
  textContent: text,
  attributes: attributes.map(([name, value]) => ({ name, value })),
})

test('a document becomes indented lines, values at the leaves', () => {
  const lines = outlineOf(
    element(
      'ncts:CD001C',
      [element('MRN', [], ' 26AL1 '), element('Consignment', [element('grossMass', [], '10')], '10')],
      '26AL110',
      [
        ['xmlns:ncts', 'http://ncts.dgtaxud.ec'],
        ['PhaseID', 'NCTS5.1'],
      ],
    ),
  )
  assert.deepEqual(
    lines.map(({ depth, name, value, kind }) => [depth, name, value, kind]),
    [
      [0, 'ncts:CD001C', '', 'open'],
      [1, 'MRN', '26AL1', 'leaf'],
      [1, 'Consignment', '', 'open'],
      [2, 'grossMass', '10', 'leaf'],
    ],
  )
  assert.equal(lines[0]?.attributes, 'PhaseID="NCTS5.1"')
})
