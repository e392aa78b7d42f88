/**
 * Rows of cells by the names of their columns: tab-separated without quotes, or CSV with commas or semicolons and quotes (RFC 4180; a
 * quoted value may go over several lines). The first line that does not begin with `#` names the columns.
 */
import type { EntryForm, WrongLine } from './entry-rows.ts'

/** No row of a code list is longer, unless its reader says so; a longer one is wrong and is not kept. */
export const longestLine = 64 * 1024

/** One row: its cells in the order of the columns. */
export interface CellRow {
  /** line in the file, counted from 1: the first of the row */
  readonly line: number
  readonly cells: readonly string[]
}

/** Reads one file line by line. */
export class CellReader {
  form: 'tabs' | 'csv' | undefined
  /** the columns as the file names them; empty before their line was read */
  columns: readonly string[] = []
  /** the line that was read last, counted from 1 */
  line = 0
  #separator = '\t'
  readonly #longest: number
  #open: { line: number; text: string } | undefined

  /** @param longest row that is read, in characters */
  constructor(longest = longestLine) {
    this.#longest = longest
  }

  /** The row that this line ends, what is wrong with it, or undefined: a head line, an empty line, or the middle of a quoted value. */
  read(raw: string): CellRow | WrongLine | undefined {
    this.line += 1
    const text = (raw.endsWith('\r') ? raw.slice(0, -1) : raw).replace(this.line === 1 ? /^\u{feff}/u : '', '')
    if (!this.form) return this.#head(text)
    if (!this.#open && text === '') return undefined
    const line = this.#open?.line ?? this.line
    const whole = this.#open ? `${this.#open.text}\n${text}` : text
    this.#open = undefined
    if (whole.length > this.#longest) return { line, reason: `longer than ${this.#longest} characters` }
    if (this.form === 'csv' && quotesOf(whole) % 2 === 1) {
      this.#open = { line, text: whole }
      return undefined
    }
    const cells = cellsOf(whole, this.form, this.#separator)
    if (!cells) return { line, reason: 'a quote stands inside a value' }
    if (cells.length > this.columns.length)
      return { line, reason: `${cells.length} cells, ${this.columns.length} columns` }
    return { line, cells }
  }

  /** What is wrong with the end of the file: no column line, or a quote that was never closed. */
  end(): WrongLine | undefined {
    if (!this.form) return { line: this.line, reason: 'no column line' }
    return this.#open && { line: this.#open.line, reason: 'a quote is not closed' }
  }

  #head(text: string): undefined {
    if (text === '' || text.startsWith('#')) return undefined
    this.form = text.includes('\t') ? 'tabs' : 'csv'
    this.#separator = this.form === 'tabs' ? '\t' : text.includes(';') ? ';' : ','
    this.columns = (cellsOf(text, this.form, this.#separator) ?? []).map((cell) => cell.trim())
    return undefined
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
