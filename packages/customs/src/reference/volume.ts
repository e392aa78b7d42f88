/**
 * How much reference data each side produces, by list and month: what was observed, and what is to be planned for.
 *
 * The forecast is plain, so that whoever plans can do it again by hand: the mean of the last complete months, with their standard deviation
 * as spread. What is already known to come (codes that begin or end on a later day, versions that are being prepared) is counted exactly,
 * and a forecast is never below it.
 */

/** A version of a list that was published, or is being prepared. */
export interface VersionVolume {
  readonly list: string
  /** party that produces it; null for a list that is nobody's here */
  readonly owner: string | null
  readonly number: number
  /** `yyyy-mm` in which it was published, or in which one that is being prepared is to take effect */
  readonly month: string
  readonly published: boolean
  /** entries that it brought and took away */
  readonly added: number
  readonly removed: number
  /** codes that are otherwise in it than in the version before */
  readonly changes: number
  /** of the entries that it brought, as they travel, before compression */
  readonly bytes: number
}

/** Codes of a list that begin, end or change in a month that is to come, by what is in use already. */
export interface AnnouncedVolume {
  readonly list: string
  readonly month: string
  readonly changes: number
}

/** Which months; each `yyyy-mm`, both ends included. */
export interface VolumeMonths {
  readonly from: string
  readonly to: string
  /** the month that runs */
  readonly current: string
  /** how many complete months the forecast looks back; 6 unless told */
  readonly history?: number
}

/** A month of a list or of a side. */
export interface MonthVolume {
  readonly month: string
  /** `running`: the month that runs, observed so far; `forecast`: one to come */
  readonly kind: 'observed' | 'running' | 'forecast'
  /** entries at its end */
  readonly entries: number
  /** codes that changed; a first version is no change, see `loaded` */
  readonly changes: number
  /** between these the changes are expected; both are the changes of a month that was observed */
  readonly low: number
  readonly high: number
  /** of a month to come: changes that are known already */
  readonly announced: number
  readonly versions: number
  /** entries that came with first versions */
  readonly loaded: number
  /** of all entries that were sent, or are expected to be: entries × bytes of an entry, before compression */
  readonly bytes: number
}

/** A list with its months, or a side with those of all its lists together. */
export interface VolumeSeries {
  readonly owner: string | null
  /** undefined: all lists of the owner */
  readonly list?: string
  /** complete months that the forecast rests on; 0: only what is announced */
  readonly basisMonths: number
  readonly months: readonly MonthVolume[]
}

/** The volume of each list that has any, and of each side. */
export interface Volume {
  readonly lists: readonly VolumeSeries[]
  readonly sides: readonly VolumeSeries[]
}

/** The months from one to another, both included; `yyyy-mm`. */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = []
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month)
  return months
}

/** A month so many later, or earlier. */
export function addMonths(month: string, count: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`
}

/** Observed and expected volume. @param versions of all time, in any order */
export function volumeOf(
  versions: readonly VersionVolume[],
  announced: readonly AnnouncedVolume[],
  months: VolumeMonths,
): Volume {
  const owners = new Map(versions.map(({ list, owner }) => [list, owner]))
  const seriesOf = (owner: string | null, lists: ReadonlySet<string>): Omit<VolumeSeries, 'list'> => ({
    owner,
    ...monthsOf(
      versions.filter(({ list }) => lists.has(list)),
      announced.filter(({ list }) => lists.has(list)),
      months,
    ),
  })
  const lists = [...owners].map(([list, owner]) => ({ ...seriesOf(owner, new Set([list])), list }))
  const sides = [...Map.groupBy(owners, ([, owner]) => owner)].map(([owner, own]) =>
    seriesOf(owner, new Set(own.map(([list]) => list))),
  )
  const byOwner = (a: VolumeSeries, b: VolumeSeries): number => compare(a.owner ?? '', b.owner ?? '')
  return {
    lists: lists.toSorted((a, b) => byOwner(a, b) || compare(a.list, b.list)),
    sides: sides.toSorted(byOwner),
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

function monthsOf(
  versions: readonly VersionVolume[],
  announced: readonly AnnouncedVolume[],
  { from, to, current, history = 6 }: VolumeMonths,
): Pick<VolumeSeries, 'basisMonths' | 'months'> {
  const published = versions.filter((version) => version.published)
  const observed = (month: string): MonthVolume => observedIn(published, month, month === current)
  const first = published.map(({ month }) => month).toSorted(compare)[0] ?? current
  // The month of the first version is not whole: nothing could change before it.
  const begins = [addMonths(first, 1), addMonths(current, -history)].toSorted(compare)[1]!
  const basis = monthsBetween(begins, addMonths(current, -1)).map(observed)
  const mean = mostLikely(basis.map(({ changes }) => changes))
  const growth = mostLikely(basis.map(({ month }) => growthIn(published, month))).mean
  const now = observed(current).entries
  const entryBytes = sum(published.map(({ bytes }) => bytes)) / Math.max(1, sum(published.map(({ added }) => added)))
  const known = [...announced, ...versions.filter((version) => !version.published)]
  const forecast = (month: string, ahead: number): MonthVolume => {
    const coming = sum(known.filter((each) => each.month === month).map(({ changes }) => changes))
    const changes = Math.max(Math.round(mean.mean), coming)
    return {
      month,
      kind: 'forecast',
      entries: Math.max(0, Math.round(now + growth * ahead)),
      changes,
      low: Math.max(0, coming, Math.round(mean.mean - mean.spread)),
      high: Math.max(changes, Math.round(mean.mean + mean.spread)),
      announced: coming,
      versions: 0,
      loaded: 0,
      bytes: Math.round(changes * entryBytes),
    }
  }
  return {
    basisMonths: basis.length,
    months: monthsBetween(from, to).map((month) =>
      month <= current ? observed(month) : forecast(month, monthsBetween(current, month).length - 1),
    ),
  }
}

function observedIn(published: readonly VersionVolume[], month: string, isRunning: boolean): MonthVolume {
  const own = published.filter((version) => version.month === month)
  const changes = sum(own.filter(({ number }) => number > 1).map((version) => version.changes))
  const until = published.filter((version) => version.month <= month)
  return {
    month,
    kind: isRunning ? 'running' : 'observed',
    entries: sum(until.map(({ added, removed }) => added - removed)),
    changes,
    low: changes,
    high: changes,
    announced: 0,
    versions: own.length,
    loaded: sum(own.filter(({ number }) => number === 1).map(({ added }) => added)),
    bytes: sum(own.map(({ bytes }) => bytes)),
  }
}

function growthIn(published: readonly VersionVolume[], month: string): number {
  const own = published.filter((version) => version.month === month && version.number > 1)
  return sum(own.map(({ added, removed }) => added - removed))
}

/** Mean and standard deviation; both 0 of nothing. */
function mostLikely(numbers: readonly number[]): { mean: number; spread: number } {
  if (numbers.length === 0) return { mean: 0, spread: 0 }
  const mean = sum(numbers) / numbers.length
  return { mean, spread: Math.sqrt(sum(numbers.map((each) => (each - mean) ** 2)) / numbers.length) }
}

/** The lists' months as CSV (RFC 4180), a line each, as a planner's spreadsheet takes it. */
export function volumeCsv({ lists }: Volume): string {
  const columns = ['owner', 'list', 'month', 'kind', 'entries', 'changes', 'low', 'high', 'announced', 'versions', 'loaded', 'bytes'] // prettier-ignore
  const lines = lists.flatMap(({ owner, list, months }) =>
    months.map(
      (month) =>
      [owner ?? '', list ?? '', month.month, month.kind, month.entries, month.changes, month.low, month.high, month.announced, month.versions, month.loaded, month.bytes].map(cell).join(','), // prettier-ignore
    ),
  )
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('')
}

function cell(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
