/** Imports a published code list: lines in, our own table out, with a report; all or nothing. */
import { addDays, isDate, overlap } from '../values/dates.ts'
import { CustomsFault } from '../faults.ts'
import { readTable } from '../tsv.ts'
import { dayOf, openEnd } from './days.ts'
import { EntryReader, type EntryForm, type EntryRow, type WrongLine } from './entry-rows.ts'

/** What is imported, and over what. */
export interface CodeListImport {
  /** id of the list: `CL016` */
  readonly list: string
  /** its name: `CUSCode`; rows of a file of several lists are those marked with the id or the name, in any case */
  readonly name: string
  /** where the file comes from, for the head of the list */
  readonly source: string
  /** the day of the file, `yyyy-mm-dd`: what it no longer has ended the day before */
  readonly version: string
  /** the list as it stands, in our form; none for the first import */
  readonly current?: string
  /** `addition`: what the file does not have stays as it is; `whole` (unless told): it has ended */
  readonly covers?: 'whole' | 'addition'
}

/** What an import did, or would have done; added, changed, ended and unchanged count codes. */
export interface ImportReport {
  readonly form: EntryForm | undefined
  /** rows of this list in the file */
  readonly rows: number
  readonly added: number
  /** another text, an earlier first day, or begun again */
  readonly changed: number
  readonly ended: number
  readonly unchanged: number
  /** lines that are wrong, the first thousand of them */
  readonly wrong: readonly WrongLine[]
  readonly wrongLines: number
}

/** The new list, line by line without line ends, or nothing when a line was wrong. */
export type ImportOutcome =
  | { readonly ok: true; readonly report: ImportReport; readonly lines: () => Iterable<string> }
  | { readonly ok: false; readonly report: ImportReport }

interface Entry {
  code: string
  validFrom: string
  validTo: string
  text: string
}

const mostWrong = 1000

/** A line of a file of tabs or CSV, or a row that was read already (csrd2-xml.ts). */
export type ImportLine = string | EntryRow | WrongLine

/**
 * Imports a list. A code that is there with the same text keeps its first day, so that a list published anew does not lose its past; one
 * whose text changed is ended the day before its new first day and goes on with the new text. Throws `bad-value` when the import is
 * described wrongly (id, day), `codelist-syntax` when the current list is not one of ours; whatever is wrong in the file is in the report.
 */
export async function importCodeList(
  lines: Iterable<ImportLine> | AsyncIterable<ImportLine>,
  options: CodeListImport,
): Promise<ImportOutcome> {
  checkOptions(options)
  const reader = new EntryReader()
  const gathered = new Gathered(options)
  let isRead = false
  for await (const line of lines) {
    isRead ||= typeof line !== 'string'
    gathered.take(typeof line === 'string' ? reader.line(line) : line)
  }
  if (!isRead) gathered.take(reader.end())
  return gathered.outcome(isRead ? 'xml' : reader.form)
}

function checkOptions({ list, name, source, version }: CodeListImport): void {
  if (!/^[A-Z]{1,4}[0-9]{1,4}$/.test(list)) throw new CustomsFault('bad-value', `${list} is not the id of a code list`)
  if (!isDate(version)) throw new CustomsFault('bad-value', `${version} is not a day yyyy-mm-dd`)
  for (const text of [name, source])
    if (!/^[^\t\n\r]+$/.test(text)) throw new CustomsFault('bad-value', `name and source have one line each`)
}

class Gathered {
  readonly #options: CodeListImport
  readonly #marks: ReadonlySet<string>
  readonly #rows = new Map<string, Entry[]>()
  readonly #wrong: WrongLine[] = []
  #wrongLines = 0
  #count = 0

  constructor(options: CodeListImport) {
    this.#options = options
    this.#marks = new Set([options.list.toLowerCase(), options.name.toLowerCase()])
  }

  take(read: EntryRow | WrongLine | undefined): void {
    if (!read) return
    if ('reason' in read) return this.#say(read.line, read.reason)
    const marks = [read.list, read.name].filter(Boolean)
    if (marks.length > 0 && !marks.some((mark) => this.#marks.has(mark.toLowerCase()))) return
    this.#count += 1
    const made = entryOf(read)
    if (typeof made === 'string') return this.#say(read.line, made)
    const same = this.#rows.get(made.code) ?? []
    const clashing = same.filter((entry) => overlap(entry, made))
    const rest = same.filter((entry) => !clashing.includes(entry))
    const merged = clashing.length === 0 ? made : clashing.length === 1 && endedBy(clashing[0]!, made)
    if (merged) this.#rows.set(made.code, [...rest, merged])
    else this.#say(read.line, `${made.code} is there twice at one time`)
  }

  outcome(form: EntryForm | undefined): ImportOutcome {
    if (this.#count === 0 && this.#wrongLines === 0)
      this.#say(0, `no row of ${this.#options.list} (${this.#options.name})`)
    const merged = new Merged(currentOf(this.#options), this.#rows, this.#options)
    const report = {
      form,
      rows: this.#count,
      ...merged.counts,
      wrong: this.#wrong,
      wrongLines: this.#wrongLines,
    }
    return this.#wrongLines > 0
      ? { ok: false, report }
      : { ok: true, report, lines: () => textOf(this.#options, merged.entries) }
  }

  #say(line: number, reason: string): void {
    this.#wrongLines += 1
    if (this.#wrong.length < mostWrong) this.#wrong.push({ line, reason })
  }
}

/** An entry of a row, or what is wrong with it. */
function entryOf(row: EntryRow): Entry | string {
  const code = row.code.trim()
  if (code === '') return 'no code'
  if (/[\t\n\r]/.test(code) || code.length > 100) return 'a code has one line of at most 100 characters'
  const [validFrom, validTo] = [dayOf(row.validFrom), openEnd(dayOf(row.validTo))]
  if (validFrom === undefined) return `first day ${row.validFrom}`
  if (validTo === undefined) return `last day ${row.validTo}`
  const text = row.text.replaceAll(/[\s⏎]+/gu, ' ').trim()
  const state = row.state.trim().toLowerCase()
  if (state === 'invalid')
    return validFrom === '' ? 'invalid since no day' : { code, validFrom: '', validTo: addDays(validFrom, -1), text }
  if (state !== '' && state !== 'valid') return `state ${row.state}`
  if (validTo !== '' && validTo < validFrom) return `ends on ${validTo}, before it begins on ${validFrom}`
  return { code, validFrom, validTo, text }
}

/** A row that only says when a code ended. */
function isEnd({ validFrom, validTo }: Entry): boolean {
  return validFrom === '' && validTo !== ''
}

/** The entry that a row and the row of its end make together; undefined when neither is an end. */
function endedBy(a: Entry, b: Entry): Entry | undefined {
  if (isEnd(a) === isEnd(b)) return undefined
  const [end, begun] = isEnd(a) ? [a, b] : [b, a]
  return { ...begun, validTo: end.validTo }
}

function currentOf({ current, list }: CodeListImport): Map<string, Entry[]> {
  const entries = new Map<string, Entry[]>()
  if (current === undefined) return entries
  const { head, rows } = readTable(current, ['code', 'validFrom', 'validTo', 'text_en'], list)
  if (head.get('list') !== list)
    throw new CustomsFault('codelist-syntax', `the current list is ${head.get('list')}, not ${list}`)
  for (const row of rows) {
    const [code, validFrom, validTo, text] = ['code', 'validFrom', 'validTo', 'text_en'].map((name) =>
      row.cell(name),
    ) as [string, string, string, string]
    entries.set(code, [...(entries.get(code) ?? []), { code, validFrom, validTo: openEnd(validTo), text }])
  }
  return entries
}

/** The current list with the rows of the file over it; the counts are of codes. */
class Merged {
  readonly entries: Entry[] = []
  readonly counts = { added: 0, changed: 0, ended: 0, unchanged: 0 }

  constructor(
    current: ReadonlyMap<string, readonly Entry[]>,
    rows: ReadonlyMap<string, readonly Entry[]>,
    { version, covers = 'whole' }: CodeListImport,
  ) {
    for (const [code, own] of rows) this.#keep(current.get(code) ?? [], over(current.get(code) ?? [], own))
    for (const [code, known] of current) {
      if (rows.has(code)) continue
      // what the file does not have any more ended the day before it
      this.#keep(known, covers === 'whole' ? until(known, addDays(version, -1)) : known)
    }
    this.entries.sort((a, b) => order(a.code, b.code) || order(a.validFrom, b.validFrom))
  }

  #keep(before: readonly Entry[], after: readonly Entry[]): void {
    this.entries.push(...after)
    this.counts[verdict(before, after)] += 1
  }
}

function verdict(before: readonly Entry[], after: readonly Entry[]): 'added' | 'changed' | 'ended' | 'unchanged' {
  if (before.length === 0) return 'added'
  if (JSON.stringify(before) === JSON.stringify(after)) return 'unchanged'
  const [was, is] = [before.at(-1)!, after.at(-1)]
  return !is || (is.validTo !== '' && (was.validTo === '' || is.validTo < was.validTo)) ? 'ended' : 'changed'
}

/** What is known of a code up to the first day of the rows, and the rows; one that goes on with the same text goes on. */
function over(known: readonly Entry[], rows: readonly Entry[]): Entry[] {
  const end = rows.find(isEnd)
  if (end && rows.length === 1 && known.length > 0) return until(known, end.validTo)
  const sorted = rows.toSorted((a, b) => order(a.validFrom, b.validFrom))
  const first = sorted[0]!.validFrom
  const joined: Entry[] = []
  for (const entry of [...(first === '' ? [] : until(known, addDays(first, -1))), ...sorted]) {
    const last = joined.at(-1)
    if (last && last.text === entry.text && last.validTo !== '' && addDays(last.validTo, 1) === entry.validFrom)
      joined[joined.length - 1] = { ...last, validTo: entry.validTo }
    else joined.push(entry)
  }
  return joined
}

/** The entries as they were up to a day; what had not begun by then is left out. */
function until(entries: readonly Entry[], day: string): Entry[] {
  return entries
    .filter(({ validFrom }) => validFrom <= day)
    .map((entry) => (entry.validTo === '' || entry.validTo > day ? { ...entry, validTo: day } : entry))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function* textOf({ list, name, source, version }: CodeListImport, entries: readonly Entry[]): Generator<string> {
  yield `#list\t${list}`
  yield `#name\t${name}`
  yield `#source\t${source}`
  yield `#version\t${version}`
  yield 'code\tvalidFrom\tvalidTo\ttext_en'
  for (const { code, validFrom, validTo, text } of entries) yield [code, validFrom, validTo, text].join('\t').trimEnd()
}
