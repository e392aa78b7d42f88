import type { Doc } from '@corridor/customs'
import { withAccessCodes } from './access-codes.ts'
import { type Context, nodesOf, recordOf } from './context.ts'
import { ProcedureFault } from './faults.ts'
import { project, type Projection } from './project.ts'
import { incidentGroups } from './incidents.ts'
import { groups, present, text } from './read.ts'
import type { Facts } from './types.ts'

/** What the office of departure found before release. */
export interface DepartureControl {
  code: string
  date: string
  text?: string
}

/** A document of the release (CC029C, CD001C, CD050C): what the declaration says, and what the office of departure adds to it. */
export function releaseDocument(
  context: Context,
  type: string,
  control: DepartureControl,
  given: Doc = {},
): Projection {
  const { movement, facts } = context
  const isForDeclarant = type === 'CC029C'
  const record = isForDeclarant ? withAccessCodes(recordOf(context), movement.secrets) : recordOf(context)
  const nodes = nodesOf(context, type)
  const operation: Doc = {
    ...groups(record, 'TransitOperation')[0],
    MRN: movement.mrn === '' ? '00XX0000000000000J0' : movement.mrn,
    declarationAcceptanceDate: movement.data.acceptanceDate ?? facts.today,
    releaseDate: movement.data.releaseDate ?? facts.today,
  }
  const allowed = nodes.find((node) => node.name === 'TransitOperation')?.children?.map((node) => node.name) ?? []
  return project(nodes, withOperators(record, facts.operator), {
    TransitOperation: Object.fromEntries(Object.entries(operation).filter(([name]) => allowed.includes(name))),
    ControlResult: present({
      code: control.code,
      date: control.date,
      controlledBy: isForDeclarant ? movement.office : undefined,
      text: control.text,
    }),
    ...given,
  })
}

const unknownControl = (context: Context): DepartureControl => ({ code: 'A2', date: context.facts.today })

/** The record with what was found before its release and what happened since: for an office that asks for it (CD115C, CD003C). */
export function recordDocument(context: Context, type: string, given: Doc): Doc {
  const { control } = context.movement.data
  const { doc, missing } = releaseDocument(context, type, control ?? unknownControl(context), given)
  if (missing.length > 0)
    throw new ProcedureFault('MISSING_DATA', `${type} of ${context.movement.mrn} lacks ${missing.join(', ')}`)
  const Incident = incidentGroups(context.movement)
  const consignment = groups(doc, 'Consignment')[0] ?? {}
  return Incident.length === 0 ? doc : { ...doc, Consignment: { ...consignment, Incident } }
}

const operators = new Set(['HolderOfTheTransitProcedure', 'Consignor', 'Consignee'])

/**
 * The record with names and addresses: a declaration gives only the number of an operator whom this administration knows (C0250), but
 * the other administrations do not know him, and paper has nobody to ask. Whom no register has stays as declared.
 */
export function withOperators(group: Doc, operator: Facts['operator']): Doc {
  const namedMember = (name: string, member: string | Doc): string | Doc => {
    if (typeof member === 'string') return member
    const known = operators.has(name) ? operator(text(member, 'identificationNumber') ?? '') : undefined
    return withOperators({ ...known, ...member }, operator)
  }
  return present(
    Object.fromEntries(
      Object.entries(group).map(([name, value]) => [
        name,
        Array.isArray(value)
          ? value.map((member) => namedMember(name, member))
          : value === undefined
            ? undefined
            : namedMember(name, value),
      ]),
    ),
  )
}
