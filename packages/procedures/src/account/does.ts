import { compareAmounts, type Doc, subtractAmounts } from '@corridor/customs'
import { office } from '../context.ts'
import { ProcedureFault } from '../faults.ts'
import { numbered, present, text } from '../read.ts'
import type { Send } from '../types.ts'
import { guaranteeAmountOf, queryAnswer } from './query.ts'
import type { AccountChange, AccountContext } from './types.ts'

/** What an effect makes. `answer` is this guarantee's group in the one answer to a query. */
export interface AccountEffect {
  changes?: AccountChange[]
  send?: Send[]
  answer?: Doc
}

/** The effects that rows of the account machine may name, beside refusals. */
export const accountEffects: Record<string, (context: AccountContext) => AccountEffect> = {
  'change-access-code': ({ account, reference }) => ({
    changes: [
      {
        do: 'access-code',
        grn: account.grn,
        taken: text(reference, 'AccessCode.accessCodeCurrent'),
        added: text(reference, 'AccessCode.accessCodeNew'),
      },
    ],
  }),
  'answer-query': (context) => ({ answer: queryAnswer(context) }),
  'register-voucher': registerVoucher,
  'cancel-guarantee': (context) => {
    const { account, reference, event } = context
    const liabilityLiberationDate = text(reference, 'liabilityLiberationDate')
    const words = event.kind === 'act' ? event.fields['text'] : undefined
    return {
      changes: [
        {
          do: 'end',
          grn: account.grn,
          state: context.law.guaranteeTypes.get(account.type)?.form === 'voucher' ? 'revoked' : 'cancelled',
          invalidFrom: invalidityDate(context),
          terms: {
            ...account.terms,
            ...(liabilityLiberationDate === undefined ? {} : { liabilityLiberationDate }),
            ...(words === undefined ? {} : { invalidityReason: { text: words } }),
          },
        },
      ],
    }
  },
  'tell-cancelled': (context) => {
    const { account, event } = context
    const words = event.kind === 'act' ? event.fields['text'] : undefined
    return {
      send: [
        toTrader('CC231C', account.holder, {
          HolderOfTheTransitProcedure: { identificationNumber: account.holder },
          GuaranteeReference: present({
            GRN: account.grn,
            invalidityDate: invalidityDate(context),
            invalidityReasonText: words,
            CustomsOfficeOfGuarantee: office(account.office),
          }),
        }),
      ],
    }
  },
  'change-reference': ({ account, event }) => {
    const { wanted, reason } = changeWanted(event)
    const difference = subtractAmounts(wanted, account.referenceAmount)
    const raises = compareAmounts(difference, '0') >= 0
    const amount = raises ? difference : subtractAmounts(account.referenceAmount, wanted)
    const { grn, currency } = account
    return { changes: [{ do: 'enter', entry: { op: raises ? 'raise' : 'reduce', grn, amount, currency, reason } }] }
  },
  'tell-updated': ({ account, event }) => {
    const { wanted } = changeWanted(event)
    const doc: Doc = {
      HolderOfTheTransitProcedure: { identificationNumber: account.holder },
      GuaranteeReference: numbered([
        present({
          GRN: account.grn,
          currency: account.currency,
          referenceAmount: wanted,
          percentageOfReferenceAmount:
            account.terms.percentage === undefined ? undefined : String(account.terms.percentage),
          guaranteeAmount: guaranteeAmountOf(wanted, account.terms),
          restrictedUseSuspendedGoods: account.terms.restrictedUseForSuspendedGoods === true ? '1' : '0',
          CustomsOfficeOfGuarantee: office(account.office),
        }),
      ]),
    }
    const { holder, terms } = account
    const told = [...new Set([holder, ...(terms.guarantor === undefined ? [] : [terms.guarantor])])]
    return { send: told.map((trader) => toTrader('CC225C', trader, doc)) }
  },
}

/** CTC App. I art. 21: a voucher is for 10,000 euro, unless it says another amount. */
const voucherAmount = { amount: '10000.00', currency: 'EUR' }

function registerVoucher({ account, reference, event }: AccountContext): AccountEffect {
  const doc = event.kind === 'document' ? event.doc : {}
  const type = '4'
  return {
    changes: [
      {
        do: 'register',
        grn: account.grn,
        // A voucher may be sold to a holder who is known by name only; then nobody can use it until he has a number.
        holder: text(doc, 'HolderOfTheTransitProcedure.identificationNumber') ?? '',
        type,
        currency: text(reference, 'currency') ?? voucherAmount.currency,
        referenceAmount: text(reference, 'voucherAmount') ?? voucherAmount.amount,
        validFrom: text(reference, 'issueDate') ?? '',
        validTo: text(reference, 'expiryDate') ?? '',
        terms: {
          guarantor: text(doc, 'Guarantor.identificationNumber') ?? '',
          issueDate: text(reference, 'issueDate') ?? '',
          tirCarnet: text(reference, 'TIRCarnet') === '1',
          copyGiven: text(reference, 'copyGiven') === '1',
        },
        accessCode: text(reference, 'accessCode') ?? '',
      },
    ],
  }
}

function changeWanted(event: AccountContext['event']): { wanted: string; reason: string } {
  if (event.kind !== 'act') throw new ProcedureFault('MISSING_DATA', `an act is needed, ${event.kind} came`)
  return { wanted: event.fields['referenceAmount'] ?? '', reason: event.fields['text'] ?? '' }
}

function invalidityDate({ event, reference }: AccountContext): string {
  return (event.kind === 'act' ? event.fields['invalidityDate'] : text(reference, 'invalidityDate')) ?? ''
}

const toTrader = (type: string, trader: string, doc: Doc): Send => ({ type, to: { trader }, answers: false, doc })
