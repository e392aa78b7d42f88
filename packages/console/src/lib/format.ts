import { language } from './language.svelte.ts'
import { account } from './account.svelte.ts'

/** The zone of all clock times: the office's, else this machine's. */
export function zone(): string {
  return account.session?.node.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([language.formats, zone(), options])
  let made = formatters.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(language.formats, { hourCycle: 'h23', timeZone: zone(), ...options })
    formatters.set(key, made)
  }
  return made
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
const DAY: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' }

/** `05:59` in the office's zone. */
export const clock = (at: string): string => dates(CLOCK).format(new Date(at))

/** `05:59:07`: for lists where seconds tell messages apart. */
export const clockSeconds = (at: string): string => dates({ ...CLOCK, second: '2-digit' }).format(new Date(at))

/** `24/11/2026, 05:59:07`: for records where seconds tell entries apart. */
export const dayAndSeconds = (at: string): string => dates({ ...DAY, ...CLOCK, second: '2-digit' }).format(new Date(at))

/** `24/11/2026, 05:59`. */
export const dayAndClock = (at: string): string => dates({ ...DAY, ...CLOCK }).format(new Date(at))

/** Whether this is a date without a time, as documents carry for what is decided on a day. */
export const isDayOnly = (at: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(at)

/** `24/11/2026`, for a date without a time: the same day in every zone. */
export const dayOnly = (at: string): string => dates({ ...DAY, timeZone: 'UTC' }).format(new Date(at))

/** `24 Nov`: where a list or a picture passes midnight. */
export const shortDay = (at: string): string => dates({ day: 'numeric', month: 'short' }).format(new Date(at))

/** `Nov 2026`, for a month as `yyyy-mm`. */
export const monthOnly = (month: string): string =>
  dates({ month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-01`))

/** `Mon`: 1 is Monday, 7 Sunday. */
export const weekday = (day: number): string =>
  dates({ weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day))

/** Today at the office, `yyyy-mm-dd`. */
export const todayHere = (): string => new Intl.DateTimeFormat('sv-SE', { timeZone: zone() }).format(new Date())

/** The day after a date without a time, in the same form. */
export const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

/** The whole moment with its zone, for hover and print. */
export const fullMoment = (at: string): string =>
  dates({ dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' }).format(new Date(at))

/** Whether two moments lie on the same day at the office. */
export const sameDay = (a: string, b: string): boolean =>
  dates(DAY).format(new Date(a)) === dates(DAY).format(new Date(b))

/** `1,240`. */
export const number = (value: number): string => new Intl.NumberFormat(language.formats).format(value)

/** `€5,000` or `€5,000.50`: the currency's own digits, none when they are all zero. */
export function money(amount: string, currency: string): string {
  try {
    const format = new Intl.NumberFormat(language.formats, {
      style: 'currency',
      currency,
      trailingZeroDisplay: 'stripIfInteger',
    })
    return format.format(amount as unknown as number)
  } catch {
    return `${amount} ${currency}`
  }
}

/** How long a receipt took: `420 ms`, `1.2 sec`, `38 sec`, `3 min`. */
export function duration(ms: number): string {
  const [value, unit, digits] =
    ms < 1000
      ? ([ms, 'millisecond', 0] as const)
      : ms < 10_000
        ? ([ms / 1000, 'second', 1] as const)
        : ms < 120_000
          ? ([ms / 1000, 'second', 0] as const)
          : ([ms / 60_000, 'minute', 0] as const)
  return new Intl.NumberFormat(language.formats, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value)
}

/** A number of bytes: `640 byte`, `12 kB`, `3.4 MB`. */
export function bytes(count: number): string {
  const [value, unit] =
    count < 1000
      ? ([count, 'byte'] as const)
      : count < 1_000_000
        ? ([count / 1000, 'kilobyte'] as const)
        : ([count / 1_000_000, 'megabyte'] as const)
  return new Intl.NumberFormat(language.formats, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}

/** `3 hours ago`, beside a clock time and never instead of it. */
export function ago(at: string, now: number): string {
  const seconds = (new Date(at).getTime() - now) / 1000
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ]
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat(language.formats, { numeric: 'always' }).format(Math.trunc(seconds / size), unit)
}

/** A country in the person's language. Unknown codes show themselves. */
export function country(code: string): string {
  try {
    return new Intl.DisplayNames([language.formats], { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}

/** A language in the person's language: `Albanian`. Unknown tags show themselves. */
export function languageIn(locale: string): string {
  try {
    return new Intl.DisplayNames([language.formats], { type: 'language' }).of(locale) ?? locale
  } catch {
    return locale
  }
}

/** A language in its own words: `shqip`, `العربية`. */
export function languageName(locale: string): string {
  try {
    const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
  } catch {
    return locale
  }
}
