/** Refusals at the office of destination, and of what administrations send one another. */
import assert from 'node:assert/strict'
import { compileCorrespondence, type Doc, makeMrn } from '@corridor/customs'
import { text } from '@corridor/procedures'
import { accepted, consignee, corridorXml, declarant, declaration, directoryOf, put, readDocument } from '../nodes.ts'
import { arrival, makeWorld, type RefusalCase, released, type World, written } from './case.ts'

/** The arrival at another office than declared, whose request for the record departure refuses. */
const refusedRecord = (before: (world: World) => Promise<{ mrn: string; office?: string }>): RefusalCase => ({
  by: 'CC057C',
  to: consignee,
  onlyAtDeparture: true,
  async reach(world) {
    const { mrn, office } = await before(world)
    // What other cases left on the way.
    await world.carry()
    await world.xk.post('sharr', arrival(mrn, office ?? 'XK000302'))
    return world.carry
  },
})

const notice = (type: string, doc: Doc): Buffer => written(type, 'NTA.XK', doc)
const given = (mrn: string): Doc => ({
  TransitOperation: { MRN: mrn, bindingItinerary: '0' },
  CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' },
  CustomsOfficeOfDestinationActual: { referenceNumber: 'XK000301' },
  ControlResult: { code: 'A1', date: '2026-11-24' },
})

const correspondence = (party: string, ...rows: string[]) =>
  compileCorrespondence(
    [
      '#name\tKinds of packages\n#source\tthis test\n#version\t1\n#status\tillustrative',
      `#from\t${party}\n#to\tcommon\n#owner\t${party}`,
      'list\tfrom\tto\tdirection\tvalidFrom\tvalidTo\tnote',
      ...rows.map((row) => `CL017\t${row}`),
      'CL017\t=\t=\tboth\t\t\t',
    ].join('\n'),
    party,
  )

export const arriving: Record<string, RefusalCase> = {
  N0004: {
    by: 'CC057C',
    to: 'XK820000002',
    async reach(world) {
      const mrn = await released(world)
      return () => world.xk.post('unauthorised', arrival(mrn))
    },
  },
  N0005: {
    by: 'CC057C',
    to: 'XK820000002',
    async reach(world) {
      const mrn = await released(world)
      return () => world.xk.post('unauthorised', arrival(mrn, 'XK000301', 'XK820000002'))
    },
  },
  N0006: {
    by: 'CC057C',
    to: consignee,
    async reach(world) {
      const mrn = await released(world)
      await world.xk.post('sharr', arrival(mrn))
      await world.carry()
      return () => world.xk.post('sharr', arrival(mrn))
    },
  },
  N0008: {
    by: 'CC906C',
    to: consignee,
    async reach(world) {
      await released(world)
      const { payload } = await world.al.lastSent('CD001C')
      return () => world.xk.post('sharr', payload)
    },
  },
  N0009: {
    by: 'CD906C',
    to: 'NTA.XK',
    async reach(world) {
      await released(world)
      const record = readDocument('CD001C', (await world.al.lastSent('CD001C')).payload)
      return () => world.xk.take('CD001C', record, { sender: 'NTA.XK' })
    },
  },
  N0015: {
    by: 'CD906C',
    to: 'NTA.AL',
    async reach(world) {
      await released(world)
      const record = readDocument('CD001C', (await world.al.lastSent('CD001C')).payload)
      const operation = record['TransitOperation'] as Doc
      const mrn = makeMrn('26', 'XK', 'OFKOSOVO0003', 'J')
      return () => world.xk.take('CD001C', { ...record, TransitOperation: { ...operation, MRN: mrn } })
    },
  },
  N0018: {
    by: 'CD906C',
    to: 'NTA.AL',
    world: () =>
      makeWorld(
        ['al'],
        ['xk', directoryOf('xk'), { correspondence: correspondence('NTA.XK', '\tCT\tback\t\t\tno cartons in Kosovo') }],
      ),
    async reach({ al, xk }) {
      const mrn = await accepted(al)
      await al.act('durres', mrn, 'release', { controlResult: 'A2' })
      const { payload } = await al.lastSent('CD001C')
      return () => xk.take('CD001C', payload)
    },
  },
  N0019: {
    by: 'CC056C',
    to: declarant,
    world: () =>
      makeWorld([
        'al',
        directoryOf('al'),
        { correspondence: correspondence('NTA.AL', 'CT\t\tforward\t\t\tonly within Albania') },
      ]),
    reach:
      async ({ al }) =>
      () =>
        al.post('adria', declaration()),
  },
  N0030: {
    by: 'CC057C',
    to: consignee,
    onlyAtDeparture: true,
    async reach(world) {
      const { xk, carry } = world
      const mrn = await released(world, declaration(), ['CD001C'])
      await xk.post('sharr', arrival(mrn))
      const answer: Doc = {
        TransitOperation: { MRN: mrn, requestRejectionReasonCode: '7' },
        CustomsOfficeOfDestinationActual: { referenceNumber: 'XK000301' },
      }
      await carry(['CD001C', 'CD002C'])
      return () => xk.take('CD003C', written('CD003C', 'NTA.AL', answer, 'NTA.XK'), { conversation: mrn })
    },
  },
  N0031: refusedRecord(async () => ({ mrn: makeMrn('26', 'AL', 'NOBODYKNOWS3', 'J'), office: 'XK000301' })),
  N0032: refusedRecord(async (world) => {
    const mrn = await released(world)
    await world.xk.post('sharr', arrival(mrn))
    await world.carry()
    return { mrn }
  }),
  N0033: refusedRecord(async (world) => {
    const route =
      '<CountryOfRoutingOfConsignment><sequenceNumber>1</sequenceNumber><country>XK</country></CountryOfRoutingOfConsignment>'
    const xml = put(declaration(), 'bindingItinerary', '1').replace('</DepartureTransportMeans>', `$&${route}`)
    return { mrn: await released(world, xml) }
  }),
  N0034: refusedRecord(async (world) => {
    const mrn = await released(world)
    assert.equal((await world.al.act('durres', mrn, 'invalidate', { text: 'Returned' })).kind, 'done')
    await world.carry()
    return { mrn }
  }),
  N0035: refusedRecord(async ({ al }) => ({ mrn: await accepted(al), office: 'XK000301' })),
  N0036: {
    ...refusedRecord(async (world) => {
      const mrn = await released(world)
      // The guarantor ended it for Kosovo while the goods were under way.
      await world.al.db.query(`update guarantee set not_valid_in = '{XK}'`)
      return { mrn }
    }),
    world: () => makeWorld(),
  },
  N0037: {
    by: 'CD906C',
    to: 'NTA.XK',
    async reach(world) {
      const { al, xk, carry } = world
      const other = await released(world)
      const fields = { code: '5', text: 'Brakes', place: 'R7, km 12', postcode: '20000', city: 'Prizren' }
      assert.equal((await xk.act('vermice', other, 'register-incident', fields)).kind, 'done')
      const late = readDocument('CD180C', (await xk.lastSent('CD180C')).payload)
      const mrn = await released(world)
      await xk.post('sharr', arrival(mrn))
      await carry()
      late['TransitOperation'] = { MRN: mrn, incidentNotificationDateAndTime: '2026-11-25T23:00:00' }
      return () => al.take('CD180C', late, { conversation: mrn })
    },
  },
  N0051: {
    by: 'CC057C',
    to: consignee,
    async reach(world) {
      const mrn = await released(world)
      await world.al.act('durres', mrn, 'invalidate', { text: 'Returned' })
      await world.carry()
      return () => world.xk.post('sharr', arrival(mrn))
    },
  },
  N0052: {
    by: 'CD906C',
    to: 'NTA.XK',
    async reach(world) {
      const mrn = await released(world)
      assert.equal((await world.al.act('durres', mrn, 'invalidate', { text: 'Returned' })).kind, 'done')
      await world.carry()
      return () => world.al.take('CD018C', notice('CD018C', given(mrn)), { conversation: mrn })
    },
  },
  N0055: {
    by: 'CD906C',
    to: 'NTA.XK',
    async reach(world) {
      const mrn = await released(world)
      await world.xk.post('sharr', arrival(mrn))
      await world.carry()
      const elsewhere = { ...given(mrn), CustomsOfficeOfDestinationActual: { referenceNumber: 'XK000302' } }
      return () => world.al.take('CD018C', notice('CD018C', elsewhere), { conversation: mrn })
    },
  },
  '93': {
    by: 'CD906C',
    to: 'NTA.AL',
    async reach(world) {
      const mrn = await released(world)
      const record = readDocument('CD001C', (await world.al.lastSent('CD001C')).payload)
      const operation = record['TransitOperation'] as Doc
      const misspelt = mrn.slice(0, 17) + ((Number(mrn[17]) + 1) % 10)
      return () => world.xk.take('CD001C', { ...record, TransitOperation: { ...operation, MRN: misspelt } })
    },
  },
  '90': {
    by: 'CC057C',
    to: consignee,
    reach:
      async ({ xk }) =>
      () =>
        xk.post('sharr', arrival(makeMrn('26', 'DE', 'ABCDEFGHIJK4', 'J'))),
  },
}

/** What an export system that does not confirm leads to: the declarant is told with N0093, and the declaration waits for him. */
export async function unconfirmedExport({ al }: World): Promise<Doc> {
  const xml = declaration().replace(
    /(<HouseConsignment>[\s\S]*?)(<ConsignmentItem>)/,
    '$1<PreviousDocument><sequenceNumber>1</sequenceNumber><type>N830</type><referenceNumber>26AL000101EXP001A7</referenceNumber></PreviousDocument>$2',
  )
  await al.post('adria', xml)
  const mrn = text((await al.lastSent('CC190C')).doc, 'TransitOperation.MRN') ?? ''
  await al.post('export-system', put(corridorXml('export-answer', { mrn }), 'globalValidationResponse', '0'))
  const told = await al.lastSent('CC022C')
  assert.deepEqual([told.recipient, text(told.doc, 'TransitOperation.MRN')], [declarant, mrn])
  assert.equal((await al.view('durres', mrn))?.status.code, 'export-refused')
  return told.doc
}
