/** Every record in every state answers every document and every act that its office can get: with a row, or with the listed refusal. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effects } from '../src/effects.ts'
import { guards } from '../src/guards.ts'
import { type Act, isFor, NO_RECORD, type Role } from '../src/index.ts'
import { errorsOf, law } from './stage.ts'
import { offices, sample, spoilt, stageIn } from './states.ts'

const roles: Role[] = ['departure', 'transit', 'exit', 'destination', 'guarantee']

for (const role of roles) {
  const states = [NO_RECORD, ...law.machines[role].states]
  const documents = [...law.routes.values()]
    .filter((route) => isFor(law, route.document, role) && route.key !== 'grn')
    .map((route) => route.document)
  const acts = law.acts.filter((act) => act.role === role)

  test(`${role}: a right document meets a row or the refusal 90 or 92 in every state`, (t) => {
    let byRow = 0
    let refused = 0
    for (const state of states) {
      for (const type of documents) {
        const stage = stageIn(role, state)
        const decision = stage.document(type, ...sample(type, stage, role))
        if (stage.lastRow !== undefined) byRow += 1
        else {
          assert.ok(decision.outcome === 'kept' && decision.event === 'refused-document', `${type} in ${state}`)
          // A pre-lodged declaration has no MRN: one that is named means another movement.
          const isKnown = state !== NO_RECORD && stage.state(role, offices[role]) === state
          const code = isKnown ? '92' : '90'
          assert.deepEqual(
            errorsOf(decision.send[0] ?? assert.fail()).map(([, given, reason]) => [given, reason]),
            [[code, code]],
          )
          refused += 1
        }
      }
    }
    t.diagnostic(
      `${states.length} states × ${documents.length} documents: ${byRow} by a row, ${refused} refused by default`,
    )
  })

  test(`${role}: a faulty document is refused in every state and changes nothing`, () => {
    for (const state of states) {
      for (const type of documents) {
        const stage = stageIn(role, state)
        const before = [...stage.records.values()]
        const [doc, coming] = sample(type, stage, role)
        const decision = stage.document(type, spoilt(doc), coming)
        assert.ok(decision.outcome === 'kept' && decision.event === 'refused-document', `${type} in ${state}`)
        assert.equal(decision.send.length, 1)
        assert.deepEqual([...stage.records.values()], before)
      }
    }
  })

  test(`${role}: an act meets a row or is a conflict in every state`, (t) => {
    let byRow = 0
    let conflicts = 0
    for (const state of states) {
      for (const act of acts) {
        const stage = stageIn(role, state)
        const decision = stage.act(role, offices[role], act.act, filledIn(act))
        if (stage.lastRow !== undefined) {
          assert.equal(decision.outcome, 'moved')
          byRow += 1
        } else {
          assert.deepEqual(decision, { outcome: 'conflict', state })
          conflicts += 1
        }
      }
    }
    t.diagnostic(`${states.length} states × ${acts.length} acts: ${byRow} by a row, ${conflicts} conflicts`)
  })

  test(`${role}: a timer meets a row or says nothing in every state`, () => {
    const timers = [...law.timers.values()].filter((timer) => timer.role === role).map(({ timer }) => timer)
    for (const state of states) {
      for (const timer of timers) {
        const stage = stageIn(role, state)
        const decision = stage.timer(role, offices[role], timer)
        if (stage.lastRow === undefined) assert.deepEqual(decision, { outcome: 'kept', send: [] })
        else assert.equal(decision.outcome, 'moved')
      }
    }
  })
}

/** Every field of an act with its default, or with what its kind may hold. */
function filledIn({ fields }: Act): Record<string, string> {
  const usual: Record<string, string> = { code: '', text: 'Not today', date: '2026-11-24' }
  return Object.fromEntries(
    fields.map((field) => {
      const value = field.kind === 'text' && field.format === 'a2' ? 'XK' : usual[field.kind]
      return [field.name, field.kind !== 'date' && field.default !== '' ? field.default : (value ?? '')]
    }),
  )
}

test('every guard and every effect is named by a row, and every row names one that exists', () => {
  const rows = roles.flatMap((role) => law.machines[role].rows)
  const sorted = (names: Iterable<string>) => [...new Set(names)].sort()
  assert.deepEqual(sorted(rows.map((row) => row.guard)), sorted(Object.keys(guards)))
  assert.deepEqual(
    sorted(rows.flatMap((row) => row.does.map((effect) => effect.split(':')[0] ?? ''))),
    sorted(Object.keys(effects)),
  )
})

test('every reason of refusals.tsv is used, by a row or by the code that asks for it', () => {
  const named = [...roles.flatMap((role) => law.machines[role].rows), ...law.account.rows]
    .flatMap((row) => row.does)
    .filter((effect) => effect.startsWith('refuse:'))
    .map((effect) => effect.slice('refuse:'.length))
  // 92: what no row answers. 93: casework, of what a partner sends. N0011-N0013, N0017: releasable.ts. N0080: account/decide.ts. N0091: exports.ts. N0093: said to the declarant, does/export.ts. N0007-N0010, N0090: who may send, judged by casework before any record is looked for.
  // N0018, N0019: codes without a counterpart, which casework finds where documents cross.
  const inCode = [
    '92',
    '93',
    'N0007',
    'N0008',
    'N0009',
    'N0010',
    'N0011',
    'N0012',
    'N0013',
    'N0017',
    'N0018',
    'N0019',
    'N0080',
    'N0090',
    'N0091',
    'N0093',
  ]
  // What departure answers to a request for the record, told to who notified the arrival: diversion.ts.
  inCode.push('N0030', 'N0031', 'N0033', 'N0034', 'N0035', 'N0036')
  assert.deepEqual([...new Set([...named, ...inCode])].sort(), [...law.refusals.keys()].sort())
})

test('every state has a meaning and every act has a row', () => {
  for (const role of roles)
    for (const state of law.machines[role].states) assert.ok(law.states.has(`${role} ${state}`), `${role} ${state}`)
  for (const act of law.acts)
    assert.ok(law.machines[act.role].events.includes(`act:${act.act}`), `${act.role} ${act.act}`)
})
