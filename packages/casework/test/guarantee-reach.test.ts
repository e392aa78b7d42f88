/** How far guarantees reach: national, recognised on both sides of the border, or one regional office; and other currencies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { text, texts } from '@corridor/procedures'
import { ledgerOf } from '@corridor/registry'
import {
  accessCode,
  declarant,
  declaration,
  directoryOf,
  errorsOf,
  type GuaranteeReach,
  put,
  registerFor,
  startNode,
  type Surroundings,
  type TestNode,
} from './nodes.ts'

const kosovan = '26XK0009010000019'
const albanian = '26AL0009010000055'

/** Both nodes with one guarantee of each country, and what carries documents between them. */
async function both(
  reach: GuaranteeReach,
  keepers: { al: string[]; xk: string[] },
  work: (al: TestNode, xk: TestNode, carry: () => Promise<string[]>) => Promise<void>,
  { currency = 'EUR', ...surroundings }: Surroundings & { currency?: string } = {},
): Promise<void> {
  const nodes = await Promise.all(
    (['al', 'xk'] as const).map((id) => startNode(id, directoryOf(id, reach), surroundings)),
  )
  const [al, xk] = nodes as [TestNode, TestNode]
  try {
    for (const node of [al, xk])
      for (const grn of keepers[node.id]) await registerFor(node, { grn, holder: declarant, currency })
    const carried = new Set<string>()
    await work(al, xk, async () => {
      const types: string[] = []
      for (;;) {
        const moved = types.length
        for (const [from, to] of [
          [al, xk],
          [xk, al],
        ] as const)
          for (const { id, type, link, payload, doc } of await from.sent()) {
            if (link !== 'as4' || carried.has(`${from.id} ${id}`)) continue
            carried.add(`${from.id} ${id}`)
            types.push(type)
            await to.take(type, payload, { conversation: text(doc, 'TransitOperation.MRN') ?? '' })
          }
        if (types.length === moved) return types
      }
    })
  } finally {
    await Promise.all([al.stop(), xk.stop()])
  }
}

const declared = async (al: TestNode, grn: string): Promise<string> => {
  await al.post('adria', declaration({ grn, accessCode }))
  return text((await al.lastSent('CC028C')).doc, 'TransitOperation.MRN') ?? assert.fail()
}

const lines = async (node: TestNode, grn: string): Promise<string[]> =>
  (await ledgerOf(node.db, grn)).map(({ op, amount, office }) => `${op} ${amount} ${office}`.trim())

test('mutual: Kosovo’s guarantee covers a movement that starts in Albania, asked and answered across the border', () =>
  both('mutual', { al: [albanian], xk: [kosovan] }, async (al, xk, carry) => {
    const mrn = await declared(al, kosovan)
    assert.deepEqual(await carry(), ['CD200C', 'CD201C'])
    assert.equal((await al.view('durres', mrn))?.status.code, 'accepted')
    assert.equal((await xk.view('prishtina', mrn))?.status.code, 'checked')
    await al.act('durres', mrn, 'release', { controlResult: 'A2' })
    assert.deepEqual(await carry(), ['CD203C', 'CD205C', 'CD001C', 'CD050C'])
    assert.equal((await al.view('durres', mrn))?.status.code, 'released')
    assert.deepEqual(await lines(xk, kosovan), ['open 9000.00', 'lock 5000.00 AL000101'])
    assert.deepEqual(await lines(al, albanian), ['open 9000.00'])
    // The officer of departure reads who was asked.
    const asked = (await al.view('durres', mrn))?.messages.find(({ type }) => type === 'CD203C')
    assert.equal(asked?.to.name, 'Prishtina Guarantees')
    // What Kosovo does not answer for, Albania's own office still does.
    const second = await declared(al, kosovan)
    await carry()
    const codes = texts((await al.lastSent('CC055C')).doc, 'GuaranteeReference.InvalidGuaranteeReason.code')
    assert.deepEqual([(await al.view('durres', second))?.status.code, codes], ['guarantee-not-valid', ['G09']])
    const third = await declared(al, albanian)
    assert.equal((await al.view('durres', third))?.status.code, 'accepted')
    assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
  }))

test('national: a guarantee of the other country is refused at the door, and by its own office when it is asked', async () => {
  await both('national', { al: [albanian], xk: [kosovan] }, async (al, _, carry) => {
    await al.post('adria', declaration({ grn: kosovan, accessCode }))
    assert.deepEqual(errorsOf((await al.lastSent('CC056C')).doc), [
      `/CC015C/Guarantee[1]/GuaranteeReference[1]/GRN 12 N0012 ${kosovan}`,
    ])
    const mrn = await declared(al, albanian)
    assert.equal((await al.view('durres', mrn))?.status.code, 'accepted')
    assert.deepEqual(await carry(), [])
  })
  // A partner that thinks otherwise.
  const [al, xk] = await Promise.all([
    startNode('al', directoryOf('al', 'mutual')),
    startNode('xk', directoryOf('xk', 'national')),
  ])
  try {
    await registerFor(xk, { grn: kosovan, holder: declarant, currency: 'EUR' })
    await declared(al, kosovan)
    await xk.take('CD200C', (await al.lastSent('CD200C')).payload)
    assert.deepEqual(errorsOf((await xk.lastSent('CD906C')).doc), [
      '/*/CustomsOfficeOfDeparture/referenceNumber 14 N0070 AL000101',
    ])
    assert.deepEqual(await lines(xk, kosovan), ['open 9000.00'])
  } finally {
    await Promise.all([al.stop(), xk.stop()])
  }
})

test('regional: one office keeps all guarantees, whatever country their numbers name', () =>
  both({ regional: 'XK000901' }, { al: [], xk: [albanian, kosovan] }, async (al, xk, carry) => {
    for (const grn of [albanian, kosovan]) {
      const mrn = await declared(al, grn)
      assert.deepEqual(await carry(), ['CD200C', 'CD201C'])
      await al.act('durres', mrn, 'release', { controlResult: 'A2' })
      assert.deepEqual(await carry(), ['CD203C', 'CD205C', 'CD001C', 'CD050C'])
      assert.equal((await al.view('durres', mrn))?.status.code, 'released')
      assert.deepEqual(await lines(xk, grn), ['open 9000.00', 'lock 5000.00 AL000101'])
    }
  }))

test('another currency: locked at the rate of the day of acceptance, and refused clearly where there is none for that day', async () => {
  const rate = { currency: 'CHF', perEuro: '0.95', validFrom: '2026-11-01', validTo: '2026-11-30' }
  await both(
    'national',
    { al: [albanian], xk: [] },
    async (al) => {
      const mrn = await declared(al, albanian)
      await al.act('durres', mrn, 'release', { controlResult: 'A2' })
      assert.equal((await al.view('durres', mrn))?.status.code, 'released')
      const [, lock] = await ledgerOf(al.db, albanian)
      assert.deepEqual(
        [lock?.amount, lock?.currency, lock?.asked],
        ['4750.00', 'CHF', { amount: '5000.00', currency: 'EUR', rate: '1/0.95 2026-11-24' }],
      )
    },
    { currency: 'CHF', guaranteeRules: { rates: [rate], suspendedGoods: [] } },
  )
  await both(
    'national',
    { al: [albanian], xk: [] },
    async (al) => {
      const mrn = await declared(al, albanian)
      assert.equal((await al.view('durres', mrn))?.status.code, 'guarantee-not-valid')
      const { doc } = await al.lastSent('CC055C')
      assert.equal(text(doc, 'GuaranteeReference.InvalidGuaranteeReason.code'), 'G09')
      assert.match(text(doc, 'GuaranteeReference.InvalidGuaranteeReason.text') ?? '', /no exchange rate/)
      const noted = (await al.view('tirana', mrn))?.audit.map(({ detail }) => detail)
      assert.ok(noted?.includes(`${albanian} refused G09 no rate for EUR`))
    },
    { currency: 'CHF', guaranteeRules: { rates: [{ ...rate, validTo: '2026-11-23' }], suspendedGoods: [] } },
  )
})

test('what was held for a movement that is not released is cancelled, in the ledger too', () =>
  both('mutual', { al: [albanian], xk: [kosovan] }, async (al, xk, carry) => {
    const reference = /<GuaranteeReference>[\s\S]*<\/GuaranteeReference>/.exec(declaration())?.[0] ?? ''
    const two = declaration({ grn: albanian, accessCode }).replace(
      '</GuaranteeReference>',
      () =>
        `</GuaranteeReference>${put(put(put(reference, 'sequenceNumber', '2'), 'GRN', kosovan), 'accessCode', accessCode)}`,
    )
    await al.post('adria', two)
    await carry()
    const mrn = text((await al.lastSent('CC028C')).doc, 'TransitOperation.MRN') ?? ''
    await xk.db.query('update guarantee set reference_amount = 1, available = 1 where grn = $1', [kosovan])
    await al.act('durres', mrn, 'release', { controlResult: 'A2' })
    await carry()
    assert.equal((await al.view('durres', mrn))?.status.code, 'guarantee-not-valid')
    assert.deepEqual(await lines(al, albanian), ['open 9000.00', 'lock 5000.00 AL000101'])
    await al.act('durres', mrn, 'refuse', { motivation: 'No' })
    await al.settle()
    assert.equal((await al.view('tirana', mrn))?.status.code, 'cancelled')
    assert.deepEqual(await lines(al, albanian), ['open 9000.00', 'lock 5000.00 AL000101', 'cancel 5000.00 AL000101'])
  }))
