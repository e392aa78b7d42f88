/**
 * Rows of a published code list, as they come in: tab-separated without quotes (the snapshots of CS/RD2 in our form, and our own lists),
 * or CSV with commas or semicolons and quotes (RFC 4180; a quoted value may go over several lines). The first line that does not begin
 * with `#` names the columns.
 *
 * | column | other names | what it is |
 * |---|---|---|
 * | `code` | `key` | the code; required |
 * | `validFrom` | `activeFrom` | first day, `yyyy-mm-dd` or `dd-mm-yyyy`; empty: open |
 * | `validTo` | `activeTo` | last day; empty: open |
 * | `text_en` | `description`, `description_en` | what it means |
 * | `state` | | `valid`, or `invalid`: ended the day before `activeFrom` |
 * | `list` | `code_list` | which list the row belongs to, in a file of several |
 * | `name` | | the name of that list |
 */

/** A row in the file's own words; `list` and `name` are '' in a file of one list. */
export interface EntryRow {
  /** line in the file, counted from 1: the first of the row */
  readonly line: number
  readonly code: string
  readonly validFrom: string
  readonly validTo: string
  readonly text: string
  readonly state: string
  readonly list: string
  readonly name: string
}

/** A line that cannot be used. */
export interface WrongLine {
  readonly line: number
  readonly reason: string
}

/** Which form a file has. */
export type EntryForm = 'tabs' | 'csv' | 'xml'

const columns: Readonly<Record<Exclude<keyof EntryRow, 'line'>, readonly string[]>> = {
  code: ['code', 'key'],
  validFrom: ['validfrom', 'activefrom'],
  validTo: ['validto', 'activeto'],
  text: ['text_en', 'description', 'description_en'],
  state: ['state'],
  list: ['list', 'code_list'],
  name: ['name'],
}

/** No line of a code list is longer; a longer one is wrong and is not kept. */
export const longestLine = 64 * 1024

/** Reads one file line by line. */
export class EntryReader {
  form: EntryForm | undefined
  #separator = '\t'
  #positions: Partial<Record<keyof typeof columns, number>> = {}
  #width = 0
  #line = 0
  #open: { line: number; text: string } | undefined

  /** The row that this line ends, what is wrong with it, or undefined: a head line, an empty line, or the middle of a quoted value. */
  line(raw: string): EntryRow | WrongLine | undefined {
    this.#line += 1
    const text = (raw.endsWith('\r') ? raw.slice(0, -1) : raw).replace(this.#line === 1 ? /^\u{feff}/u : '', '')
    if (!this.form) return this.#head(text)
    if (this.#positions.code === undefined || (!this.#open && text === '')) return undefined
    const line = this.#open?.line ?? this.#line
    const whole = this.#open ? `${this.#open.text}\n${text}` : text
    this.#open = undefined
    if (whole.length > longestLine) return { line, reason: `longer than ${longestLine} characters` }
    if (this.form === 'csv' && quotesOf(whole) % 2 === 1) {
      this.#open = { line, text: whole }
      return undefined
    }
    return this.#row(whole, line)
  }

  /** What is wrong with the end of the file: no column line, or a quote that was never closed. */
  end(): WrongLine | undefined {
    if (!this.form) return { line: this.#line, reason: 'no column line' }
    return this.#open && { line: this.#open.line, reason: 'a quote is not closed' }
  }

  #head(text: string): WrongLine | undefined {
    if (text === '' || text.startsWith('#')) return undefined
    this.form = text.includes('\t') ? 'tabs' : 'csv'
    this.#separator = this.form === 'tabs' ? '\t' : text.includes(';') ? ';' : ','
    const names = (cellsOf(text, this.form, this.#separator) ?? []).map((cell) => cell.trim().toLowerCase())
    this.#width = names.length
    for (const [column, known] of Object.entries(columns)) {
      const at = names.findIndex((name) => known.includes(name))
      if (at >= 0) this.#positions[column as keyof typeof columns] = at
    }
    return this.#positions.code === undefined
      ? { line: this.#line, reason: `no column code or key in: ${names.join(', ')}` }
      : undefined
  }

  #row(text: string, line: number): EntryRow | WrongLine {
    const cells = cellsOf(text, this.form!, this.#separator)
    if (!cells) return { line, reason: 'a quote stands inside a value' }
    if (cells.length > this.#width) return { line, reason: `${cells.length} cells, ${this.#width} columns` }
    const cell = (column: keyof typeof columns): string => cells[this.#positions[column] ?? -1] ?? ''
    return {
      line,
      code: cell('code'),
      validFrom: cell('validFrom'),
      validTo: cell('validTo'),
      text: cell('text'),
      state: cell('state'),
      list: cell('list'),
      name: cell('name'),
    }
  }
}

function quotesOf(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count += 1
  return count
}

/** The cells of a line; undefined when a quote stands where none may. */
function cellsOf(text: string, form: EntryForm, separator: string): string[] | undefined {
  if (form === 'tabs' || !text.includes('"')) return text.split(separator)
  const cells: string[] = []
  let at = 0
  for (;;) {
    let end: number
    if (text[at] === '"') {
      let close = text.indexOf('"', at + 1)
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
      if (close < 0) return undefined
      cells.push(text.slice(at + 1, close).replaceAll('""', '"'))
      end = close + 1
      if (end < text.length && text[end] !== separator) return undefined
    } else {
      const next = text.indexOf(separator, at)
      end = next < 0 ? text.length : next
      const cell = text.slice(at, end)
      if (cell.includes('"')) return undefined
      cells.push(cell)
    }
    if (end >= text.length) return cells
    at = end + 1
  }
}
