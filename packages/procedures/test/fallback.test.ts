/** Fallback modes: what an officer may do in which state, and what reconciliation finds about each paper. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeMrn } from '@corridor/customs'
import {
  decideFallback,
  fallbackActs,
  type FallbackContext,
  type FallbackFacts,
  type FallbackMode,
  NO_RECORD,
  type PaperResult,
  type PaperToReconcile,
  reconcile,
} from '../src/index.ts'
import { law } from './stage.ts'

const mrn = makeMrn('26', 'AL', 'FABCDEFGHIJK', 'J')
const declarant = 'ALL12345678A'

const mode = (state: string, change: Partial<FallbackMode> = {}): FallbackMode => ({
  number: state === NO_RECORD ? '' : 'AL000101/2026/1',
  role: 'departure',
  office: 'AL000101',
  state,
  beganAt: ['open', 'ended', 'closed'].includes(state) ? '2026-11-24T08:00:00' : null,
  endedAt: ['ended', 'closed'].includes(state) ? '2026-11-24T12:00:00' : null,
  ...change,
})

const paper = (state: string, change: Partial<PaperToReconcile> = {}): PaperToReconcile => ({
  mrn,
  state,
  registered: ['issued', 'entered', 'noted'].includes(state)
    ? { declarant, lrn: 'L1', at: '2026-11-24T09:00:00', day: '2026-11-24', packages: 28, grossMass: '13780.00' }
    : null,
  seen: [],
  movement:
    state === 'entered'
      ? { state: 'released', packages: 28, grossMass: '13780', refused: false, result: '', arrived: false }
      : null,
  double: null,
  explained: {},
  ...change,
})

const act = (
  of: FallbackMode,
  name: string,
  fields: Record<string, string> = {},
  { papers = [], ...facts }: Partial<FallbackFacts> & { papers?: PaperToReconcile[] } = {},
) => {
  const context: FallbackContext = {
    law,
    mode: of,
    paper: papers.find((each) => each.mrn === fields['mrn']),
    event: { kind: 'act', act: name, fields, office: of.office },
    facts: {
      now: '2026-11-24T14:00:00',
      momentOf: (date, time) => `${date}T${time}:00`,
      prepared: undefined,
      open: undefined,
      sameLrn: undefined,
      papers,
      results: reconcile(law, of, papers),
      block: 20,
      most: 500,
      ...facts,
    },
  }
  return decideFallback(context)
}

const at = (time: string, date = '2026-11-24') => ({ date, time })
const refusedWith = (decision: ReturnType<typeof act>) =>
  decision.outcome === 'refused' ? decision.id : decision.outcome
const register = { mrn, declarant, lrn: 'L1', packages: '28', grossMass: '13780', ...at('09:00') }

test('a mode is prepared, begun, ended and closed; a begin without forms reserves the usual block', () => {
  const prepared = act(mode(NO_RECORD), 'prepare', { count: '12' })
  assert.deepEqual(prepared, {
    outcome: 'moved',
    state: 'prepared',
    changes: [{ do: 'reserve', count: 12 }],
    event: 'prepared',
    detail: '12',
  })
  const begun = act(mode(NO_RECORD), 'begin', { reason: '1', ...at('08:00') })
  assert.ok(begun.outcome === 'moved')
  assert.deepEqual([begun.state, begun.changes.map((change) => change.do)], ['open', ['reserve', 'begin']])
  const fromStock = act(mode('prepared'), 'begin', { reason: '1', ...at('08:00') })
  assert.ok(fromStock.outcome === 'moved')
  assert.deepEqual(fromStock.changes, [{ do: 'begin', at: '2026-11-24T08:00:00', reason: '1', text: '' }])
  const arrivals = act(mode(NO_RECORD, { role: 'destination' }), 'begin', { reason: '1', ...at('08:00') })
  assert.ok(arrivals.outcome === 'moved' && arrivals.changes.every((change) => change.do === 'begin'))
  assert.equal(act(mode('open'), 'end', at('12:00')).outcome, 'moved')
  assert.equal(act(mode('ended'), 'close').outcome, 'moved')
  assert.deepEqual(act(mode('closed'), 'end', at('12:00')), { outcome: 'conflict', state: 'closed' })
})

test('what an office cannot do is refused with the reason', () => {
  const begin = { reason: '1', ...at('08:00') }
  assert.equal(refusedWith(act(mode(NO_RECORD), 'prepare', { count: '5' }, { prepared: 'A' })), 'F01')
  assert.equal(refusedWith(act(mode(NO_RECORD), 'begin', begin, { open: 'A' })), 'F02')
  assert.equal(refusedWith(act(mode('prepared'), 'begin', begin, { open: 'A' })), 'F02')
  assert.equal(refusedWith(act(mode(NO_RECORD), 'begin', begin, { prepared: 'A' })), 'F03')
  assert.equal(refusedWith(act(mode(NO_RECORD), 'begin', { reason: '1', ...at('15:00') })), 'F04')
  assert.equal(refusedWith(act(mode('open'), 'end', at('15:00'))), 'F04')
  assert.equal(refusedWith(act(mode('open'), 'end', at('08:00'))), 'F06')
  const late = paper('issued', {
    mrn: 'LATE',
    registered: { ...register, at: '2026-11-24T10:00:00', day: '', packages: 1 },
  })
  const endWith = (time: string, ...papers: PaperToReconcile[]) => act(mode('open'), 'end', at(time), { papers })
  const early = endWith('09:59', late, paper('issued'), paper('reserved'))
  assert.ok(early.outcome === 'refused' && early.id === 'F09')
  assert.deepEqual([early.values['latest'], early.values['latestAt']], ['LATE', '2026-11-24T10:00:00'])
  assert.equal(refusedWith(endWith('08:59', paper('noted'))), 'F09')
  assert.equal(refusedWith(endWith('10:00', late, paper('issued'))), 'moved')
  assert.equal(refusedWith(endWith('09:59', { ...late, state: 'returned' }, paper('issued'))), 'moved')
  const seen = paper('reserved', { seen: [{ document: 'CD002C', identification: '', office: 'XK000301', at: '' }] })
  assert.equal(refusedWith(act(mode('prepared'), 'withdraw', { why: 'x' }, { papers: [seen] })), 'F05')
  assert.equal(refusedWith(act(mode('open'), 'void', { mrn, why: 'x' }, { papers: [seen] })), 'F14')
  assert.equal(refusedWith(act(mode('open'), 'reserve', { count: '500' }, { papers: [paper('reserved')] })), 'F18')
})

test('a form is registered once, within the outage, with an LRN that no other form of the declarant has', () => {
  const papers = [paper('reserved')]
  const done = act(mode('open'), 'register', register, { papers })
  assert.ok(done.outcome === 'moved')
  assert.deepEqual(
    [done.state, done.changes],
    [
      'open',
      [
        {
          do: 'paper',
          mrn,
          state: 'issued',
          registered: {
            declarant,
            lrn: 'L1',
            at: '2026-11-24T09:00:00',
            day: '2026-11-24',
            packages: 28,
            grossMass: '13780',
          },
        },
      ],
    ],
  )
  const again = (state: string) => refusedWith(act(mode('ended'), 'register', register, { papers: [paper(state)] }))
  assert.deepEqual(['issued', 'entered', 'returned'].map(again), ['F13', 'F13', 'F13'])
  assert.equal(refusedWith(act(mode('open'), 'register', register, { papers, sameLrn: 'X' })), 'F12')
  assert.equal(refusedWith(act(mode('open'), 'register', { ...register, ...at('07:59') }, { papers })), 'F10')
  assert.equal(refusedWith(act(mode('ended'), 'register', { ...register, ...at('12:01') }, { papers })), 'F10')
  assert.equal(refusedWith(act(mode('open'), 'register', register)), 'F16')
  const arrivals = { role: 'destination' as const }
  const noted = { mrn, packages: '28', ...at('09:00') }
  assert.equal(act(mode('open', arrivals), 'note-arrival', noted).outcome, 'moved')
  assert.equal(refusedWith(act(mode('open', arrivals), 'note-arrival', { ...noted, mrn: 'X' })), 'F17')
  assert.equal(refusedWith(act(mode('open', arrivals), 'note-arrival', noted, { papers: [paper('noted')] })), 'F11')
})

const found = (of: FallbackMode, change: PaperToReconcile): [PaperResult['result'], ...string[]] => {
  const [one] = reconcile(law, of, [change])
  return [one?.result ?? 'open', ...(one?.flags ?? []).map(({ flag }) => flag)]
}

test('each paper is unused, returned, matched or flagged', () => {
  const ended = mode('ended')
  const seen = [{ document: 'CD002C', identification: '', office: 'XK000301', at: '' }]
  const movement = paper('entered').movement ?? assert.fail()
  const double = { mrn: 'OTHER', state: 'accepted' }
  const cases: [ReturnType<typeof found>, FallbackMode, PaperToReconcile][] = [
    [['unused'], mode('open'), paper('reserved')],
    [['open'], mode('open'), paper('issued')],
    [['returned'], ended, paper('returned')],
    [['matched'], ended, paper('entered')],
    [['flagged', 'not-accounted'], ended, paper('reserved')],
    [['flagged', 'not-entered'], ended, paper('issued')],
    [['flagged', 'seen-not-entered'], mode('open'), paper('issued', { seen })],
    [['flagged', 'seen-not-entered'], mode('prepared'), paper('reserved', { seen })],
    [['flagged', 'seen-after-return'], ended, paper('returned', { seen })],
    [['flagged', 'double'], ended, paper('entered', { double })],
    [['flagged', 'not-entered', 'double'], ended, paper('issued', { double })],
    [['matched'], ended, paper('entered', { double: { ...double, state: 'invalidated' } })],
    [['matched'], ended, paper('entered', { double, movement: { ...movement, state: 'invalidated' } })],
    [['flagged', 'not-secured'], ended, paper('entered', { movement: { ...movement, refused: true } })],
    [['flagged', 'differs-from-register'], ended, paper('entered', { movement: { ...movement, packages: 27 } })],
    [['flagged', 'differs-from-register'], ended, paper('entered', { movement: { ...movement, grossMass: '13781' } })],
    [['flagged', 'differs-at-arrival'], ended, paper('entered', { movement: { ...movement, result: 'B1' } })],
    [['flagged', 'arrival-not-entered'], ended, paper('noted')],
    [['matched'], ended, paper('noted', { movement: { ...movement, arrived: true } })],
    [['flagged', 'arrival-differs'], ended, paper('noted', { movement: { ...movement, arrived: true, packages: 2 } })],
  ]
  for (const [expected, of, change] of cases) assert.deepEqual(found(of, change), expected, JSON.stringify(change))
  const raised = new Set(cases.flatMap(([[, ...flags]]) => flags))
  assert.deepEqual([...raised].sort(), [...law.fallback.flags.keys()].sort())
})

test('a mode is closed when nothing is flagged, or each flag has a reason; what can be settled cannot be explained', () => {
  const ended = mode('ended')
  const explained = { 'not-entered': { text: 'The goods came back', by: 'durres', at: '2026-11-25T08:00:00Z' } }
  assert.equal(refusedWith(act(ended, 'close', {}, { papers: [paper('issued')] })), 'F08')
  assert.equal(refusedWith(act(ended, 'close', {}, { papers: [paper('reserved')] })), 'F08')
  assert.deepEqual(found(ended, paper('issued', { explained })), ['settled', 'not-entered'])
  assert.equal(act(ended, 'close', {}, { papers: [paper('issued', { explained }), paper('entered')] }).outcome, 'moved')
  const explain = (flag: string, state: string) =>
    refusedWith(act(ended, 'explain', { mrn, flag, why: 'Lost' }, { papers: [paper(state)] }))
  assert.equal(explain('not-entered', 'issued'), 'moved')
  assert.equal(explain('not-accounted', 'reserved'), 'F07')
  assert.equal(explain('double', 'issued'), 'F07')
})

test('with the end of a mode the offices that asked are answered: of a form that left, and of one that was returned', () => {
  const asked = (document: string) => [{ document, identification: 'id', office: 'XK000301', at: '' }]
  const why = { text: 'Lost', by: 'durres', at: '' }
  const explained = { 'seen-not-entered': why, 'seen-after-return': why }
  const papers = [
    paper('entered', { seen: asked('CD002C') }),
    paper('issued', { seen: asked('CD002C'), explained }),
    paper('issued', { seen: asked('CD114C'), explained }),
    paper('returned', { seen: asked('CD164C'), explained }),
    paper('returned'),
  ]
  const closed = act(mode('ended'), 'close', {}, { papers })
  assert.ok(closed.outcome === 'moved')
  assert.equal(closed.detail, `${mrn} CD002C XK000301 7, ${mrn} CD114C XK000301 7, ${mrn} CD164C XK000301 1`)
  const sent = closed.changes.flatMap((change) => (change.do === 'send' ? change.send : []))
  const group = { referenceNumber: 'XK000301' }
  const rejected = (requestRejectionReasonCode: string) => ({ MRN: mrn, requestRejectionReasonCode })
  const answer = { to: { office: 'XK000301' }, answers: false, correlation: 'id' }
  assert.deepEqual(sent, [
    { ...answer, type: 'CD003C', doc: { TransitOperation: rejected('7'), CustomsOfficeOfDestinationActual: group } },
    {
      ...answer,
      type: 'CD115C',
      doc: {
        TransitOperation: rejected('7'),
        CustomsOfficeOfTransitActual: { ...group, guaranteeNotValidForCountry: '0' },
      },
    },
    { ...answer, type: 'CD165C', doc: { TransitOperation: rejected('1'), CustomsOfficeOfExitForTransitActual: group } },
  ])
})

test('every act is offered in some state, and every state of a mode answers every act', () => {
  const states = [NO_RECORD, ...law.fallback.machine.states]
  for (const role of ['departure', 'destination'] as const) {
    const offered = new Set(states.flatMap((state) => fallbackActs(law, { role, state }).map((each) => each.act)))
    assert.deepEqual(
      [...offered].sort(),
      law.fallback.acts
        .filter((each) => each.role === role)
        .map((each) => each.act)
        .sort(),
    )
    for (const state of states)
      for (const each of law.fallback.acts.filter((one) => one.role === role)) {
        const decision = act(mode(state, { role }), each.act, { ...register, ...at('09:00') })
        assert.ok(['moved', 'refused', 'conflict'].includes(decision.outcome), `${state} ${each.act}`)
      }
  }
  const refused = [...law.fallback.machine.rows, ...law.fallback.paper.rows]
    .flatMap((row) => row.does)
    .filter((effect) => effect.startsWith('refuse:'))
    .map((effect) => effect.slice('refuse:'.length))
  // F16, F17, F18: found by the decision itself.
  assert.deepEqual([...new Set([...refused, 'F16', 'F17', 'F18'])].sort(), [...law.fallback.refusals.keys()].sort())
})
