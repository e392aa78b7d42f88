/** Movement queries (CD027C, CD038C) and status requests (CD094C, CD095C): what an office asks another about a movement. */
import type { Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, office, recordOf } from '../context.ts'
import { ProcedureFault } from '../faults.ts'
import { groups, present, text, texts } from '../read.ts'
import { recordDocument } from '../release.ts'
import { senderOfficeOf } from '../routes.ts'
import type { Law, Role, Send } from '../types.ts'
import { allocatedBy, divertedTo, rejectionIn } from './diversion.ts'

/** In which group of CD094C and CD095C an office of a role is named. */
const statusGroups: Partial<Record<Role, string>> = {
  transit: 'CustomsOfficeOfTransit',
  exit: 'CustomsOfficeOfExitForTransit',
  destination: 'CustomsOfficeOfDestination',
}

export const queryEffects: Record<string, (context: Context, argument: string) => Change> = {
  'ask-movement': (context) => {
    const { movement, facts } = context
    const party = allocatedBy(context)
    if (party === undefined) throw new ProcedureFault('MISSING_DATA', `nobody allocated ${movement.mrn}`)
    const doc = { TransitOperation: { MRN: movement.mrn }, CustomsOfficeOfRequest: office(movement.office) }
    return {
      data: { query: { askedAt: facts.now } },
      send: [{ type: 'CD027C', to: { party }, doc, answers: false }],
    }
  },
  'answer-query': (context) => {
    const asking = text(documentOf(context), 'CustomsOfficeOfRequest.referenceNumber') ?? ''
    const doc = recordDocument(context, 'CD038C', { CustomsOfficeOfRequest: office(asking) })
    const operation = { ...groups(doc, 'TransitOperation')[0], status: commonState(context) }
    return { ...toAsking(asking, { ...doc, TransitOperation: operation }), detail: asking }
  },
  /** `refuse-query:<code>` of the list record-rejection (results.tsv). */
  'refuse-query': (context, code) => {
    const asking = text(documentOf(context), 'CustomsOfficeOfRequest.referenceNumber') ?? ''
    const MRN = text(documentOf(context), 'TransitOperation.MRN') ?? ''
    const TransitOperation = { MRN, requestRejectionReasonCode: code }
    return {
      ...toAsking(asking, { TransitOperation, CustomsOfficeOfRequest: office(asking) }),
      detail: `${asking} ${code}`,
    }
  },
  /** An office that has no record of its own shows that of the answer. */
  'record-answer': (context) => {
    const { movement, facts } = context
    const doc = documentOf(context)
    const status = text(doc, 'TransitOperation.status')
    const rejection = rejectionIn(doc)
    const answer = { ...(status === undefined ? {} : { status }), ...(rejection === undefined ? {} : { rejection }) }
    return {
      data: {
        query: { askedAt: movement.data.query?.askedAt ?? facts.now, answeredAt: facts.now, ...answer },
        ...(movement.state === 'queried' && rejection === undefined ? { record: doc } : {}),
      },
      detail: status === undefined ? (rejection ?? '') : stateOfCode(context.law, 'departure', status),
    }
  },

  'ask-status': (context) => {
    const { movement } = context
    const record = recordOf(context)
    const named = (role: Role, references: string[]): Send[] =>
      [...new Set(references)].map((reference) => ({
        type: 'CD094C',
        to: { office: reference },
        answers: false,
        doc: {
          TransitOperation: { MRN: movement.mrn, status: commonState(context) },
          CustomsOfficeOfDeparture: office(movement.office),
          [statusGroups[role] ?? '']: office(reference),
        },
      }))
    return {
      send: [
        ...named('transit', [
          ...texts(record, 'CustomsOfficeOfTransitDeclared.referenceNumber'),
          ...divertedTo(movement, 'transit'),
        ]),
        ...named('exit', [
          ...texts(record, 'CustomsOfficeOfExitForTransitDeclared.referenceNumber'),
          ...divertedTo(movement, 'exit'),
        ]),
        ...named('destination', [
          ...texts(record, 'CustomsOfficeOfDestinationDeclared.referenceNumber'),
          ...divertedTo(movement, 'destination'),
        ]),
      ],
    }
  },
  'answer-status': (context) => {
    const { movement, law } = context
    const doc = documentOf(context)
    const departure = text(doc, 'CustomsOfficeOfDeparture.referenceNumber') ?? ''
    const unknown = law.choices.get('state-unknown')?.[0]?.code ?? ''
    const answer: Doc = present({
      TransitOperation: {
        MRN: text(doc, 'TransitOperation.MRN') ?? '',
        status: movement.state === '-' ? unknown : commonState(context),
      },
      CustomsOfficeOfDeparture: office(departure),
      [statusGroups[movement.role] ?? '']: office(movement.office),
    })
    return { send: [{ type: 'CD095C', to: { office: departure }, doc: answer, answers: true }], detail: departure }
  },
  'record-status': (context) => {
    const { movement, law, facts } = context
    const doc = documentOf(context)
    const { reference = '', group } = senderOfficeOf(law, 'CD095C', doc)
    const role = (Object.keys(statusGroups) as Role[]).find((each) => statusGroups[each] === group) ?? 'transit'
    const status = text(doc, 'TransitOperation.status') ?? ''
    const before = (movement.data.statuses ?? []).filter((each) => each.office !== reference)
    return {
      data: { statuses: [...before, { office: reference, status, at: facts.now }] },
      detail: `${reference} ${stateOfCode(law, role, status)}`,
    }
  },
}

const toAsking = (asking: string, doc: Doc): Change => ({
  send: [{ type: 'CD038C', to: { office: asking }, doc, answers: true }],
})

/** The state of a record as other administrations read it (states.tsv, COMMON). */
const commonState = ({ law, movement }: Context): string =>
  law.states.get(`${movement.role} ${movement.state}`)?.common ?? ''

/** Our own name of a state that another administration said; its code when we have none. */
function stateOfCode(law: Law, role: Role, code: string): string {
  for (const [key, { common }] of law.states)
    if (common === code && key.startsWith(`${role} `)) return key.slice(role.length + 1)
  return code
}
