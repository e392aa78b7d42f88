/** What leaves on paper while a system is away, and is entered later: the office of departure's side of a fallback mode. */
import { type Change, type Context, documentOf } from '../context.ts'
import { ProcedureFault } from '../faults.ts'
import type { PaperFacts } from '../fallback/types.ts'
import { text } from '../read.ts'
import { recordDocument } from '../release.ts'
import type { Send } from '../types.ts'
import { toTrader, usualLimit } from './departure.ts'
import { recordRequests, requestIn } from './diversion.ts'

/** @throws ProcedureFault MISSING_DATA when no paper is behind the movement */
function paperOf({ facts, movement }: Context): PaperFacts {
  if (facts.paper === undefined) throw new ProcedureFault('MISSING_DATA', `${movement.mrn} has no paper`)
  return facts.paper
}

export const paperMovementEffects: Record<string, (context: Context) => Change> = {
  /** The MRN is the one on the form; accepted, controlled and released on the day that stands on it. */
  'take-paper': (context) => {
    const { mrn, registered, mode, seen } = paperOf(context)
    const { data } = context.movement
    const day = registered?.day ?? context.facts.today
    return {
      movement: { mrn },
      data: {
        acceptanceDate: day,
        releaseDate: day,
        control: { code: 'A2', date: day, text: `Fallback mode ${mode.number}` },
        limitDate: usualLimit({ data }, day),
        paper: { mode: mode.number, releasedAt: registered?.at ?? context.facts.now, asked: seen },
      },
      paper: { do: 'enter', mrn },
      detail: mode.number,
      ...toTrader(
        context,
        'CC028C',
        { TransitOperation: { LRN: context.movement.lrn, MRN: mrn, declarationAcceptanceDate: day } },
        true,
      ),
    }
  },
  /** An office asks for a movement that is known from paper only: it is answered when the declaration is entered. */
  'note-seen': (context) => {
    const { mrn } = paperOf(context)
    const { office } = requestIn(context)
    const document = context.event.kind === 'document' ? context.event.type : ''
    const identification = text(documentOf(context), 'messageIdentification') ?? ''
    return {
      paper: { do: 'see', mrn, request: { document, identification, office, at: context.facts.now } },
      detail: `${document} ${office}`,
    }
  },
  /** The offices that asked before the declaration was entered get the record, unless it was announced to them with the release. */
  'answer-seen': (context) => {
    const { movement } = context
    const diverted = movement.data.diverted ?? []
    const late = (movement.data.paper?.asked ?? []).flatMap((asked) => {
      const found = Object.entries(recordRequests).find(([, { request }]) => request === asked.document)
      if (found === undefined) return []
      const [role, { answer, group }] = found
      const declared = text(movement.data.record, `${group.replace('Actual', 'Declared')}.referenceNumber`)
      return declared === asked.office ? [] : [{ ...asked, role: role as 'transit', answer, group }]
    })
    const send = late.map(({ answer, group, office, identification }): Send => {
      const flag = answer === 'CD115C' ? { guaranteeNotValidForCountry: '0' } : {}
      return {
        type: answer,
        to: { office },
        doc: recordDocument(context, answer, { [group]: { referenceNumber: office, ...flag } }),
        answers: false,
        ...(identification === '' ? {} : { correlation: identification }),
      }
    })
    const added = late.map(({ role, office }) => ({ role, office }))
    return { send, ...(added.length === 0 ? {} : { data: { diverted: [...diverted, ...added] } }) }
  },
}
