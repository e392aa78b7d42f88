import type { Doc, Finding } from '@corridor/customs'
import { toFunctionalErrors } from '@corridor/customs'
import { type Change, type Context, documentOf, holderOf, nodesOf, office } from './context.ts'
import { ProcedureFault } from './faults.ts'
import { present, text } from './read.ts'
import type { Law } from './types.ts'

/**
 * The finding behind a reason of refusals.tsv, with the value that the document has there.
 * @throws ProcedureFault TABLE when no row has this id
 */
export function reason(law: Law, id: string, doc: Doc, path?: string): Finding {
  const row = law.refusals.get(id)
  if (row === undefined) throw new ProcedureFault('TABLE', `refusals has no ${id}`)
  const value = row.value === '' ? undefined : text(doc, row.value)
  return {
    kind: 'state',
    rule: id,
    code: row.code,
    path: path ?? row.path,
    remedy: row.remedy,
    text: row.remedy,
    ...(value === undefined ? {} : { value }),
  }
}

/**
 * The refusal that the procedure has for a document: CC056C from the office of departure, CC057C from the office of destination, CD906C between administrations.
 * @param findings why, at least one
 */
export function refusalOf(context: Context, findings: Finding[]): Change {
  if (context.event.kind !== 'document') return {}
  const { type, doc, sender } = context.event
  const negative = context.law.routes.get(type)?.negative ?? 'CD906C'
  const detail = findings.map((finding) => `${finding.rule} ${finding.path}`).join('; ')
  const to = negative === 'CD906C' ? { party: sender } : { trader: sender }
  return {
    detail,
    send: [
      { type: negative, to, doc: refusalDocument(context.law, negative, type, doc, findings, context), answers: true },
    ],
  }
}

function refusalDocument(
  law: Law,
  negative: string,
  type: string,
  doc: Doc,
  findings: Finding[],
  context: Context,
): Doc {
  const errors = toFunctionalErrors(findings)
  const mrn = text(doc, 'TransitOperation.MRN')
  if (negative === 'CD906C')
    return present({ Header: mrn === undefined ? undefined : { MRN: mrn }, FunctionalError: errors })
  const operation = present({
    LRN: negative === 'CC056C' && mrn === undefined ? text(doc, 'TransitOperation.LRN') : undefined,
    MRN: mrn,
    businessRejectionType: type.slice(2, 5),
    rejectionDateAndTime: context.facts.now,
    rejectionCode: '12',
  })
  if (negative === 'CC057C') {
    return {
      TransitOperation: operation,
      CustomsOfficeOfDestinationActual: office(context.movement.office),
      TraderAtDestination: { identificationNumber: text(doc, 'TraderAtDestination.identificationNumber') ?? '' },
      FunctionalError: errors,
    }
  }
  return {
    TransitOperation: operation,
    CustomsOfficeOfDeparture: office(context.movement.office),
    HolderOfTheTransitProcedure: holderOf(doc, nodesOf(context, 'CC056C')),
    FunctionalError: errors,
  }
}

/** The effects of refusing: `refuse-faulty` for the findings of the document, `refuse:<id>` for a reason of refusals.tsv. */
export const refusalEffects: Record<string, (context: Context, argument: string) => Change> = {
  'refuse-faulty': (context) => refusalOf(context, context.event.kind === 'document' ? context.event.findings : []),
  refuse: (context, id) => refusalOf(context, [reason(context.law, id, documentOf(context))]),
}
