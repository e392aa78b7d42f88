/** Guarantees: what is held is held once, never more than there is, and given back once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Doc } from '@corridor/customs'
import { text, texts } from '@corridor/procedures'
import { ledgerOf } from '@corridor/registry'
import {
  accepted,
  accessCode,
  declaration,
  errorsOf,
  grn,
  put,
  declarant,
  readDocument,
  released,
  startNode,
  type TestNode,
} from './nodes.ts'

/** Has room for one movement of the corridor's declaration (5,000 of 7,000). */
const small = '26AL0009010000028'

let al: TestNode

before(async () => {
  al = await startNode('al')
})
after(() => al.stop())

const held = async (number: string): Promise<string | undefined> =>
  (await al.db.query<{ held: string }>('select locked::text as held from guarantee where grn = $1', [number]))[0]?.held

/** The reasons (CL252) in the answers of the office of guarantee that were sent after a document. */
const reasonsAfter = async (last: number): Promise<string[]> =>
  (await al.sent(last))
    .filter(({ type }) => type === 'CD201C' || type === 'CD205C')
    .flatMap(({ doc }) => texts(doc, 'Guarantee.GuaranteeReference.InvalidGuaranteeReason.code'))

const lastId = async (): Promise<number> => (await al.sent()).at(-1)?.id ?? 0

async function declareWith(element: string, value: string): Promise<{ reasons: string[]; state: string }> {
  const last = await lastId()
  await al.post('adria', put(declaration(), element, value))
  const [row] = await al.db.query<{ state: string }>(
    `select state from movement where role = 'departure' order by id desc limit 1`,
  )
  return { reasons: await reasonsAfter(last), state: row?.state ?? '' }
}

/** A CD209C for the whole use of the guarantee by a movement, in the name of an office of departure. */
const creditOf = (mrn: string, departure: string): Doc => ({
  messageSender: 'NTA',
  messageRecipient: 'NTA.AL',
  preparationDateAndTime: '2026-11-24T14:00:00',
  messageIdentification: 'X1',
  messageType: 'CD209C',
  TransitOperation: { MRN: mrn, arrivalDateAndTimeActual: '2026-11-24T14:00:00' },
  CustomsOfficeOfDeparture: { referenceNumber: departure },
  Guarantee: [
    {
      sequenceNumber: '1',
      guaranteeType: '1',
      GuaranteeReference: [
        { sequenceNumber: '1', GRN: grn, CustomsOfficeOfGuarantee: { referenceNumber: 'AL000901' } },
      ],
    },
  ],
})

test('G01 for a guarantee that nobody knows, G03 alone for a wrong access code, G09 for too little money', async () => {
  assert.deepEqual(await declareWith('GRN', '26AL0009010000046'), { reasons: ['G01'], state: 'guarantee-not-valid' })
  const wrong = await declareWith('accessCode', 'Zq7y')
  assert.deepEqual(wrong, { reasons: ['G03'], state: 'guarantee-not-valid' })
  const told = await al.lastSent('CC055C')
  assert.deepEqual(texts(told.doc, 'GuaranteeReference.InvalidGuaranteeReason.code'), ['G03'])
  assert.deepEqual(await declareWith('amountToBeCovered', '250000.01'), {
    reasons: ['G09'],
    state: 'guarantee-not-valid',
  })
  // A wrong code is answered alone even when the amount would be too much as well.
  const last = await lastId()
  await al.post('adria', put(put(declaration(), 'accessCode', '0000'), 'amountToBeCovered', '250000.01'))
  assert.deepEqual(await reasonsAfter(last), ['G03'])
  assert.equal(await held(grn), '0.00')
})

test('two movements at the same moment on a guarantee with room for one: exactly one is held', async () => {
  const mrns = [
    await accepted(al, put(declaration(), 'GRN', small)),
    await accepted(al, put(declaration(), 'GRN', small)),
  ]
  const last = await lastId()
  const outcomes = await Promise.all(mrns.map((mrn) => al.act('durres', mrn, 'release', { controlResult: 'A2' })))
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['done', 'done'],
  )
  await al.settle()
  const states = await Promise.all(mrns.map(async (mrn) => (await al.view('durres', mrn))?.status.code ?? ''))
  assert.deepEqual(states.sort(), ['guarantee-not-valid', 'released'])
  assert.deepEqual(await reasonsAfter(last), ['G09'])
  assert.equal(await held(small), '5000.00')
  assert.equal((await ledgerOf(al.db, small)).filter(({ op }) => op === 'lock').length, 1)
  assert.deepEqual(await al.parked(), [])
})

test('six uses at once race for the same balance: what fits is held, nothing more, nothing is given up', async () => {
  const mrns: string[] = []
  for (let n = 0; n < 6; n += 1) mrns.push(await accepted(al, put(declaration(), 'amountToBeCovered', '100000')))
  await Promise.all(mrns.map((mrn) => al.act('durres', mrn, 'release', { controlResult: 'A2' })))
  await al.settle()
  const states = await Promise.all(mrns.map(async (mrn) => (await al.view('durres', mrn))?.status.code))
  assert.equal(states.filter((state) => state === 'released').length, 2)
  assert.equal(states.filter((state) => state === 'guarantee-not-valid').length, 4)
  assert.equal(await held(grn), '200000.00')
  assert.deepEqual(await al.parked(), [])
})

test('the same CD203C again holds once, the same CD209C again credits once', async () => {
  const { mrn } = await released(al)
  const use = readDocument('CD203C', (await al.lastSent('CD203C')).payload)
  assert.equal(text(use, 'TransitOperation.MRN'), mrn)
  const before = await held(grn)
  const last = await lastId()
  await al.take('CD203C', use, { sender: 'NTA.AL' })
  await al.take('CD203C', use, { sender: 'NTA.AL' })
  assert.equal(await held(grn), before)
  // Asked again, the office says again that the amount is held; departure, released long ago, has no use for it and is not troubled.
  assert.deepEqual(
    (await al.sent(last)).map(({ type }) => type),
    ['CD205C', 'CD205C'],
  )
  assert.deepEqual((await al.view('durres', mrn))?.trouble, [])

  const doc = creditOf(mrn, 'AL000101')
  for (let n = 0; n < 3; n += 1) await al.take('CD209C', doc, { sender: 'NTA.AL' })
  const lines = (await ledgerOf(al.db, grn)).filter((line) => line.mrn === mrn)
  assert.deepEqual(
    lines.map(({ op, amount }) => [op, amount]),
    [
      ['lock', '5000.00'],
      ['credit', '5000.00'],
    ],
  )
  assert.equal((await al.view('tirana', mrn))?.status.code, 'credited')
  assert.deepEqual(await al.parked(), [])
})

test('a partner cannot free or use a guarantee in the name of a movement of ours', async () => {
  const { mrn } = await released(al)
  const before = await held(grn)
  const credit = creditOf(mrn, 'XK000301')
  await al.take('CD209C', credit)
  const answer = await al.lastSent('CD906C')
  assert.deepEqual([answer.recipient, errorsOf(answer.doc)], ['NTA.XK', [`/*/TransitOperation/MRN 14 N0014 ${mrn}`]])
  assert.equal(await held(grn), before)
  await al.take('CD209C', { ...credit, CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' } })
  assert.deepEqual(errorsOf((await al.lastSent('CD906C')).doc), [
    '/*/CustomsOfficeOfDeparture/referenceNumber 14 N0009 AL000101',
  ])
  assert.equal(await held(grn), before)
})

test('access codes are sealed in the record, and nowhere readable but in the two requests and the documents from and to the trader', async () => {
  await released(al)
  const rows = await al.db.query<{ readable: string; secrets: Buffer | null }>(
    `select data::text || summary::text || search as readable, secrets from movement`,
  )
  assert.ok(rows.some(({ secrets }) => secrets !== null))
  for (const { readable, secrets } of rows) {
    assert.ok(!readable.includes(accessCode))
    assert.ok(secrets?.toString('latin1').includes(accessCode) !== true)
  }
  const [digests] = await al.db.query<{ all: string }>(
    `select string_agg(guarantee::text || code::text, ' ') as all from guarantee join guarantee_access_code code using (grn)`,
  )
  assert.ok(!digests?.all.includes(accessCode))
  const requests = new Set(['CD200C', 'CD203C', 'CC029C'])
  for (const { type, payload } of await al.sent())
    if (!requests.has(type)) assert.ok(!payload.toString().includes(`>${accessCode}<`), type)
  assert.ok((await al.lastSent('CD203C')).payload.toString().includes(`>${accessCode}<`))
})

test('the release names guarantees as the declaration did, to the declarant alone; officers read it without access codes', async () => {
  const { mrn } = await released(al)
  const release = await al.lastSent('CC029C')
  assert.deepEqual([release.link, release.recipient], ['mailbox', declarant])
  assert.ok(release.payload.toString().includes(`<accessCode>${accessCode}</accessCode>`))
  const message = (await al.view('durres', mrn))?.messages.find(({ type }) => type === 'CC029C')
  const shown = Buffer.from(
    (await al.casework.movementMessage(al.account('durres'), mrn, message!.id)) ?? [],
  ).toString()
  assert.match(shown, /<accessCode>\*{4}<\/accessCode>/)
  assert.ok(!shown.includes(accessCode))
})

test('officers read documents without access codes, however the trader wrote them', async () => {
  const spellings = [
    `<accessCode>${accessCode}</accessCode>`,
    `<accessCode >${accessCode}</accessCode\n>`,
    `<accessCode><![CDATA[${accessCode}]]></accessCode>`,
    `<accessCode><!-- four characters -->${accessCode}</accessCode>`,
    `<accessCode>${[...accessCode].map((letter) => `&#${letter.charCodeAt(0)};`).join('')}</accessCode>`,
  ]
  for (const spelling of spellings) {
    const mrn = await accepted(
      al,
      declaration().replace(`<accessCode>${accessCode}</accessCode>`, () => spelling),
    )
    const view = await al.view('durres', mrn)
    for (const { id, type } of view?.messages ?? []) {
      const bytes = await al.casework.movementMessage(al.account('durres'), mrn, id)
      const shown = Buffer.from(bytes ?? []).toString()
      assert.notEqual(shown, '', `${type} can be read`)
      assert.ok(!shown.includes(accessCode) && !shown.includes('&#'), `${type} of ${spelling}`)
      if (type === 'CC015C') assert.match(shown, /<accessCode ?>\*{4}</)
    }
  }
})
