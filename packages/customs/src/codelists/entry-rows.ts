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
import { CellReader } from './cell-rows.ts'

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

/** Reads one file line by line. */
export class EntryReader {
  readonly #rows = new CellReader()
  #positions: Partial<Record<keyof typeof columns, number>> | undefined

  get form(): EntryForm | undefined {
    return this.#rows.form
  }

  /** The row that this line ends, what is wrong with it, or undefined: a head line, an empty line, or the middle of a quoted value. */
  line(raw: string): EntryRow | WrongLine | undefined {
    const read = this.#rows.read(raw)
    if (!this.#positions) return this.form && this.#head()
    if (this.#positions.code === undefined || !read) return undefined
    if ('reason' in read) return read
    const positions = this.#positions
    const cell = (column: keyof typeof columns): string => read.cells[positions[column] ?? -1] ?? ''
    return {
      line: read.line,
      code: cell('code'),
      validFrom: cell('validFrom'),
      validTo: cell('validTo'),
      text: cell('text'),
      state: cell('state'),
      list: cell('list'),
      name: cell('name'),
    }
  }

  /** What is wrong with the end of the file: no column line, or a quote that was never closed. */
  end(): WrongLine | undefined {
    return this.#rows.end()
  }

  #head(): WrongLine | undefined {
    const names = this.#rows.columns.map((name) => name.toLowerCase())
    this.#positions = {}
    for (const [column, known] of Object.entries(columns)) {
      const at = names.findIndex((name) => known.includes(name))
      if (at >= 0) this.#positions[column as keyof typeof columns] = at
    }
    return this.#positions.code === undefined
      ? { line: this.#rows.line, reason: `no column code or key in: ${names.join(', ')}` }
      : undefined
  }
}
