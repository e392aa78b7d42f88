/** Fallback modes on real PostgreSQL: numbers that nobody else is given, forms that are entered later, and what reconciliation finds. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { isMrn } from '@corridor/customs'
import { text } from '@corridor/procedures'
import type { ActFields, FallbackActOutcome, FallbackView } from '../src/index.ts'
import {
  carrier,
  clock,
  consignee,
  corridorXml,
  declarant,
  declaration,
  newLrn,
  put,
  startNode,
  type TestNode,
} from './nodes.ts'

let al: TestNode
let xk: TestNode
before(async () => {
  al = await startNode('al')
  xk = await startNode('xk')
})
after(async () => {
  await al.stop()
  await xk.stop()
})

/** hh:mm on the wall in Tirana, so many minutes from now. */
const wall = (minutes: number): { date: string; time: string } => {
  const parts = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Tirane', dateStyle: 'short', timeStyle: 'short' })
  const [date = '', time = ''] = parts.format(new Date(clock().getTime() + minutes * 60_000)).split(' ')
  return { date, time }
}

const asked = (
  node: TestNode,
  who: string,
  id: string | undefined,
  act: string,
  fields: ActFields,
  version: number,
): Promise<FallbackActOutcome> =>
  node.casework.actOnFallback(node.account(who), id, {
    act,
    version,
    fields,
    idempotency: { accountId: who, key: randomUUID(), requestDigest: createHash('sha256').update(act).digest() },
  })

const done = (outcome: FallbackActOutcome): FallbackView =>
  outcome.kind === 'done' ? outcome.fallback : assert.fail(JSON.stringify(outcome))

const detailOf = (outcome: FallbackActOutcome): string =>
  outcome.kind === 'conflict' ? outcome.detail : assert.fail(JSON.stringify(outcome))

/** Acts on the mode as it is now. */
async function act(mode: FallbackView, name: string, fields: ActFields = {}, node = al, who = 'durres') {
  const now = (await node.casework.fallback(node.account(who), mode.id)) ?? assert.fail(mode.id)
  return asked(node, who, mode.id, name, fields, now.version)
}

const view = async (mode: FallbackView, node = al, who = 'durres') =>
  (await node.casework.fallback(node.account(who), mode.id)) ?? assert.fail(mode.id)

const flagsOf = (mode: FallbackView, mrn: string) =>
  mode.entries.find((entry) => entry.mrn === mrn)?.flags.map(({ flag }) => flag)

/** A mode that began an hour ago, with so many forms. */
const begun = async (minutes = -60): Promise<FallbackView> =>
  done(await asked(al, 'durres', undefined, 'begin', { reason: '1', ...wall(minutes) }, 0))

/** The next form, as it stands in the register. */
async function registered(mode: FallbackView, lrn: string, change: ActFields = {}): Promise<string> {
  const { next } = await view(mode)
  const fields = { mrn: next, declarant, lrn, ...wall(-30), packages: '28', grossMass: '13780', ...change }
  done(await act(mode, 'register', fields))
  return next ?? assert.fail('no form is left')
}

/** Ends and closes what a test leaves open. */
async function closed(mode: FallbackView): Promise<void> {
  if ((await view(mode)).status.code === 'open') done(await act(mode, 'end', wall(0)))
  done(await act(mode, 'return-unused'))
  for (const entry of (await view(mode)).entries)
    for (const { flag, explained } of entry.flags)
      if (explained === null) done(await act(mode, 'explain', { mrn: entry.mrn, flag, why: 'For this test' }))
  done(await act(mode, 'close'))
}

test('two officers begin at once: one mode, numbered; the other is told which', async () => {
  const both = await Promise.all(
    [1, 2].map(() => asked(al, 'durres', undefined, 'begin', { reason: '1', ...wall(-5) }, 0)),
  )
  const [first] = both.flatMap((outcome) => (outcome.kind === 'done' ? [outcome.fallback] : []))
  assert.match(first?.number ?? '', /^AL000101\/2026\/\d+$/)
  const refused = both.filter(({ kind }) => kind !== 'done')
  assert.equal(refused.length, 1)
  assert.match(detailOf(refused[0] ?? assert.fail()), new RegExp(`is in fallback mode ${first?.number}`))
  // And while it is open no other begins.
  assert.match(
    detailOf(await asked(al, 'durres', undefined, 'begin', { reason: '1', ...wall(-5) }, 0)),
    /End it before/,
  )
  await closed(first ?? assert.fail())
})

test('reserved MRNs have a check digit and a place of their own: no declaration is given one', async () => {
  const mode = await begun()
  assert.equal(mode.entries.length, 20)
  assert.ok(mode.entries.every(({ mrn, state }) => isMrn(mrn) && mrn.startsWith('26ALF') && state === 'reserved'))
  assert.equal(new Set(mode.entries.map(({ mrn }) => mrn)).size, 20)
  for (let made = 0; made < 8; made += 1) {
    await al.post('adria', declaration())
    const accepted = await al.lastSent('CC028C')
    assert.doesNotMatch(text(accepted.doc, 'TransitOperation.MRN') ?? '', /^26ALF/)
  }
  await closed(mode)
})

test('a block that is used up: no form is left, more are reserved, up to the most', async () => {
  const mode = done(await asked(al, 'durres', undefined, 'prepare', { count: 2 }, 0))
  assert.match(
    detailOf(await asked(al, 'durres', undefined, 'prepare', { count: 2 }, 0)),
    /has a fallback mode with forms/,
  )
  assert.match(
    detailOf(await asked(al, 'durres', undefined, 'begin', { reason: '1', ...wall(-60) }, 0)),
    /Begin that one/,
  )
  done(await act(mode, 'begin', { reason: '2', ...wall(-60) }))
  const used = [await registered(mode, newLrn()), await registered(mode, newLrn())]
  assert.equal((await view(mode)).next, null)
  const fields = { declarant, ...wall(-30), packages: '1', grossMass: '1' }
  // A form is used once, and one that is not of this mode is none.
  assert.match(
    detailOf(await act(mode, 'register', { ...fields, mrn: used[0] ?? '', lrn: newLrn() })),
    /This MRN is used/,
  )
  assert.match(
    detailOf(await act(mode, 'register', { ...fields, mrn: '26AL', lrn: newLrn() })),
    /no paper with this MRN/,
  )
  assert.equal(done(await act(mode, 'reserve', { count: 3 })).entries.length, 5)
  assert.match(detailOf(await act(mode, 'reserve', { count: 496 })), /500 are reserved/)
  await closed(mode)
})

test('outage, paper, later entry: the movement has the MRN and the day of the form, and is matched', async () => {
  const mode = await begun()
  const lrn = newLrn()
  const mrn = await registered(mode, lrn)
  // What is open is not ended with what is missing; what is ended is not closed with it.
  assert.deepEqual(flagsOf(await view(mode), mrn), [])
  assert.match(detailOf(await act(mode, 'end', wall(-31))), new RegExp(`${mrn} happened at .*${wall(-30).time}`))
  done(await act(mode, 'end', wall(-10)))
  assert.deepEqual(flagsOf(await view(mode), mrn), ['not-entered'])
  assert.match(detailOf(await act(mode, 'close')), new RegExp(`${mrn} not-entered`))
  await al.post('adria', declaration({ lrn }))
  const movement = (await al.view('durres', mrn)) ?? assert.fail()
  assert.deepEqual([movement.status.code, movement.lrn], ['released', lrn])
  const sent = (await al.sent()).filter(({ doc }) => text(doc, 'TransitOperation.MRN') === mrn).map(({ type }) => type)
  assert.deepEqual(sent, ['CC028C', 'CD203C', 'CD205C', 'CC029C', 'CD001C', 'CD050C'])
  const after = await view(mode)
  const entry = after.entries.find((each) => each.mrn === mrn)
  assert.deepEqual([entry?.state, entry?.result.code, entry?.movement?.code], ['entered', 'matched', 'released'])
  // The same declaration again is a repeat, under the LRN and under the MRN.
  await al.post('adria', declaration({ lrn }))
  assert.match(text((await al.lastSent('CC056C')).doc, 'TransitOperation.rejectionReason') ?? '', /LRN was used before/)
  await al.post('adria', declaration({ lrn: mrn }))
  assert.match(text((await al.lastSent('CC056C')).doc, 'TransitOperation.rejectionReason') ?? '', /entered before/)
  // Every form is accounted for before the mode is closed.
  assert.match(detailOf(await act(mode, 'close')), /not-accounted/)
  assert.equal(done(await act(mode, 'return-unused')).papers['returned'], 19)
  const end = done(await act(mode, 'close'))
  assert.deepEqual(
    end.audit.map(({ code }) => code),
    [
      'fallback-begun',
      'fallback-registered',
      'fallback-ended',
      'fallback-entered',
      'fallback-returned',
      'fallback-closed',
    ],
  )
})

test('a form is entered by its declarant only, under its LRN or its MRN, and not before it is registered', async () => {
  const mode = await begun()
  const reserved = mode.next ?? assert.fail()
  const why = async (xml: string, trader = 'adria') => {
    await al.post(trader, xml)
    return text((await al.lastSent('CC056C')).doc, 'FunctionalError.errorReason')
  }
  assert.equal(await why(declaration({ lrn: reserved })), 'N0101')
  const mrn = await registered(mode, newLrn())
  const other = declaration({ lrn: mrn }).replaceAll(declarant, 'ALK98765432B')
  assert.equal(await why(other, 'guarantor'), 'N0102')
  assert.equal(await why(put(declaration({ lrn: mrn }), 'additionalDeclarationType', 'D')), 'N0103')
  await al.post('adria', declaration({ lrn: mrn }))
  assert.equal((await al.view('durres', mrn))?.status.code, 'released')
  await closed(mode)
})

test('who declared electronically as well is flagged until one of the two is invalidated', async () => {
  const lrn = newLrn()
  await al.post('adria', declaration({ lrn }))
  const electronic = text((await al.lastSent('CC028C')).doc, 'TransitOperation.MRN') ?? ''
  const mode = await begun()
  const mrn = await registered(mode, lrn)
  assert.deepEqual(flagsOf(await view(mode), mrn), ['double'])
  assert.equal((await view(mode)).entries[0]?.double, electronic)
  await al.post('adria', declaration({ lrn: mrn }))
  assert.deepEqual(flagsOf(await view(mode), mrn), ['double'])
  assert.equal((await al.act('durres', electronic, 'invalidate', { text: 'It left on paper' })).kind, 'done')
  await al.settle()
  assert.deepEqual(flagsOf(await view(mode), mrn), [])
  await closed(mode)
})

test('goods that arrive before the entry are flagged with who asks; departure answers with the entry', async () => {
  const mode = await begun()
  const lrn = newLrn()
  const mrn = await registered(mode, lrn)
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  const asking = await xk.lastSent('CD002C')
  await al.take('CD002C', asking.payload, { conversation: mrn })
  await al.take('CD002C', asking.payload, { conversation: mrn })
  const seen = await view(mode)
  assert.deepEqual(flagsOf(seen, mrn), ['seen-not-entered'])
  assert.deepEqual(
    seen.entries[0]?.seen.map(({ office, document }) => [office.ref, document]),
    [['XK000301', 'CD002C']],
  )
  assert.equal(
    (await al.sent()).some(({ type }) => type === 'CD003C'),
    false,
  )
  assert.match(detailOf(await act(mode, 'void', { mrn, why: 'Spoilt' })), /the goods left on the form/)
  await al.post('adria', declaration({ lrn }))
  await xk.take('CD001C', (await al.lastSent('CD001C')).payload, { conversation: mrn })
  assert.equal((await xk.view('prizren', mrn))?.status.code, 'arrived')
  assert.deepEqual(flagsOf(await view(mode), mrn), [])
  await closed(mode)
})

test('goods that left and were never entered: the form cannot be returned, and with the close the office that asked is refused', async () => {
  const mode = await begun()
  const carry = carrier(al, xk)
  await carry()
  const mrn = mode.next ?? assert.fail()
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  const asking = await xk.lastSent('CD002C')
  await carry()
  assert.equal((await xk.view('prizren', mrn))?.status.code, 'requested')
  done(await act(mode, 'end', wall(0)))
  // What was seen is not among what is returned; it is registered, and can be explained then.
  const left = done(await act(mode, 'return-unused'))
  assert.deepEqual([left.papers['returned'], left.next], [19, mrn])
  assert.match(detailOf(await act(mode, 'close')), new RegExp(`${mrn} not-accounted seen-not-entered`))
  const fields = { mrn, declarant, lrn: newLrn(), ...wall(-30), packages: '28', grossMass: '13780' }
  done(await act(mode, 'register', fields))
  assert.match(detailOf(await act(mode, 'close')), new RegExp(`${mrn} seen-not-entered`))
  done(await act(mode, 'explain', { mrn, flag: 'seen-not-entered', why: 'The declarant is bankrupt' }))
  const end = done(await act(mode, 'close'))
  assert.equal(end.audit.at(-1)?.detail, `${mrn} CD002C XK000301 7`)
  const { doc } = await al.lastSent('CD003C')
  assert.deepEqual(
    [text(doc, 'correlationIdentifier'), text(doc, 'TransitOperation.requestRejectionReasonCode')],
    [text(asking.doc, 'messageIdentification'), '7'],
  )
  assert.deepEqual(await carry(), ['CD003C'])
  assert.equal((await xk.view('prizren', mrn))?.status.code, 'refused')
  const told = (await xk.lastSent('CC057C')).doc
  assert.deepEqual([text(told, 'TransitOperation.MRN'), text(told, 'FunctionalError.errorReason')], [mrn, 'N0030'])
  // Who asks after the close is answered at once, and no second time with an entry.
  await al.take('CD002C', asking.payload, { conversation: mrn })
  assert.equal(text((await al.lastSent('CD003C')).doc, 'TransitOperation.requestRejectionReasonCode'), '1')
})

test('what the register, the declaration and the office of guarantee say otherwise is flagged', async () => {
  const mode = await begun()
  const lrn = newLrn()
  const mrn = await registered(mode, lrn, { packages: '27' })
  const copied = { mrn, declarant, lrn, ...wall(-30), packages: '26', grossMass: '13780' }
  assert.equal(done(await act(mode, 'correct', copied)).entries[0]?.packages, 26)
  await al.post('adria', put(declaration({ lrn }), 'amountToBeCovered', '999999.00'))
  assert.match(detailOf(await act(mode, 'correct', copied)), /entered or returned already/)
  assert.equal((await al.view('durres', mrn))?.status.code, 'released')
  assert.deepEqual(flagsOf(await view(mode), mrn), ['not-secured', 'differs-from-register'])
  const same = { mrn, declarant, lrn: newLrn(), ...wall(-30), packages: '1', grossMass: '1' }
  assert.match(detailOf(await act(mode, 'register', same)), /This MRN is used/)
  const { next } = await view(mode)
  assert.match(detailOf(await act(mode, 'register', { ...same, mrn: next, lrn })), /another form with this LRN/)
  assert.match(detailOf(await act(mode, 'register', { ...same, mrn: next, ...wall(-120) })), /outside of the outage/)
  const wrong = await act(mode, 'register', { ...same, mrn: next, time: '25:00', packages: '0' })
  assert.ok(wrong.kind === 'invalid')
  assert.deepEqual(
    wrong.errors.map(({ field }) => field),
    ['time', 'packages'],
  )
  await closed(mode)
})

test('an office of destination notes arrivals on paper; each is matched by its notification', async () => {
  const began = await asked(xk, 'prizren', undefined, 'begin', { reason: '3', ...wall(-60) }, 0)
  const mode = done(began)
  assert.deepEqual([mode.role, mode.entries.length], ['destination', 0])
  await al.post('adria', declaration())
  const mrn = text((await al.lastSent('CC028C')).doc, 'TransitOperation.MRN') ?? ''
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A1' })).kind, 'done')
  await al.settle()
  await xk.take('CD001C', (await al.lastSent('CD001C')).payload, { conversation: mrn })
  done(await act(mode, 'note-arrival', { mrn, ...wall(-30), packages: '28' }, xk, 'prizren'))
  assert.match(
    detailOf(await act(mode, 'note-arrival', { mrn, ...wall(-30), packages: '1' }, xk, 'prizren')),
    /noted already/,
  )
  done(await act(mode, 'correct', { mrn, ...wall(-30), packages: '27' }, xk, 'prizren'))
  assert.deepEqual(flagsOf(await view(mode, xk, 'prizren'), mrn), ['arrival-differs'])
  done(await act(mode, 'correct', { mrn, ...wall(-30), packages: '28' }, xk, 'prizren'))
  done(await act(mode, 'end', wall(-10), xk, 'prizren'))
  assert.deepEqual(flagsOf(await view(mode, xk, 'prizren'), mrn), ['arrival-not-entered'])
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  const after = await view(mode, xk, 'prizren')
  assert.deepEqual([after.entries[0]?.result.code, flagsOf(after, mrn)], ['matched', []])
  assert.equal(done(await act(mode, 'close', {}, xk, 'prizren')).status.code, 'closed')
})

test('an officer enters the declaration of a form for its declarant; what is wrong with the file is said at once', async () => {
  const mode = await begun()
  const lrn = newLrn()
  const mrn = await registered(mode, lrn)
  const enter = (xml: string, of = mrn) =>
    al.casework.enterPaper(al.account('durres'), mode.id, of, {
      xml: Buffer.from(xml),
      idempotency: { accountId: 'durres', key: randomUUID(), requestDigest: createHash('sha256').update(xml).digest() },
    })
  const remedyOf = (outcome: FallbackActOutcome) =>
    outcome.kind === 'invalid' ? (outcome.errors[0]?.remedy ?? '') : assert.fail(JSON.stringify(outcome))
  assert.match(remedyOf(await enter('<nothing/>')), /as a file CC015C/)
  assert.match(
    remedyOf(await enter(declaration({ lrn: newLrn() }))),
    new RegExp(`the one on the form, or the MRN: ${lrn}`),
  )
  assert.match(remedyOf(await enter(declaration({ lrn }).replace('<grossMass>13780', '<grossMass>heavy'))), /grossMass/)
  assert.equal((await enter(declaration({ lrn }), (await view(mode)).next ?? '')).kind, 'conflict')
  // A rule that is broken is found when it is decided: the journal of the mode has it.
  assert.equal((await enter(put(declaration({ lrn }), 'typeOfPackages', 'Q1'))).kind, 'done')
  await al.settle()
  const refused = (await view(mode)).audit.at(-1)
  assert.equal(refused?.code, 'refused-document')
  assert.match(refused?.detail ?? '', /CL017 .*typeOfPackages/)
  assert.equal((await enter(declaration({ lrn }))).kind, 'done')
  await al.settle()
  assert.equal((await al.view('durres', mrn))?.status.code, 'released')
  assert.equal((await enter(declaration({ lrn }))).kind, 'conflict')
  await closed(mode)
})

test('forms are printed as long as they may be used, the register until the mode is closed', async () => {
  const mode = await begun()
  const mrn = await registered(mode, newLrn())
  const print = (kind: 'forms' | 'register', who = 'durres') =>
    al.casework.fallbackPaper(al.account(who), mode.id, kind, { languages: ['en', 'sq'] })
  const page = async (kind: 'forms' | 'register') => {
    const printed = await print(kind)
    return printed.kind === 'paper' ? printed.html : assert.fail(printed.kind)
  }
  assert.ok(!(await page('forms')).includes(mrn), 'a form that is used is not printed again')
  assert.equal((await page('forms')).match(/<table class="sheet">/g)?.length, 19)
  assert.ok((await page('register')).includes(mrn))
  assert.equal((await print('forms', 'durres-arrivals')).kind, 'not-found')
  done(await act(mode, 'end', wall(0)))
  assert.equal((await print('forms')).kind, 'conflict')
  assert.equal((await print('register')).kind, 'paper')
  await closed(mode)
  assert.equal((await print('register')).kind, 'conflict')
})

test('only officers of departure and destination, each at the own office, see a mode and act on it', async () => {
  const mode = await begun()
  assert.equal(await al.casework.fallbacks(al.account('tirana'), { page: 1, pageSize: 10 }), undefined)
  assert.equal((await asked(al, 'tirana', undefined, 'begin', { reason: '1', ...wall(-5) }, 0)).kind, 'forbidden')
  assert.equal(await al.casework.fallback(al.account('durres-arrivals'), mode.id), undefined)
  assert.equal((await asked(al, 'durres-arrivals', mode.id, 'end', wall(0), mode.version)).kind, 'not-found')
  assert.equal((await asked(al, 'durres', mode.id, 'end', wall(0), mode.version + 1)).kind, 'conflict')
  assert.equal((await asked(al, 'durres', mode.id, 'prepare', { count: 1 }, mode.version)).kind, 'conflict')
  const listed = await al.casework.fallbacks(al.account('durres'), { page: 1, pageSize: 2 })
  assert.equal(listed?.items[0]?.number, mode.number)
  await closed(mode)
})
