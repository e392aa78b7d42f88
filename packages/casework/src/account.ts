import type { Doc } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import type { Handled, InboxMessage } from '@corridor/exchange'
import {
  type AccountChange,
  type AccountDecision,
  type AccountFacts,
  decideAccounts,
  type Event,
  groups,
  type GuaranteeAccount,
  NO_RECORD,
  text,
} from '@corridor/procedures'
import {
  accessCodeDigest,
  accessCodeMatches,
  changeAccessCode,
  countEntries,
  endGuarantee,
  enterLedger,
  findGuarantees,
  type Guarantee,
  lockGuarantees,
  registerGuarantee,
  usagesOf,
} from '@corridor/registry'
import type { Doer } from './apply.ts'
import { localDay, plainFacts } from './facts.ts'
import { CaseworkFault } from './faults.ts'
import { type Answered, sendAll } from './outgoing.ts'
import type { CaseworkPorts } from './ports.ts'
import { shortNote } from './short-note.ts'

/** As many uses as a CC037C has room for. */
const mostUsages = 9_999

/** Decides a trader's document about guarantees that an office of ours keeps, and makes every effect of it in the transaction. */
export async function handleAccountDocument(
  ports: CaseworkPorts,
  tx: Tx,
  office: string,
  event: Extract<Event, { kind: 'document' }>,
  message: InboxMessage,
  answered: Answered,
): Promise<Handled> {
  const grns = [...new Set(groups(event.doc, 'GuaranteeReference').map((group) => text(group, 'GRN') ?? ''))]
  const conversation = grns[0] ?? message.conversation
  const decision = await decideAndApplyAccounts(
    ports,
    tx,
    { grns, office, event, doer: { actor: message.sender } },
    answered,
  )
  if (decision.outcome === 'refused')
    await ports.exchange.journal(tx, [
      {
        kind: 'guarantee',
        conversation,
        messageId: message.messageId,
        actor: message.sender,
        office,
        detail: { code: 'refused-document', document: event.type, note: shortNote(decision.detail) },
      },
    ])
  return { done: true, conversation }
}

/** One decision about guarantees, with everything that it changes. A conflict changes nothing. */
export async function decideAndApplyAccounts(
  ports: CaseworkPorts,
  tx: Tx,
  about: { grns: string[]; office: string; event: Event; doer: Doer },
  answered: Answered,
): Promise<AccountDecision> {
  const { grns, office, event, doer } = about
  await lockGuarantees(tx, grns)
  const kept = new Map((await findGuarantees(tx, grns, localDay(ports))).map((one) => [one.grn, one]))
  const accounts = new Map<string, GuaranteeAccount>()
  for (const grn of grns) accounts.set(grn, await accountOf(ports, tx, grn, office, kept.get(grn), event))
  const undertakings = await findGuarantees(tx, [...new Set(grns.map((grn) => grn.slice(0, 17)))], '9999-12-31')
  const decision = decideAccounts(ports.law, accounts, event, accountFacts(ports, kept, undertakings))
  if (decision.outcome === 'conflict') return decision
  if (decision.outcome === 'moved') {
    const because = {
      office,
      ...(answered.messageId === undefined ? {} : { document: answered.messageId }),
      documentType: event.kind === 'document' ? event.type : '',
      actor: doer.actor,
    }
    for (const change of decision.changes)
      if (!(await make(ports, tx, change, because))) {
        // Somebody was quicker. An act has changed nothing yet; a document is tried again as a whole.
        if (event.kind === 'document') throw new CaseworkFault('LEDGER', change.do)
        return { outcome: 'conflict', state: 'short' }
      }
    for (const { grn, event: code } of decision.notes)
      await ports.exchange.journal(tx, [
        {
          kind: 'guarantee',
          conversation: grn,
          ...(answered.messageId === undefined ? {} : { messageId: answered.messageId }),
          actor: doer.actor,
          office,
          detail: { code, at: office },
        },
      ])
  }
  await sendAll(ports, tx, grns[0] ?? answered.conversation, decision.send, answered)
  return decision
}

async function accountOf(
  { timeZone = 'UTC' }: CaseworkPorts,
  tx: Tx,
  grn: string,
  office: string,
  kept: Guarantee | undefined,
  event: Event,
): Promise<GuaranteeAccount> {
  if (kept === undefined) return { ...unknownAccount, grn, office }
  const query = event.kind === 'document' ? queryOf(event.doc, grn) : undefined
  const usages =
    query === undefined ? [] : await usagesOf(tx, grn, { ...query, timeZone, openOnly: false, limit: mostUsages })
  const dayOf = (at: Date) => localDay({ clock: () => at, timeZone })
  return {
    ...kept,
    office,
    entries: query === undefined ? 0 : await countEntries(tx, grn),
    usages: usages.map(({ mrn, amount, lockedAt, closedAt }) => ({
      mrn,
      amount,
      lockDate: dayOf(lockedAt),
      releaseDate: closedAt && dayOf(closedAt),
    })),
  }
}

const unknownAccount: Omit<GuaranteeAccount, 'grn' | 'office'> = {
  state: NO_RECORD,
  holder: '',
  type: '',
  currency: '',
  referenceAmount: '0',
  available: '0',
  locked: '0',
  liable: '0',
  validFrom: '',
  validTo: null,
  notValidIn: [],
  terms: {},
  entries: 0,
  usages: [],
}

/** The period that a query asks for; undefined for a document that asks nothing. */
function queryOf(doc: Doc, grn: string): { from: string | null; to: string | null } | undefined {
  const query = groups(doc, 'GuaranteeReference').find((group) => text(group, 'GRN') === grn)
  if (query?.['GuaranteeQuery'] === undefined) return undefined
  return {
    from: text(query, 'GuaranteeQuery.periodFromDate') ?? null,
    to: text(query, 'GuaranteeQuery.periodToDate') ?? null,
  }
}

function accountFacts(
  ports: CaseworkPorts,
  kept: ReadonlyMap<string, Guarantee>,
  undertakings: Guarantee[],
): AccountFacts {
  const { now, today, operator } = plainFacts(ports)
  return {
    now,
    today,
    operator,
    guarantorOf: (grn) => undertakings.find((one) => one.grn === grn && one.state === 'valid')?.terms.guarantor,
    accessCode: (grn, code) => {
      const guarantee = kept.get(grn)
      if (guarantee === undefined) return undefined
      if (accessCodeMatches(ports.dataKey, grn, code, guarantee.masterDigests)) return 'master'
      return accessCodeMatches(ports.dataKey, grn, code, guarantee.digests) ? 'other' : undefined
    },
  }
}

async function make(
  ports: CaseworkPorts,
  tx: Tx,
  change: AccountChange,
  because: { office: string; document?: string; documentType: string; actor: string },
): Promise<boolean> {
  const at = ports.clock()
  const digest = (grn: string, code: string) => accessCodeDigest(ports.dataKey, grn, code)
  switch (change.do) {
    case 'register':
      return registerGuarantee(tx, {
        ...change,
        notValidIn: [],
        accessCodeDigest: digest(change.grn, change.accessCode),
        at,
        because: { ...because, document: because.document ?? '' },
      })
    case 'access-code': {
      const { grn, taken, added } = change
      const digests = [taken, added].map((code) => (code === undefined ? undefined : digest(grn, code)))
      await changeAccessCode(tx, grn, { taken: digests[0], added: digests[1], at })
      return true
    }
    case 'end':
      await endGuarantee(tx, change.grn, change)
      return true
    case 'enter':
      return (await enterLedger(tx, change.entry, { ...because, mrn: '', at })) !== 'refused'
  }
}
