import { addAmounts, convertAmount, type Doc } from '@corridor/customs'
import { numbered, present, text } from '../read.ts'
import type { GuaranteeTerms } from '../types.ts'
import type { AccountContext } from './types.ts'

/** What each query identifier (CL054) asks for. No source gives the values of the list: decision 0015. */
const asked: Record<string, readonly ('usage' | 'exposure' | 'guarantee')[]> = {
  '1': ['usage'],
  '2': ['exposure'],
  '3': ['usage', 'exposure'],
  '4': ['usage', 'exposure', 'guarantee'],
}

/** One guarantee's group in CC037C: usage, exposure and balance, and what it is, as far as the query asks for it. */
export function queryAnswer(context: AccountContext): Doc {
  const { account, reference, facts } = context
  const wants = asked[text(reference, 'GuaranteeQuery.queryIdentifier') ?? ''] ?? ['usage', 'exposure', 'guarantee']
  const { grn, currency, terms } = account
  const group = reference['GuaranteeQuery']
  return present({
    GRN: grn,
    acceptanceDateAndTime: `${account.validFrom}T00:00:00`,
    guaranteeType: account.type,
    // CL050 is in no source either: 1, its use is watched (decision 0015).
    guaranteeMonitoringCode: '1',
    GuaranteeQuery: group,
    Owner: wants.includes('guarantee') ? person(facts.operator(account.holder), account.holder) : undefined,
    Usage:
      wants.includes('usage') && account.usages.length > 0
        ? numbered(
            account.usages.map(({ mrn, amount, lockDate, releaseDate }) =>
              present({ MRN: mrn, coveredAmount: amount, currency, lockDate, releaseDate: releaseDate ?? undefined }),
            ),
          )
        : undefined,
    Exposure: wants.includes('exposure')
      ? {
          exposure: addAmounts(account.locked, account.liable),
          exposureCounter: String(Math.max(account.entries, 1)),
          balance: account.available,
          currency,
        }
      : undefined,
    Guarantor:
      wants.includes('guarantee') && terms.guarantor !== undefined
        ? person(facts.operator(terms.guarantor), terms.guarantor)
        : undefined,
    ...(wants.includes('guarantee') ? kindOf(context) : {}),
  })
}

/** Name and address are required in these groups: who is not registered here is left out. */
const person = (known: Doc | undefined, identificationNumber: string): Doc | undefined =>
  known === undefined ? undefined : { identificationNumber, ...known }

function kindOf({ account, law }: AccountContext): Record<string, Doc> {
  const { terms, currency, referenceAmount } = account
  const form = law.guaranteeTypes.get(account.type)?.form
  if (form === 'voucher')
    return {
      IndividualGuaranteeVoucher: {
        issueDate: terms.issueDate ?? account.validFrom,
        expiryDate: account.validTo ?? account.validFrom,
        copyGiven: flag(terms.copyGiven),
        TIRCarnet: flag(terms.tirCarnet),
        voucherAmount: referenceAmount,
        currency,
      },
    }
  if (form === 'comprehensive' || form === 'waiver')
    return {
      ComprehensiveGuarantee: present({
        referenceAmount,
        // The element has room for 1 to 999: a waiver leaves it out.
        percentageOfReferenceAmount: (terms.percentage ?? 0) === 0 ? undefined : String(terms.percentage),
        guaranteeAmount: guaranteeAmountOf(referenceAmount, terms),
        currency,
        numberOfCertificates: String(terms.certificates ?? 1),
        validityStartDate: account.validFrom,
        validityEndDate: account.validTo ?? undefined,
        liabilityLiberationDate: terms.liabilityLiberationDate,
        restrictedUseForSuspendedGoods: flag(terms.restrictedUseForSuspendedGoods),
        ValidityLimitation:
          account.notValidIn.length === 0
            ? undefined
            : numbered(account.notValidIn.map((country) => ({ guaranteeNotValidIn: country }))),
      }),
    }
  const { officeOfDeparture, officeOfDestination } = terms
  if (officeOfDeparture === undefined || officeOfDestination === undefined) return {}
  return {
    IndividualGuaranteeByGuarantor: {
      guaranteeAmount: referenceAmount,
      currency,
      CustomsOfficeOfDeparture: { referenceNumber: officeOfDeparture },
      CustomsOfficeOfDestination: { referenceNumber: officeOfDestination },
    },
  }
}

/** What the guarantor promised of the reference amount; all of it unless the guarantee says a percentage. */
export const guaranteeAmountOf = (referenceAmount: string, { percentage = 100 }: GuaranteeTerms): string =>
  convertAmount(referenceAmount, '100', String(percentage))

const flag = (set: boolean | undefined): string => (set === true ? '1' : '0')
