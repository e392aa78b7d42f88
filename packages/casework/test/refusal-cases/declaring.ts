/** Refusals of what traders and systems send to the office of departure. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { checkDigit } from '@corridor/customs'
import { text } from '@corridor/procedures'
import {
  accepted,
  clock,
  corridorXml,
  declarant,
  declaration,
  directoryOf,
  newLrn,
  put,
  registerFor,
  type TestNode,
} from '../nodes.ts'
import { makeWorld, type RefusalCase, released, type World } from './case.ts'

const other = 'ALK98765432B'
const ofDeclarant = (name: string, mrn: string, sender: string = declarant) => corridorXml(name, { sender, mrn })

/** A case of one document that is refused whatever there is. */
const posted = (by: string, xml: () => string, account = 'adria', to: string = declarant): RefusalCase => ({
  by,
  to,
  reach:
    async ({ al }) =>
    () =>
      al.post(account, xml()),
})

const amendment = (mrn: string): string =>
  declaration()
    .replaceAll('CC015C', 'CC013C')
    .replace(/<LRN>.*<\/LRN>/, `<MRN>${mrn}</MRN>`)
    .replace('</bindingItinerary>', '$&<amendmentTypeFlag>0</amendmentTypeFlag>')

const exported = (...mrns: string[]): string =>
  declaration().replace(
    /(<HouseConsignment>[\s\S]*?)(<ConsignmentItem>)/,
    (_, before: string, after: string) =>
      before +
      mrns
        .map(
          (mrn, at) =>
            `<PreviousDocument><sequenceNumber>${at + 1}</sequenceNumber><type>N830</type><referenceNumber>${mrn}</referenceNumber></PreviousDocument>`,
        )
        .join('') +
      after,
  )

/** The MRN of an export declaration, which is no NCTS one. */
const exportMrn = (number: number): string => {
  const start = `26AL000101EX${String(number).padStart(4, '0')}A`
  return `${start}${checkDigit(start)}`
}

/** A declaration of two houses that name a hundred exports together. */
const tooManyExports = (): string => {
  const names = Array.from({ length: 100 }, (_, at) => exportMrn(at))
  const xml = exported(...names.slice(0, 99))
  const house = /<HouseConsignment>[\s\S]*<\/HouseConsignment>/.exec(declaration())?.[0] ?? assert.fail()
  const second = put(house, 'sequenceNumber', '2')
    .replace(/<declarationGoodsItemNumber>(\d)/g, (_, n: string) => `<declarationGoodsItemNumber>${Number(n) + 3}`)
    .replace(
      '<ConsignmentItem>',
      `<PreviousDocument><sequenceNumber>1</sequenceNumber><type>N830</type><referenceNumber>${names[99]}</referenceNumber></PreviousDocument>$&`,
    )
  return put(xml, 'grossMass', '27560').replace('</HouseConsignment>', `$&${second}`)
}

/** hh:mm on the wall in Tirana, an hour ago. */
const wall = (minutes: number): { date: string; time: string } => {
  const parts = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Tirane', dateStyle: 'short', timeStyle: 'short' })
  const [date = '', time = ''] = parts.format(new Date(clock().getTime() + minutes * 60_000)).split(' ')
  return { date, time }
}

const onFallback = async (al: TestNode, id: string | undefined, act: string, fields: Record<string, string>) => {
  const version = id === undefined ? 0 : ((await al.casework.fallback(al.account('durres'), id))?.version ?? 0)
  const digest = createHash('sha256').update(act).digest()
  const outcome = await al.casework.actOnFallback(al.account('durres'), id, {
    act,
    version,
    fields,
    idempotency: { accountId: 'durres', key: randomUUID(), requestDigest: digest },
  })
  return outcome.kind === 'done' ? outcome.fallback : assert.fail(JSON.stringify(outcome))
}

/** The MRN of a form: reserved, or registered with an LRN. One mode is open for all of them. */
async function form({ al }: World, lrn?: string): Promise<string> {
  const open = await al.casework.fallbacks(al.account('durres'), { page: 1, pageSize: 1 })
  const first = open?.items[0]
  const mode =
    first === undefined
      ? await onFallback(al, undefined, 'begin', { reason: '1', ...wall(-60) })
      : await al.casework.fallback(al.account('durres'), first.id)
  const mrn = mode?.next ?? assert.fail('no form')
  if (lrn !== undefined)
    await onFallback(al, mode?.id, 'register', {
      mrn,
      declarant,
      lrn,
      ...wall(-30),
      packages: '28',
      grossMass: '13780',
    })
  return mrn
}

/** A directory in which an office of transit is known to the lists and to nobody else. */
const withoutKrusha = () => {
  const directory = directoryOf('al')
  return {
    ...directory,
    office: (reference: string) => (reference === 'XK000202' ? undefined : directory.office(reference)),
  }
}

export const declaring: Record<string, RefusalCase> = {
  N0001: {
    by: 'CC056C',
    to: declarant,
    async reach({ al }) {
      const lrn = newLrn()
      await accepted(al, declaration({ lrn }))
      return () => al.post('adria', declaration({ lrn }))
    },
  },
  N0003: posted('CC056C', () =>
    declaration().replace(
      /(<HolderOfTheTransitProcedure>\s*<identificationNumber>)[^<]*/,
      (_, before: string) => before + other,
    ),
  ),
  N0007: posted('CC906C', () => declaration(), 'export-system', 'system:aes'),
  N0010: posted('CC056C', () => put(declaration(), 'referenceNumber', 'XK000301')),
  N0011: {
    by: 'CC056C',
    to: declarant,
    world: () => makeWorld(['al', withoutKrusha()]),
    reach:
      async ({ al }) =>
      () =>
        al.post('adria', declaration().replace('XK000201', 'XK000202')),
  },
  N0012: {
    by: 'CC056C',
    to: declarant,
    world: () => makeWorld(['al', directoryOf('al', 'national')]),
    reach:
      async ({ al }) =>
      () =>
        al.post('adria', declaration({ grn: '26XK0009010000019' })),
  },
  N0013: posted('CC056C', () => {
    const xml = declaration()
    const reference = /<GuaranteeReference>[\s\S]*<\/GuaranteeReference>/.exec(xml)?.[0] ?? assert.fail()
    return xml.replace('</GuaranteeReference>', () => `</GuaranteeReference>${put(reference, 'sequenceNumber', '2')}`)
  }),
  // Nobody here knows this holder by name, and the documents that follow need it.
  N0017: posted('CC056C', () => declaration({ sender: other }), 'guarantor', other),
  N0020: {
    by: 'CC056C',
    to: other,
    async reach({ al }) {
      const mrn = await accepted(al)
      return () => al.post('guarantor', ofDeclarant('invalidation-request', mrn, other))
    },
  },
  N0021: {
    by: 'CC056C',
    to: declarant,
    async reach({ al }) {
      const mrn = await accepted(al)
      await al.act('durres', mrn, 'control', { typeOfControls: '10' })
      return () => al.post('adria', amendment(mrn))
    },
  },
  N0050: {
    by: 'CC056C',
    to: declarant,
    async reach(world) {
      const mrn = await released(world)
      await world.al.post('adria', ofDeclarant('invalidation-request', mrn))
      return () => world.al.post('adria', ofDeclarant('invalidation-request', mrn))
    },
  },
  N0053: {
    by: 'CC056C',
    to: other,
    async reach(world) {
      const mrn = await released(world)
      return () => world.al.post('guarantor', ofDeclarant('holder-answer', mrn, other))
    },
  },
  N0090: {
    by: 'CC906C',
    to: declarant,
    async reach({ al }) {
      await al.post('adria', exported('26AL000101EXP001A7'))
      const mrn = text((await al.lastSent('CC190C')).doc, 'TransitOperation.MRN') ?? ''
      return () => al.post('adria', corridorXml('export-answer', { mrn }))
    },
  },
  N0091: posted('CC056C', tooManyExports),
  N0092: {
    by: 'CC906C',
    to: 'system:aes',
    async reach({ al }) {
      await al.post('adria', exported('26AL000101EXP001A7'))
      const mrn = text((await al.lastSent('CC190C')).doc, 'TransitOperation.MRN') ?? ''
      const answer = corridorXml('export-answer', { mrn }).replace('26AL000101EXP001A7', '26AL000101EXP002A5')
      return () => al.post('export-system', answer)
    },
  },
  N0100: {
    by: 'CC056C',
    to: declarant,
    world: () => makeWorld(),
    async reach(world) {
      const lrn = newLrn()
      const mrn = await form(world, lrn)
      // The other office of departure of this country, which the corridor of these tests does not have.
      await world.al.db.query(`update fallback_mode set office = 'AL000102'`)
      return () => world.al.post('adria', declaration({ lrn: mrn }))
    },
  },
  N0101: {
    by: 'CC056C',
    to: declarant,
    async reach(world) {
      const lrn = await form(world)
      return () => world.al.post('adria', declaration({ lrn }))
    },
  },
  N0102: {
    by: 'CC056C',
    to: other,
    async reach(world) {
      const lrn = await form(world, newLrn())
      return () => world.al.post('guarantor', declaration({ lrn }).replaceAll(declarant, other))
    },
  },
  N0103: {
    by: 'CC056C',
    to: declarant,
    async reach(world) {
      const lrn = await form(world, newLrn())
      return () => world.al.post('adria', put(declaration({ lrn }), 'additionalDeclarationType', 'D'))
    },
  },
  N0104: {
    by: 'CC056C',
    to: declarant,
    async reach(world) {
      const lrn = await form(world, newLrn())
      const xml = put(declaration({ lrn }), 'security', '2')
        .replace(
          '<HolderOfTheTransitProcedure>',
          '<CustomsOfficeOfExitForTransitDeclared><sequenceNumber>1</sequenceNumber><referenceNumber>XK000203</referenceNumber></CustomsOfficeOfExitForTransitDeclared>$&',
        )
        .replace(
          '</DepartureTransportMeans>',
          `$&<CountryOfRoutingOfConsignment><sequenceNumber>1</sequenceNumber><country>XK</country></CountryOfRoutingOfConsignment>
          <ActiveBorderTransportMeans><sequenceNumber>1</sequenceNumber><customsOfficeAtBorderReferenceNumber>XK000201</customsOfficeAtBorderReferenceNumber>
          <typeOfIdentification>30</typeOfIdentification><identificationNumber>AA366XF</identificationNumber><nationality>AL</nationality></ActiveBorderTransportMeans>`,
        )
      return () => world.al.post('adria', xml)
    },
  },
  '92': {
    by: 'CC056C',
    to: declarant,
    async reach({ al }) {
      const mrn = await accepted(al)
      await al.act('durres', mrn, 'invalidate', { text: 'Declared twice' })
      return () => al.post('adria', ofDeclarant('release-request', mrn))
    },
  },
}

/** Undertaking of the guarantor, for the cases of guarantees. */
export const undertaking = '26AL0009010000055'
export const registerUndertaking = (al: TestNode): Promise<void> =>
  registerFor(al, { grn: undertaking, holder: other, currency: 'EUR', type: '4', terms: { guarantor: other } })
