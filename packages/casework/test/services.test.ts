/** Whose system is unavailable: announced, taken, answered, and refused; and what does not fall due meanwhile. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { dateTimeOf, type Doc, momentOf } from '@corridor/customs'
import { text } from '@corridor/procedures'
import type { Announcement, AvailabilityOutcome } from '../src/index.ts'
import { carrier, clock, corridorXml, errorsOf, law, released, startNode, type TestNode } from './nodes.ts'

const dayMs = 86_400_000
let al: TestNode
let xk: TestNode
let aheadMs = 0
const now = (): Date => new Date(clock().getTime() + aheadMs)
const moment = (days: number): string => dateTimeOf(new Date(now().getTime() + days * dayMs))

before(async () => {
  al = await startNode('al', undefined, { clock: now })
  xk = await startNode('xk', undefined, { clock: now })
})
after(async () => {
  await al.stop()
  await xk.stop()
})

const keyOf = (accountId: string, key: string = randomUUID()) => ({
  accountId,
  key,
  requestDigest: Buffer.alloc(32),
})

const planned = {
  type: 'S',
  functionality: 'T',
  explanation: '01',
  text: 'Move to another computing centre',
  fallback: true,
  fallbackText: null,
}

const announce = (
  node: TestNode,
  unavailability: Partial<Announcement['unavailability']>,
  operation: Announcement['operation'] = 'C',
  account = `${node.id}-desk`,
  key?: string,
): Promise<AvailabilityOutcome> =>
  node.casework.announceUnavailability(node.account(account), {
    operation,
    unavailability: { ...planned, startsAt: moment(1), endsAt: moment(2), ...unavailability },
    idempotency: keyOf(account, key),
  })

/** What the central services write: a notice or the schedule with one unavailability a country. */
const written = (type: 'CD071C' | 'CD971C', said: (Partial<typeof planned> & Doc)[]): Buffer => {
  const Country = said.map(({ country = 'XK', operation = 'C', ...group }, at) => ({
    sequenceNumber: String(at + 1),
    country,
    Action: [
      {
        sequenceNumber: '1',
        operation,
        Unavailability: [{ sequenceNumber: '1', type: 'U', functionality: 'T', explanation: '02', ...group }],
      },
    ],
  }))
  const [{ sequenceNumber: _, ...first } = { sequenceNumber: '' }] = Country
  return Buffer.from(
    law.messages.get(type)?.write({
      messageSender: 'CS',
      messageRecipient: 'NTA.AL',
      preparationDateAndTime: moment(0),
      messageIdentification: randomUUID().replaceAll('-', ''),
      messageType: type,
      Country: type === 'CD071C' ? first : Country,
    }) ?? '',
  )
}

const known = async (node: TestNode): Promise<string[]> =>
  (await node.casework.availability()).unavailabilities.map(({ country, type, startsAt, endsAt, isNow, isOwn }) =>
    `${country} ${type} ${startsAt} ${endsAt} ${isOwn ? 'own ' : ''}${isNow ? 'now' : ''}`.trim(),
  )

test('the desk announces, changes and takes back; the central services read each (CD070C)', async () => {
  const [startsAt, endsAt] = [moment(1), moment(2)]
  const done = await announce(al, { startsAt, endsAt })
  assert.equal(done.kind, 'done')
  const told = await al.lastSent('CD070C')
  assert.deepEqual([told.link, told.recipient], ['mailbox', 'system:central'])
  assert.deepEqual(
    ['country', 'Action.operation', 'Action.Unavailability.type', 'Action.Unavailability.startDateAndTime'].map(
      (path) => text(told.doc, `Country.${path}`),
    ),
    ['AL', 'C', 'S', startsAt],
  )
  assert.equal(text(told.doc, 'Country.Action.Unavailability.Fallback.flag'), '1')
  assert.deepEqual(await known(al), [`AL S ${startsAt} ${endsAt} own`])
  assert.equal((await announce(al, { startsAt, endsAt })).kind, 'conflict')
  const later = moment(3)
  assert.equal((await announce(al, { startsAt, endsAt: later }, 'U')).kind, 'done')
  assert.deepEqual(await known(al), [`AL S ${startsAt} ${later} own`])
  assert.equal((await announce(al, { startsAt: moment(1.5), endsAt: later }, 'D')).kind, 'conflict')
  assert.equal((await announce(al, { startsAt, endsAt: later }, 'D')).kind, 'done')
  assert.equal(text((await al.lastSent('CD070C')).doc, 'Country.Action.operation'), 'D')
  assert.deepEqual(await known(al), [])
})

test('the same announcement again is the first one; nobody but the desk announces', async () => {
  const [startsAt, endsAt, key] = [moment(5), moment(6), randomUUID()]
  const before = (await al.sent()).length
  const [first, second] = [
    await announce(al, { startsAt, endsAt }, 'C', 'al-desk', key),
    await announce(al, { startsAt, endsAt }, 'C', 'al-desk', key),
  ]
  assert.deepEqual(second, first)
  assert.equal((await al.sent()).length, before + 1)
  assert.equal((await announce(al, { startsAt, endsAt }, 'D', 'durres')).kind, 'forbidden')
  assert.equal((await announce(al, { startsAt, endsAt }, 'D')).kind, 'done')
})

test('what cannot be announced is refused field by field', async () => {
  const fieldsOf = async (wrong: Partial<Announcement['unavailability']>) => {
    const outcome = await announce(al, wrong)
    return outcome.kind === 'invalid' ? outcome.errors.map(({ field }) => field) : outcome.kind
  }
  for (const [wrong, fields] of [
    [{ type: 'N' }, ['type']],
    [{ type: '', functionality: 'X', explanation: '9' }, ['type', 'functionality', 'explanation']],
    [{ startsAt: '2026-12-01' }, ['startsAt']],
    [{ startsAt: '2026-02-30T10:00:00' }, ['startsAt']],
    [{ startsAt: moment(800), endsAt: moment(801) }, ['startsAt']],
    [{ startsAt: moment(-40) }, ['startsAt']],
    [{ endsAt: null }, ['endsAt']],
    [{ endsAt: moment(0.5) }, ['endsAt']],
    [{ endsAt: 'soon' }, ['endsAt']],
    [{ text: 'two\nlines' }, ['text']],
    [{ text: 'x'.repeat(513) }, ['text']],
    [{ fallback: null, fallbackText: 'on paper' }, ['fallbackText']],
  ] as const)
    assert.deepEqual(await fieldsOf(wrong), fields, JSON.stringify(wrong))
  assert.deepEqual(await known(al), [])
})

test('a node without an account of the central services keeps what is announced, and says that nobody is told', async () => {
  assert.equal((await announce(xk, {})).kind, 'done')
  const view = await xk.casework.availability()
  assert.deepEqual([view.isTold, view.unavailabilities.length], [false, 1])
  assert.deepEqual(await xk.sent(), [])
  await xk.db.query('delete from unavailability')
})

test('a notice adds, changes and takes away; the schedule takes the place of all that is known of others', async () => {
  const startsAt = moment(-0.5)
  const [startDateAndTime, endDateAndTime] = [startsAt, moment(0.5)]
  await announce(al, { startsAt: moment(3), endsAt: moment(4) })
  const [own = ''] = await known(al)
  await al.post('central-system', written('CD071C', [{ startDateAndTime }]))
  assert.deepEqual(await known(al), [`XK U ${startsAt} null now`, own])
  await al.post('central-system', written('CD071C', [{ operation: 'U', startDateAndTime, endDateAndTime }]))
  assert.deepEqual(await known(al), [`XK U ${startsAt} ${endDateAndTime} now`, own])
  await al.post('central-system', written('CD071C', [{ operation: 'D', startDateAndTime }]))
  assert.deepEqual(await known(al), [own])
  await al.post('central-system', written('CD071C', [{ startDateAndTime }]))
  const [other, otherEnd] = [moment(2), moment(3)]
  await al.post(
    'central-system',
    written('CD971C', [
      { startDateAndTime: other, type: 'S', endDateAndTime: otherEnd },
      { country: 'AL', startDateAndTime },
    ]),
  )
  assert.deepEqual(await known(al), [`XK S ${other} ${otherEnd}`, own], 'of our own system we know better')
  await al.db.query('delete from unavailability')
})

test('what is wrong with a notice, or who sends it, is refused where the sender reads it, and nothing changes', async () => {
  const right = written('CD071C', [{ startDateAndTime: moment(0) }])
  const refusals: [account: string, xml: string | Buffer, by: string, link: string, errors: RegExp][] = [
    ['export-system', right, 'CD906C', 'system:aes', /N0090/],
    ['adria', right, 'CC906C', 'ALL12345678A', /N0090/],
    [
      'central-system',
      written('CD071C', [{ startDateAndTime: moment(0), country: 'QX' }]),
      'CD906C',
      'system:central',
      /CL070/,
    ],
    ['central-system', right.toString().replace('<type>U</type>', '<type>X</type>'), 'CC917C', 'system:central', /^$/],
    [
      'central-system',
      corridorXml('unavailability-notice', { sender: 'CS', startsAt: 'soon' }),
      'CC917C',
      'system:central',
      /^$/,
    ],
    ['adria', questionOf(moment(0)), 'CC906C', 'ALL12345678A', /N0008/],
  ]
  for (const [account, xml, by, recipient, errors] of refusals) {
    await al.post(account, xml)
    const refused = await al.lastSent(by)
    assert.deepEqual([refused.link, refused.recipient], ['mailbox', recipient])
    assert.match(errorsOf(refused.doc).join(' '), errors)
  }
  await al.take('CD071C', right)
  const refused = await al.lastSent('CD906C')
  assert.equal(refused.link, 'as4')
  assert.match(errorsOf(refused.doc).join(), /N0090/)
  assert.deepEqual(await known(al), [])
  assert.deepEqual(await al.parked(), [])
})

/** A question about a movement that nobody knows: it is answered all the same. */
function questionOf(preparationDateAndTime: string): Buffer {
  const doc: Doc = {
    messageSender: 'NTA.XK',
    messageRecipient: 'NTA.AL',
    preparationDateAndTime,
    messageIdentification: 'Q1',
    messageType: 'CD974C',
    Header: { MRN: '26ALABCDEFGHIJK1J6' },
  }
  return Buffer.from(law.messages.get('CD974C')?.write(doc) ?? '')
}

test('a partner is asked whether it is available, and answers by itself', async () => {
  const { mrn } = await released(al)
  const carry = carrier(al, xk)
  const ask = (country: string, about = mrn, account = 'durres') =>
    al.casework.askAvailability(al.account(account), { country, mrn: about, idempotency: keyOf(account) })
  for (const [country, about, field] of [
    ['AL', mrn, 'country'],
    ['MK', mrn, 'country'],
    ['XK', '26AL', 'mrn'],
  ] as const) {
    const outcome = await ask(country, about)
    assert.deepEqual(outcome.kind === 'invalid' && outcome.errors.map((error) => error.field), [field])
  }
  const asked = await ask('XK')
  assert.ok(asked.kind === 'done')
  assert.deepEqual(
    asked.availability.asked.map(({ status, answeredAt }) => [status, answeredAt]),
    [[null, null]],
  )
  await carry()
  const answered = async () =>
    (await al.casework.availability()).asked.map(({ party, mrn: of, status }) => [party, of, status])
  assert.deepEqual(await answered(), [['NTA.XK', mrn, 'AVA']])
  await announce(xk, { type: 'U', startsAt: moment(-0.1), endsAt: null })
  await ask('XK')
  await carry()
  assert.deepEqual(await answered(), [['NTA.XK', mrn, 'UNA']])
  await al.take('CD975C', { ...(await xk.lastSent('CD975C')).doc, Header: { MRN: mrn, status: 'AVA' } })
  assert.deepEqual(await answered(), [['NTA.XK', mrn, 'UNA']], 'nobody asked again')
  await xk.take('CD974C', questionOf(moment(0)), { sender: 'NTA.AL' })
  assert.equal(text((await xk.lastSent('CD975C')).doc, 'Header.MRN'), '26ALABCDEFGHIJK1J6')
  await xk.db.query('delete from unavailability')
})

test('as long as a partner is announced unavailable, what waits for its documents does not fall due', async () => {
  await al.db.query('delete from movement_timer')
  const { mrn } = await released(al)
  const next = () => al.casework.nextTimer((error) => assert.fail(String(error)))
  const view = async () => (await al.view('durres', mrn)) ?? assert.fail(mrn)
  const dueOf = async () => (await view()).timers.find(({ timer }) => timer === 'arrival-limit')?.due
  await al.post('central-system', written('CD071C', [{ startDateAndTime: moment(0) }]))
  aheadMs = 20 * dayMs
  assert.equal(await next(), true)
  assert.equal((await view()).status.code, 'released')
  const put = Date.parse((await dueOf()) ?? '')
  assert.ok(Math.abs(put - now().getTime() - dayMs) < 60_000, 'looked at again a day later')
  assert.match((await view()).timers[0]?.note ?? '', /^Kosovo: .* – \?$/)
  assert.deepEqual(
    (await view()).audit.map(({ code }) => code).filter((code) => code === 'timer-put-off'),
    ['timer-put-off'],
  )
  // It ends in half a day: a day after that the partner has had its time.
  const [said] = (await al.casework.availability()).unavailabilities
  const endDateAndTime = moment(0.5)
  await al.post(
    'central-system',
    written('CD071C', [{ operation: 'U', startDateAndTime: said?.startsAt ?? '', endDateAndTime }]),
  )
  aheadMs += dayMs - 60_000 * 60 * 13
  await al.db.query(`update movement_timer set due = '${now().toISOString()}', look_at = '${now().toISOString()}'`)
  assert.equal(await next(), true)
  assert.equal(await dueOf(), new Date(momentOf(endDateAndTime).getTime() + dayMs).toISOString())
  aheadMs += 2 * dayMs
  assert.equal(await next(), true)
  assert.equal((await view()).status.code, 'status-asked')
  aheadMs = 0
  await al.db.query('delete from unavailability')
  await al.db.query('delete from movement_timer')
})
