/** Days as forms write them (`M/d/yy`, `yyyyMMdd`, `dd.MM.yyyy`); a block has a date and a time of day. */
import { CustomsFault, isDate } from '@corridor/customs'

const tokens: Record<string, { pattern: string; part: 'year' | 'month' | 'day' }> = {
  yyyy: { pattern: '([0-9]{4})', part: 'year' },
  yy: { pattern: '([0-9]{2})', part: 'year' },
  MM: { pattern: '([0-9]{2})', part: 'month' },
  M: { pattern: '([0-9]{1,2})', part: 'month' },
  dd: { pattern: '([0-9]{2})', part: 'day' },
  d: { pattern: '([0-9]{1,2})', part: 'day' },
}

/** One way to write a day. */
export interface DayForm {
  /** `2026-11-02T00:00:00`; undefined for what is no day in this form */
  read(text: string): string | undefined
  /** undefined for a day that the form cannot tell from another one: two figures of the year are those from 2000 to 2099 */
  write(moment: string): string | undefined
}

/** Compiles a way to write a day. Throws `table-syntax`. */
export function dayForm(notation: string): DayForm {
  const parts = notation.split(/(yyyy|yy|MM|M|dd|d)/)
  const used = parts.filter((part) => part in tokens).map((part) => tokens[part]!.part)
  if (used.toSorted().join() !== 'day,month,year')
    throw new CustomsFault('table-syntax', `${notation} is no way to write a day`)
  const literal = (part: string): string => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const pattern = new RegExp(`^${parts.map((part) => tokens[part]?.pattern ?? literal(part)).join('')}$`)
  return {
    read: (text) => {
      const found = pattern.exec(text)?.slice(1)
      if (!found) return undefined
      const part = (name: string): string => found[used.indexOf(name as never)]!.padStart(2, '0')
      const year = part('year').length === 2 ? `20${part('year')}` : part('year')
      const day = `${year}-${part('month')}-${part('day')}`
      return isDate(day) ? `${day}T00:00:00` : undefined
    },
    write: (moment) => {
      const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})T/.exec(moment) ?? []
      if (year === '' || (parts.includes('yy') && !year.startsWith('20'))) return undefined
      const value: Record<string, string> = {
        yyyy: year,
        yy: year.slice(2),
        MM: month,
        M: String(Number(month)),
        dd: day,
        d: String(Number(day)),
      }
      return parts.map((part) => value[part] ?? part).join('')
    },
  }
}
