import { compareAmounts } from '@corridor/customs'
import { type Context, documentOf, guaranteesOf, projectRecord, recordOf } from './context.ts'
import { releaseGroups } from './does/departure.ts'
import { guaranteesAfter } from './does/departure-guarantee.ts'
import { usesIn } from './does/guarantee.ts'
import { groups, text } from './read.ts'
import type { GuaranteeUse } from './types.ts'

type Guard = (context: Context) => boolean

const sender = (context: Context): string => (context.event.kind === 'document' ? context.event.sender : '')

const statesAfter = (context: Context): GuaranteeUse['state'][] => guaranteesAfter(context).map((use) => use.state)

/** The guards that machine rows may name. Each is a question about the movement, what came, and the facts. */
export const guards: Record<string, Guard> = {
  always: () => true,
  faulty: (context) => context.event.kind === 'document' && context.event.findings.length > 0,
  'last-try': (context) => context.event.kind === 'document' && context.event.lastTry,

  'not-declared-by-sender': (context) => {
    const doc = documentOf(context)
    const declarants = [
      text(doc, 'HolderOfTheTransitProcedure.identificationNumber'),
      text(doc, 'Representative.identificationNumber'),
    ]
    return !declarants.includes(sender(context))
  },
  'pre-lodged': (context) => text(documentOf(context), 'TransitOperation.additionalDeclarationType') === 'D',
  unreleasable: (context) => unreleasable(context).length > 0,
  'nothing-to-guarantee': (context) => guaranteesOf(documentOf(context)).length === 0,

  'guarantees-refused': (context) => statesAfter(context).includes('refused'),
  'guarantees-good': (context) => statesAfter(context).every((state) => state === 'checked'),
  'guarantees-held': (context) => statesAfter(context).every((state) => state === 'held'),
  'results-satisfactory': (context) => (text(documentOf(context), 'ControlResult.code') ?? '').startsWith('A'),

  'not-notified-by-sender': (context) =>
    text(documentOf(context), 'TraderAtDestination.identificationNumber') !== sender(context),
  'not-remarked-by-consignee': (context) => context.movement.data.trader !== sender(context),
  'simplified-without-authorisation': (context) => {
    const doc = documentOf(context)
    if (text(doc, 'TransitOperation.simplifiedProcedure') !== '1') return false
    const claimed = groups(doc, 'Authorisation').map((authorisation) => text(authorisation, 'type'))
    return !claimed.includes('C522') || !context.facts.authorisations(sender(context)).includes('C522')
  },
  simplified: (context) => context.movement.data.arrival?.simplified === true,
  normal: (context) => context.movement.data.arrival?.simplified === false,
  'unloading-incomplete': (context) => text(documentOf(context), 'UnloadingRemark.unloadingCompletion') === '0',

  'may-be-held': (context) =>
    usesIn(context).every((use) => {
      const facts = context.facts.guarantees[use.grn]
      return use.reasons === undefined && facts !== undefined && compareAmounts(facts.available, use.amount) >= 0
    }),
}

/**
 * The elements that a declaration lacks for the documents of its own release: without them it could be accepted but never released
 * (they are optional in CC015C and required in CC029C, CD001C, CD050C).
 */
export function unreleasable(context: Context): string[] {
  const doc = documentOf(context)
  const opened: Context = {
    ...context,
    movement: { ...context.movement, data: { ...context.movement.data, record: doc } },
  }
  const given = releaseGroups(opened, { code: 'A2', date: '2000-01-01' })
  const types =
    groups(recordOf(opened), 'CustomsOfficeOfTransitDeclared').length > 0
      ? ['CC029C', 'CD001C', 'CD050C']
      : ['CC029C', 'CD001C']
  return [...new Set(types.flatMap((type) => projectRecord(opened, type, given(type)).missing))]
}
