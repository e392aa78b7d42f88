import type { FallbackContext, Paper } from './types.ts'

type Guard = (context: FallbackContext) => boolean

/** The moment that the fields of an act give. */
export const momentIn = ({ event, facts }: FallbackContext): string =>
  facts.momentOf(event.fields['date'] ?? '', event.fields['time'] ?? '')

/** The paper of the mode on which something happened last; one that was returned counts no more. */
export function latestPaper({ papers }: FallbackContext['facts']): Paper | undefined {
  const counted = papers.filter(({ state, registered }) => registered !== null && state !== 'returned')
  return counted.toSorted((a, b) => ((a.registered?.at ?? '') < (b.registered?.at ?? '') ? -1 : 1)).at(-1)
}

/** The guards that rows of the two machines may name. */
export const fallbackGuards: Record<string, Guard> = {
  always: () => true,
  'another-prepared': ({ facts }) => facts.prepared !== undefined,
  'another-open': ({ facts }) => facts.open !== undefined,
  'in-the-future': (context) => momentIn(context) > context.facts.now,
  'before-begin': (context) => momentIn(context) <= (context.mode.beganAt ?? ''),
  'before-paper': (context) => momentIn(context) < (latestPaper(context.facts)?.registered?.at ?? ''),
  'outside-the-outage': (context) => {
    const { beganAt, endedAt } = context.mode
    const at = momentIn(context)
    return at < (beganAt ?? '') || at > (endedAt ?? context.facts.now)
  },
  'forms-in-use': ({ facts }) => facts.results.some(({ flags }) => flags.length > 0),
  'flags-left': ({ facts }) => facts.results.some(({ result }) => result === 'flagged' || result === 'open'),
  'not-explainable': ({ law, event, facts }) => {
    const { mrn, flag = '' } = event.fields
    const raised = facts.results.find((each) => each.mrn === mrn)?.flags.some((each) => each.flag === flag)
    return raised !== true || law.fallback.flags.get(flag)?.explainable !== true
  },
  'lrn-registered': ({ facts }) => facts.sameLrn !== undefined,
  'seen-elsewhere': ({ paper }) => (paper?.seen ?? []).length > 0,
}
