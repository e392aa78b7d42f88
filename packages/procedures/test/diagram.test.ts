import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effects } from '../src/effects.ts'
import { guards } from '../src/guards.ts'
import { mermaidOf } from '../src/index.ts'
import { compileMachine } from '../src/machine.ts'
import { law } from './stage.ts'

const small = [
  'from\ton\tguard\tto\tdoes\tevent\tcites',
  '-|expected|crossed|closed\tCD050C|CD024C\tfaulty\t=\trefuse-faulty',
  '-\tCD050C\talways\texpected\tkeep-record',
  'expected\tact:cross\talways\tcrossed\tnotify-crossing',
  'expected|crossed\tCD024C\talways\tclosed\tnone',
  'expected|crossed\tCD010C\talways\tcancelled\tnone',
].join('\n')

test('a machine is drawn with every state, the ways between them, and where it ends', () => {
  const known = { guards: new Set(Object.keys(guards)), does: new Set([...Object.keys(effects), 'none']) }
  const machine = compileMachine('small', small, known)
  const drawn = mermaidOf(machine, { ends: new Set(['closed']) })
  assert.equal(
    drawn,
    [
      'stateDiagram-v2',
      '  state "expected" as expected',
      '  state "crossed" as crossed',
      '  state "closed" as closed',
      '  state "cancelled" as cancelled',
      '  [*] --> expected : CD050C',
      '  expected --> crossed : act cross',
      '  expected --> closed : CD024C',
      '  crossed --> closed : CD024C',
      '  expected --> cancelled : CD010C',
      '  crossed --> cancelled : CD010C',
      '  closed --> [*]',
      '',
    ].join('\n'),
  )
  const whole = mermaidOf(machine, { ends: new Set(), all: true })
  assert.match(whole, /expected --> expected : CD050C \[faulty\]<br\/>/)
})

test('every state of every machine is in its drawing, under a name that Mermaid takes', () => {
  for (const machine of Object.values(law.machines)) {
    const drawn = mermaidOf(machine, { ends: new Set() })
    for (const state of machine.states) assert.ok(drawn.includes(`state "${state}" as `), state)
    for (const [, name] of drawn.matchAll(/ as (\S+)$/gm)) assert.match(name ?? '', /^[a-z_]+$/)
  }
})
