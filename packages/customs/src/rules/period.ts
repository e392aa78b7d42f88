/**
 * Periods of rules: the optional columns `from` and `until` of a rule table. A cell is a day (`2025-01-21`), the name of a day
 * (`TPendDate`), or `after` one of them; `until` is the last day on which the row counts, `from` the first. Which day a document is of
 * (the specification's decisive date) is said by who checks it.
 */
import { CustomsFault } from '../faults.ts'

/** Days that rules name, `yyyy-mm-dd`. */
export interface NamedDates {
  /** last day of the transitional period of NCTS P5 */
  readonly TPendDate: string
}

/**
 * Final state rules began on 21 January 2025, one minute after midnight (HMRC, Community and common transit newsletter, January 2025), so the day before is the
 * last of the transitional period. The date itself is not in the specification; whoever joins later configures their own.
 */
export const defaultDates: NamedDates = { TPendDate: '2025-01-20' }

/** Whether a row counts on a day, given the named days. */
export type Period = (date: string, dates: NamedDates) => boolean

/** Compiles the two cells; undefined when both are empty, for a row without end or beginning. Throws `rule-syntax`. */
export function compilePeriod(from: string, until: string): Period | undefined {
  if (from === '' && until === '') return undefined
  const first = readBound(from)
  const last = readBound(until)
  if (last?.isAfter) throw new CustomsFault('rule-syntax', `until ${until}: a last day cannot be after a day`)
  return (date, dates) => {
    if (first) {
      const day = first.day(dates)
      if (first.isAfter ? date <= day : date < day) return false
    }
    return !last || date <= last.day(dates)
  }
}

interface Bound {
  readonly isAfter: boolean
  day(dates: NamedDates): string
}

function readBound(cell: string): Bound | undefined {
  if (cell === '') return undefined
  const [, after, word = ''] = /^(after )?(\S+)$/.exec(cell) ?? []
  const isAfter = after !== undefined
  if (/^\d{4}-\d\d-\d\d$/.test(word)) return { isAfter, day: () => word }
  if (word !== 'TPendDate') throw new CustomsFault('rule-syntax', `not a day: ${cell}`)
  return { isAfter, day: (dates) => dates[word] }
}
