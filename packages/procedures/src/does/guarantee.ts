import type { Doc } from '@corridor/customs'
import { convertAmount } from '@corridor/customs'
import { type Change, type Context, documentOf, guaranteeGroups, office, recordOf } from '../context.ts'
import { groups, numbered, present, text, texts } from '../read.ts'
import type { GuaranteeUse, LedgerEntry, Send } from '../types.ts'
import { reasonsAgainst } from './guarantee-reasons.ts'

/** Effects at the office of guarantee. */
export const guaranteeEffects: Record<string, (context: Context) => Change> = {
  'answer-check': (context) => answer(context, 'CD201C', usesIn(context), 'checked'),
  hold: (context) => ({
    ledger: usesIn(context).map((use): LedgerEntry => {
      const { amount, currency } = use.covered ?? use
      const rate = use.covered?.rate
      const asked = rate === undefined ? {} : { asked: { amount: use.amount, currency: use.currency, rate } }
      const alone = context.law.guaranteeTypes.get(use.type)?.uses === 'one' ? { alone: true } : {}
      return { op: 'lock', grn: use.grn, amount, currency, ...asked, ...alone }
    }),
  }),
  'answer-use': (context) => answer(context, 'CD205C', usesIn(context), 'held'),
  'answer-held': (context) => {
    const asked = context.event.kind === 'document' && context.event.type === 'CD200C' ? 'CD201C' : 'CD205C'
    const held = (context.movement.data.guarantees ?? []).map((use) => ({
      ...use,
      reasons: undefined as string[] | undefined,
    }))
    return { send: answer(context, asked, held, 'held').send ?? [] }
  },
  credit: (context) => giveBack(context, 'credit', 'credited'),
  cancel: (context) => giveBack(context, 'cancel', 'cancelled'),
  claim: (context) => enterAll(context, 'held', 'liability', 'claimed'),
  settle: (context) => enterAll(context, 'claimed', 'liberation', 'credited'),
  'tell-guarantor': (context) => ({ send: guarantorsOf(context).map((guarantor) => notification(context, guarantor)) }),
}

/** The same entry for every use that is in a state. */
function enterAll(
  context: Context,
  from: GuaranteeUse['state'],
  op: 'liability' | 'liberation',
  to: GuaranteeUse['state'],
): Change {
  const reason = context.event.kind === 'act' ? context.event.fields['text'] : undefined
  const uses = context.movement.data.guarantees ?? []
  return {
    data: { guarantees: uses.map((use) => (use.state === from ? { ...use, state: to } : use)) },
    ledger: uses
      .filter((use) => use.state === from)
      .map((use): LedgerEntry => {
        const { amount, currency } = use.covered ?? use
        return { op, grn: use.grn, amount, currency, ...(reason === undefined ? {} : { reason }) }
      }),
    ...(reason === undefined ? {} : { detail: reason }),
  }
}

/** Who answers for the guarantees of the movement; the holder alone answers for one without a guarantor. */
function guarantorsOf({ movement, facts }: Context): string[] {
  const known = (movement.data.guarantees ?? []).flatMap((use) => facts.guarantees[use.grn]?.terms.guarantor ?? [])
  return [...new Set(known)]
}

/** CC023C. No office of this corridor has the role of recovery yet: the office of departure stands for it (decision 0015). */
function notification(context: Context, guarantor: string): Send {
  const record = recordOf(context)
  const departure = text(record, 'CustomsOfficeOfDeparture.referenceNumber') ?? ''
  const words = context.event.kind === 'act' ? context.event.fields['text'] : undefined
  const person = context.facts.operator(guarantor)
  return {
    type: 'CC023C',
    to: { trader: guarantor },
    answers: false,
    doc: {
      TransitOperation: groups(record, 'TransitOperation')[0] ?? {},
      CustomsOfficeOfDeparture: office(departure),
      CustomsOfficeOfRecoveryAtDeparture: office(departure),
      HolderOfTheTransitProcedure: groups(record, 'HolderOfTheTransitProcedure')[0] ?? {},
      Guarantor: { identificationNumber: guarantor, ...person },
      GuarantorNotification: present({
        guarantorNotificationDate: context.facts.today,
        guarantorNotificationText: words,
      }),
    },
  }
}

/** What the document names and is held is available again: after the movement ended (CD209C), or because it did not begin (CD204C). */
function giveBack(context: Context, op: 'credit' | 'cancel', state: 'credited' | 'cancelled'): Change {
  const named = new Set(texts(documentOf(context), 'Guarantee.GuaranteeReference.GRN'))
  const uses = context.movement.data.guarantees ?? []
  const given = uses.filter((use) => named.has(use.grn) && use.state === 'held')
  return {
    data: { guarantees: uses.map((use) => (given.includes(use) ? { ...use, state } : use)) },
    ledger: given.map((use): LedgerEntry => {
      const { amount, currency } = use.covered ?? use
      return { op, grn: use.grn, amount, currency }
    }),
    detail: [...named].join(', '),
  }
}

/** The uses that a CD200C or CD203C asks for, each with the reasons (CL252) for which it cannot be granted. */
export function usesIn(context: Context): (GuaranteeUse & { reasons: string[] | undefined })[] {
  const doc = documentOf(context)
  return groups(doc, 'Guarantee').flatMap((guarantee) =>
    groups(guarantee, 'GuaranteeReference').map((reference) => {
      const use = {
        grn: text(reference, 'GRN') ?? '',
        type: text(guarantee, 'guaranteeType') ?? '',
        amount: text(reference, 'amountConcerned') ?? '0',
        currency: text(reference, 'currency') ?? '',
        state: 'declared' as const,
      }
      const covered = coveredBy(context, doc, use)
      const asked = covered === undefined ? use : { ...use, covered }
      const reasons = reasonsAgainst(context, doc, asked)
      return { ...asked, reasons: reasons.length > 0 ? reasons : undefined }
    }),
  )
}

/**
 * The amount in the currency of the guarantee, at the rates of the day on which the declaration was accepted; undefined when there is none.
 * Sources: UCC art. 53, UCC IA art. 48 (dated rates of the euro).
 */
function coveredBy({ facts }: Context, doc: Doc, use: GuaranteeUse): GuaranteeUse['covered'] {
  const currency = facts.guarantees[use.grn]?.currency ?? use.currency
  if (currency === use.currency) return { amount: use.amount, currency }
  const day = text(doc, 'TransitOperation.declarationAcceptanceDate') ?? facts.today
  const [from, to] = [facts.rate(use.currency, day), facts.rate(currency, day)]
  if (from === undefined || to === undefined) return undefined
  return { amount: convertAmount(use.amount, from, to), currency, rate: `${from}/${to} ${day}` }
}

function answer(
  context: Context,
  type: 'CD201C' | 'CD205C',
  uses: (GuaranteeUse & { reasons?: string[] | undefined })[],
  good: 'checked' | 'held',
): Change {
  const doc = documentOf(context)
  const departure = text(doc, 'CustomsOfficeOfDeparture.referenceNumber') ?? ''
  const reference = (use: GuaranteeUse): Doc => ({
    GRN: use.grn,
    CustomsOfficeOfGuarantee: office(context.movement.office),
    ...(use.reasons === undefined ? {} : { InvalidGuaranteeReason: numbered(use.reasons.map((code) => ({ code }))) }),
  })
  const kept = uses.map((use): GuaranteeUse => ({
    ...use,
    state:
      use.reasons === undefined ? (uses.some((other) => other.reasons !== undefined) ? 'checked' : good) : 'refused',
  }))
  return {
    movement: { mrn: text(doc, 'TransitOperation.MRN') ?? '' },
    data: { guarantees: kept, record: recordKept(doc) },
    detail: kept
      .map((use) => [use.grn, use.state, ...(use.reasons ?? []), withoutRate(use)].join(' ').trim())
      .join(', '),
    send: [
      {
        type,
        to: { office: departure },
        answers: true,
        doc: {
          TransitOperation: { MRN: text(doc, 'TransitOperation.MRN') ?? '' },
          CustomsOfficeOfDeparture: office(departure),
          HolderOfTheTransitProcedure: {
            identificationNumber: text(doc, 'HolderOfTheTransitProcedure.identificationNumber') ?? '',
          },
          Guarantee: guaranteeGroups(uses, reference),
        },
      },
    ],
  }
}

/** Says for the journal what CL252 has no code for. */
const withoutRate = (use: GuaranteeUse): string => (use.covered === undefined ? `no rate for ${use.currency}` : '')

/** What the office of guarantee keeps of the request: who, from where to where. Access codes are not kept. */
function recordKept(doc: Doc): Doc {
  const names = [
    'TransitOperation',
    'CustomsOfficeOfDeparture',
    'CustomsOfficeOfDestinationDeclared',
    'HolderOfTheTransitProcedure',
  ]
  return Object.fromEntries(names.flatMap((name) => (doc[name] === undefined ? [] : [[name, doc[name]]])))
}
