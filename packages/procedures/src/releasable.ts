import type { Doc, Finding } from '@corridor/customs'
import { type Context, countryOfGrn, documentOf, guaranteesOf, recordOf } from './context.ts'
import { tooManyExports } from './exports.ts'
import { groups, text } from './read.ts'
import { reason } from './refusals.ts'
import { releaseDocument } from './release.ts'

/**
 * Why a declaration that is right by itself could be accepted here but never released: its own documents could not be made, an office
 * could not be told, an amount could not be held. It is refused at the door, with all reasons at once.
 * @param declaration as it is after the document that came; paths are those of that document
 */
export function unreleasable(context: Context, declaration = documentOf(context)): Finding[] {
  const isComplete = text(documentOf(context), 'TransitOperation.additionalDeclarationType') !== 'D'
  return [
    // What a pre-lodged declaration lacks may come with the presentation of the goods.
    ...(isComplete ? missingLater(context, declaration) : []),
    ...unknownOffices(context, declaration),
    ...repeatedGuarantees(context, declaration),
    ...tooManyExports(context, declaration, root(context)),
  ]
}

/** What is optional in CC015C and required in the documents that follow from it (CC029C, CD001C, CD050C, CD200C …). */
function missingLater(context: Context, doc: Doc): Finding[] {
  const opened: Context = {
    ...context,
    movement: { ...context.movement, data: { ...context.movement.data, record: doc } },
  }
  const has = (group: string) => groups(recordOf(opened), group).length > 0
  const types = [
    'CC029C',
    'CD001C',
    ...(has('CustomsOfficeOfTransitDeclared') ? ['CD050C'] : []),
    ...(has('CustomsOfficeOfExitForTransitDeclared') ? ['CD160C'] : []),
    ...(isToldToSpeed(opened, doc) ? ['CD012C'] : []),
  ]
  const paths = types.flatMap((type) => releaseDocument(opened, type, { code: 'A2', date: '2000-01-01' }).missing)
  const holder = 'HolderOfTheTransitProcedure.identificationNumber'
  if (guaranteesOf(doc).length > 0 && text(doc, holder) === undefined) paths.push(`/${holder.replace('.', '/')}`)
  return [...new Set(paths)].map((path) => reason(context.law, 'N0017', doc, `/${root(context)}${path}`))
}

/** Whether the release is told to the system that hears of TIR movements (CD012C): there is one, and this is one. */
export function isToldToSpeed({ facts }: Pick<Context, 'facts'>, declaration: Doc): boolean {
  return facts.hasSystem('speed') && text(declaration, 'TransitOperation.declarationType') === 'TIR'
}

/** Offices on the way, and offices of guarantee, to which no message could be addressed. */
function unknownOffices(context: Context, doc: Doc): Finding[] {
  const { facts, law } = context
  const offices = [
    'CustomsOfficeOfDestinationDeclared',
    'CustomsOfficeOfTransitDeclared',
    'CustomsOfficeOfExitForTransitDeclared',
  ].flatMap((name) =>
    members(doc, name).map(({ group, path }) => ({ reference: text(group, 'referenceNumber') ?? '', path })),
  )
  return [
    ...offices
      .filter(({ reference }) => facts.office(reference) === undefined)
      .map(({ reference, path }) => ({
        ...reason(law, 'N0011', doc, `/${root(context)}${path}/referenceNumber`),
        value: reference,
      })),
    ...references(doc, root(context))
      .filter(({ grn }) => grn !== undefined && facts.guaranteeOffice(countryOfGrn(grn)) === undefined)
      .map(({ grn = '', path }) => ({ ...reason(law, 'N0012', doc, `${path}/GRN`), value: grn })),
  ]
}

/** A guarantee is used once in a declaration: the ledger holds one amount of it for a movement. */
function repeatedGuarantees(context: Context, doc: Doc): Finding[] {
  const seen = new Set<string>()
  return references(doc, root(context)).flatMap(({ grn, path }) => {
    if (grn === undefined) return []
    const repeated = seen.has(grn)
    seen.add(grn)
    return repeated ? [{ ...reason(context.law, 'N0013', doc, `${path}/GRN`), value: grn }] : []
  })
}

/** The document element of what came: paths of findings begin with it. */
const root = ({ event }: Context): string => (event.kind === 'document' ? event.type : '*')

function references(doc: Doc, root: string): { grn: string | undefined; path: string }[] {
  return members(doc, 'Guarantee').flatMap((guarantee) =>
    members(guarantee.group, 'GuaranteeReference').map(({ group, path }) => ({
      grn: text(group, 'GRN'),
      path: `/${root}${guarantee.path}${path}`,
    })),
  )
}

/** The groups of a name with their paths: numbered where the group may repeat. */
function members(doc: Doc, name: string): { group: Doc; path: string }[] {
  const repeats = Array.isArray(doc[name])
  return groups(doc, name).map((group, index) => ({ group, path: repeats ? `/${name}[${index + 1}]` : `/${name}` }))
}
