import { parseGrn } from '@corridor/customs'
import { NO_RECORD } from '../machine.ts'
import { text } from '../read.ts'
import type { AccountContext } from './types.ts'

type Guard = (context: AccountContext) => boolean

const documentIn = ({ event }: AccountContext) => (event.kind === 'document' ? event.doc : {})
const sender = ({ event }: AccountContext): string => (event.kind === 'document' ? event.sender : '')
const form = ({ law, account }: AccountContext): string | undefined => law.guaranteeTypes.get(account.type)?.form

/** The guards that rows of the account machine may name. */
export const accountGuards: Record<string, Guard> = {
  always: () => true,
  faulty: ({ event }) => event.kind === 'document' && event.findings.length > 0,

  'not-holder': (context) => {
    const named = text(documentIn(context), 'HolderOfTheTransitProcedure.identificationNumber')
    return context.account.holder !== sender(context) || (named !== undefined && named !== sender(context))
  },
  'not-guarantor': (context) => {
    const named = text(documentIn(context), 'Guarantor.identificationNumber')
    const { grn, terms, state } = context.account
    // Vouchers are sold under the undertaking that the guarantor gave to the office: its GRN is the first 17 characters.
    const gave = state === NO_RECORD ? context.facts.guarantorOf(grn.slice(0, 17)) : terms.guarantor
    return named !== sender(context) || gave !== named
  },
  'not-requester': (context) => {
    const named = text(documentIn(context), 'Requester.identificationNumber')
    const { holder, terms } = context.account
    return named !== sender(context) || (named !== holder && named !== terms.guarantor)
  },

  'master-code-wrong': ({ account, facts, reference }) =>
    facts.accessCode(account.grn, text(reference, 'masterAccessCode') ?? '') !== 'master',
  'access-code-wrong': ({ account, facts, reference }) =>
    facts.accessCode(account.grn, text(reference, 'AccessCode.accessCode') ?? '') === undefined,
  // The current code must be one that can be changed, the new one must be new; and there must be one of the two.
  'no-code-to-change': ({ account, facts, reference }) => {
    const [current, next] = ['accessCodeCurrent', 'accessCodeNew'].map((name) => text(reference, `AccessCode.${name}`))
    const wrongCurrent = current !== undefined && facts.accessCode(account.grn, current) !== 'other'
    const wrongNext = next !== undefined && facts.accessCode(account.grn, next) !== undefined
    return (current === undefined && next === undefined) || wrongCurrent || wrongNext
  },

  'not-a-voucher': ({ account }) => {
    const verdict = parseGrn(account.grn)
    return !verdict.ok || verdict.grn.voucher === undefined
  },
  'not-comprehensive': (context) => form(context) !== 'comprehensive',
  backdated: ({ facts, reference }) => (text(reference, 'invalidityDate') ?? '') < facts.today,
}
