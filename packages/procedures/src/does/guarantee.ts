import type { Doc } from '@corridor/customs'
import { compareAmounts } from '@corridor/customs'
import { type Change, type Context, documentOf, guaranteeGroups, office } from '../context.ts'
import { groups, numbered, text, texts } from '../read.ts'
import type { GuaranteeUse } from '../types.ts'

/** Effects at the office of guarantee. */
export const guaranteeEffects: Record<string, (context: Context) => Change> = {
  'answer-check': (context) => answer(context, 'CD201C', usesIn(context), 'checked'),
  hold: (context) => ({
    ledger: usesIn(context).map((use) => ({
      op: 'lock' as const,
      grn: use.grn,
      amount: use.amount,
      currency: use.currency,
    })),
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
  credit: (context) => {
    const named = new Set(
      groups(documentOf(context), 'Guarantee.GuaranteeReference').map((reference) => text(reference, 'GRN')),
    )
    const uses = context.movement.data.guarantees ?? []
    return {
      data: { guarantees: uses.map((use) => (named.has(use.grn) ? { ...use, state: 'credited' as const } : use)) },
      ledger: uses
        .filter((use) => named.has(use.grn) && use.state === 'held')
        .map((use) => ({ op: 'credit' as const, grn: use.grn, amount: use.amount, currency: use.currency })),
      detail: [...named].join(', '),
    }
  },
}

/** The uses that a CD200C or CD203C asks for, each with the reasons (CL252) for which it cannot be granted. */
export function usesIn(context: Context): (GuaranteeUse & { reasons: string[] | undefined })[] {
  const doc = documentOf(context)
  const holder = text(doc, 'HolderOfTheTransitProcedure.identificationNumber')
  const countries = texts(doc, 'CountryInvolved.country')
  return groups(doc, 'Guarantee').flatMap((guarantee) =>
    groups(guarantee, 'GuaranteeReference').map((reference) => {
      const use = {
        grn: text(reference, 'GRN') ?? '',
        type: text(guarantee, 'guaranteeType') ?? '',
        amount: text(reference, 'amountConcerned') ?? '0',
        currency: text(reference, 'currency') ?? '',
        state: 'declared' as const,
      }
      const reasons = reasonsAgainst(context, use, holder, countries)
      return { ...use, reasons: reasons.length > 0 ? reasons : undefined }
    }),
  )
}

/** CL252 InvalidGuaranteeReason: G01 unknown, G02 not valid, G03 access code, G04 holder, G08 country, G09 amount, G13 type. */
function reasonsAgainst(
  context: Context,
  use: GuaranteeUse,
  holder: string | undefined,
  countries: string[],
): string[] {
  const facts = context.facts.guarantees[use.grn]
  if (facts === undefined) return ['G01']
  // A wrong access code is answered alone: the rest would tell a stranger about the guarantee.
  if (!facts.accessCodeMatches) return ['G03']
  const reasons: string[] = []
  if (!facts.valid) reasons.push('G02')
  if (facts.holder !== holder) reasons.push('G04')
  if (countries.some((country) => facts.notValidIn.includes(country))) reasons.push('G08')
  if (facts.currency !== use.currency || compareAmounts(facts.available, use.amount) < 0) reasons.push('G09')
  if (facts.type !== use.type) reasons.push('G13')
  return reasons
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
    detail: kept.map((use) => `${use.grn} ${use.state}`).join(', '),
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
