import type { Doc, Finding } from '@corridor/customs'
import { office } from '../context.ts'
import { eventName } from '../decide.ts'
import { ProcedureFault } from '../faults.ts'
import type { MachineRow } from '../machine.ts'
import { groups, numbered, text } from '../read.ts'
import { reason, refusalOf } from '../refusals.ts'
import type { Act, Event, Law, Send } from '../types.ts'
import { accountEffects } from './does.ts'
import { accountGuards } from './guards.ts'
import type { AccountChange, AccountContext, AccountDecision, AccountFacts, GuaranteeAccount } from './types.ts'

/**
 * Decides what a document or an act does to the guarantees that it names. Pure, as {@link decide} is. A document about several guarantees
 * is done as a whole or refused as a whole, with every reason.
 * @param accounts by GRN: every guarantee that the event names
 */
export function decideAccounts(
  law: Law,
  accounts: ReadonlyMap<string, GuaranteeAccount>,
  event: Event,
  facts: AccountFacts,
): AccountDecision {
  const contexts = contextsOf(law, accounts, event, facts)
  const decided = contexts.map((context) => ({ context, row: rowFor(context) }))
  const stuck = decided.find(({ row }) => row === undefined)
  if (event.kind !== 'document' && stuck !== undefined)
    return { outcome: 'conflict', state: stuck.context.account.state }
  const against = decided.flatMap(({ context, row }, index) => refusalsOf(context, row, index, contexts.length))
  const [first] = contexts
  if (against.length > 0 && first !== undefined) {
    const unique = event.kind === 'document' && event.findings.length > 0 ? event.findings : against
    const { send = [], detail = '' } = refusalOf(
      { law, event, facts, movement: { office: first.account.office } },
      unique,
    )
    return { outcome: 'refused', send, detail }
  }
  const changes: AccountChange[] = []
  const send: Send[] = []
  const answers: Doc[] = []
  const notes: { grn: string; event: string }[] = []
  for (const { context, row } of decided) {
    for (const name of row?.does ?? []) {
      const made = accountEffects[name]?.(context) ?? {}
      changes.push(...(made.changes ?? []))
      send.push(...(made.send ?? []))
      if (made.answer !== undefined) answers.push(made.answer)
    }
    if (row !== undefined && row.event !== '') notes.push({ grn: context.account.grn, event: row.event })
  }
  if (answers.length > 0 && event.kind === 'document' && first !== undefined)
    send.push(queryResponse(event, first.account.office, answers))
  return { outcome: 'moved', changes, send, notes }
}

/** The acts that a guarantee allows now, as the rows of its machine say. */
export function accountActs(law: Law, state: string): Act[] {
  return law.accountActs.filter((act) => law.account.find(state, `act:${act.act}`).length > 0)
}

function contextsOf(
  law: Law,
  accounts: ReadonlyMap<string, GuaranteeAccount>,
  event: Event,
  facts: AccountFacts,
): AccountContext[] {
  if (event.kind !== 'document')
    return [...accounts.values()].map((account) => ({ law, account, event, facts, reference: {} }))
  return groups(event.doc, 'GuaranteeReference').flatMap((reference) => {
    const account = accounts.get(text(reference, 'GRN') ?? '')
    return account === undefined ? [] : [{ law, account, event, facts, reference }]
  })
}

function rowFor(context: AccountContext): MachineRow | undefined {
  return context.law.account.find(context.account.state, eventName(context.event)).find((row) => {
    const guard = accountGuards[row.guard]
    if (guard === undefined) throw new ProcedureFault('UNKNOWN_GUARD', row.guard)
    return guard(context)
  })
}

/** Why a document is refused for one of its guarantees; none when it is not. What no row answers is out of sequence. */
function refusalsOf({ law, event }: AccountContext, row: MachineRow | undefined, index: number, of: number): Finding[] {
  if (event.kind !== 'document') return []
  if (row === undefined) return [about(reason(law, 'N0080', event.doc), event.doc, index, of)]
  return row.does.flatMap((effect) => {
    const [name, id = ''] = effect.split(':')
    if (name === 'refuse-faulty') return event.findings
    return name === 'refuse' ? [about(reason(law, id, event.doc), event.doc, index, of)] : []
  })
}

/** The finding with the place and the number of the guarantee that it is about. */
function about(finding: Finding, doc: Doc, index: number, of: number): Finding {
  const reference = groups(doc, 'GuaranteeReference')[index]
  const group = of > 1 ? `GuaranteeReference[${index + 1}]` : 'GuaranteeReference'
  const value = text(reference, 'GRN')
  return {
    ...finding,
    path: finding.path.replace('GuaranteeReference', group),
    ...(value === undefined || !finding.path.endsWith('/GRN') ? {} : { value }),
  }
}

function queryResponse(event: Extract<Event, { kind: 'document' }>, at: string, answers: Doc[]): Send {
  return {
    type: 'CC037C',
    to: { trader: event.sender },
    answers: true,
    doc: {
      Requester: groups(event.doc, 'Requester')[0] ?? {},
      CustomsOfficeOfGuarantee: office(at),
      GuaranteeReference: numbered(answers),
    },
  }
}
