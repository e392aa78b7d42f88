import type { Doc, TableNode } from '@corridor/customs'
import type { PaperNote } from './fallback/types.ts'
import { ProcedureFault } from './faults.ts'
import { project, type Projection } from './project.ts'
import { groups, numbered, text } from './read.ts'
import type {
  Event,
  Facts,
  GuaranteeUse,
  Law,
  LedgerEntry,
  Movement,
  MovementData,
  Send,
  TimerChange,
} from './types.ts'

/** What guards and effects see: the law, the record as it stands, what came, and the facts. */
export interface Context {
  law: Law
  movement: Movement
  event: Event
  facts: Facts
}

/** What an effect changes. Everything is optional; effects of one row add up. */
export interface Change {
  movement?: Partial<Pick<Movement, 'mrn' | 'lrn' | 'secrets'>>
  data?: Partial<MovementData>
  send?: Send[]
  ledger?: LedgerEntry[]
  timers?: TimerChange[]
  /** What becomes of the paper behind the movement. */
  paper?: PaperNote
  detail?: string
  /** Too early: nothing is done, the document comes again. */
  waits?: string
  /** The document is refused: what is sent says why, and nothing else happens. */
  refused?: true
}

/** The document that came. @throws ProcedureFault MISSING_DATA when the event is none. */
export function documentOf(context: Pick<Context, 'event'>): Doc {
  if (context.event.kind !== 'document')
    throw new ProcedureFault('MISSING_DATA', `a document is needed, ${context.event.kind} came`)
  return context.event.doc
}

/** The fields of the act that was done. @throws ProcedureFault MISSING_DATA when the event is none. */
export function fieldsOf(context: Context): Record<string, string> {
  if (context.event.kind !== 'act')
    throw new ProcedureFault('MISSING_DATA', `an act is needed, ${context.event.kind} came`)
  return context.event.fields
}

/** The document that the record is about. @throws ProcedureFault MISSING_DATA */
export function recordOf(context: Context): Doc {
  const record = context.movement.data.record
  if (record === undefined) throw new ProcedureFault('MISSING_DATA', `${context.movement.mrn} has no record`)
  return record
}

/** The children of a message's root. @throws ProcedureFault UNKNOWN_DOCUMENT */
export function nodesOf(context: Pick<Context, 'law'>, type: string): readonly TableNode[] {
  const table = context.law.messages.get(type)
  if (table === undefined) throw new ProcedureFault('UNKNOWN_DOCUMENT', type)
  return table.root.children ?? []
}

/** Projects the record into another message, with what is given laid over it. */
export function projectRecord(context: Context, type: string, given: Doc): Projection {
  return project(nodesOf(context, type), recordOf(context), given)
}

/** A group with one reference number, as every customs office group has. */
export const office = (reference: string): Doc => ({ referenceNumber: reference })

/** The holder with the elements that both a declaration and an answer to it have. */
export function holderOf(declaration: Doc, nodes: readonly TableNode[]): Doc {
  const holder = nodes.filter((node) => node.name === 'HolderOfTheTransitProcedure')
  return (project(holder, declaration, {}).doc['HolderOfTheTransitProcedure'] as Doc | undefined) ?? {}
}

/** The references of guarantees in a declaration (group Guarantee of CC015C), without their access codes. */
export function guaranteesOf(declaration: Doc): GuaranteeUse[] {
  return groups(declaration, 'Guarantee').flatMap((guarantee) =>
    groups(guarantee, 'GuaranteeReference').flatMap((reference) => {
      const grn = text(reference, 'GRN')
      if (grn === undefined) return []
      return [
        {
          grn,
          type: text(guarantee, 'guaranteeType') ?? '',
          amount: text(reference, 'amountToBeCovered') ?? '0',
          currency: text(reference, 'currency') ?? 'EUR',
          state: 'declared' as const,
        },
      ]
    }),
  )
}

/** Guarantee groups as the messages to and from offices of guarantee have them: by type, then by reference. */
export function guaranteeGroups(uses: GuaranteeUse[], reference: (use: GuaranteeUse) => Doc): Doc[] {
  const types = [...new Set(uses.map((use) => use.type))]
  return numbered(
    types.map((type) => ({
      guaranteeType: type,
      GuaranteeReference: numbered(uses.filter((use) => use.type === type).map(reference)),
    })),
  )
}

/** The country in which a guarantee is kept: characters 3 and 4 of its GRN. */
export const countryOfGrn = (grn: string): string => grn.slice(2, 4)

/** Adds up changes: later ones win for data, documents and entries follow one another. */
export function merge(first: Change, second: Change): Change {
  const detail = second.detail ?? first.detail
  const paper = second.paper ?? first.paper
  const waits = second.waits ?? first.waits
  return {
    movement: { ...first.movement, ...second.movement },
    data: { ...first.data, ...second.data },
    send: [...(first.send ?? []), ...(second.send ?? [])],
    ledger: [...(first.ledger ?? []), ...(second.ledger ?? [])],
    timers: [...(first.timers ?? []), ...(second.timers ?? [])],
    ...(paper === undefined ? {} : { paper }),
    ...(detail === undefined ? {} : { detail }),
    ...(waits === undefined ? {} : { waits }),
    ...(first.refused === true || second.refused === true ? { refused: true as const } : {}),
  }
}
