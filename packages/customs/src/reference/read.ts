/** Files of reference data by their form. */
import type { WrongLine } from '../codelists/entry-rows.ts'
import { readCsrd2, writeCsrd2 } from './csrd2.ts'
import type { ReadEntry, ReferenceEntry, ReferenceForm } from './entry.ts'
import { readJsonLines, writeJsonLines } from './json.ts'
import type { ListNaming } from './lists.ts'
import { readRows, writeCsv, writeTsv } from './rows.ts'
import type { Chunks } from './text.ts'

/**
 * The entries of a file, one by one with their lines, in bounded memory; what cannot be read comes as a wrong line.
 * @param naming our ids of the lists that the file names
 * @param list of entries that name none, in files of one list
 */
export function readReference(
  form: ReferenceForm,
  chunks: Chunks,
  naming: ListNaming,
  list?: string,
): AsyncGenerator<ReadEntry | WrongLine> {
  if (form === 'csrd2-xml') return readCsrd2(chunks, naming)
  return form === 'json' ? readJsonLines(chunks, naming, list) : readRows(chunks, naming, list)
}

/** How a file is written. */
export interface WriteOptions {
  /** name of a list in published files */
  readonly nameOf: (list: string) => string
  /** languages of the columns of CSV */
  readonly languages?: readonly string[]
  /** tsv: with a column for last days */
  readonly ends?: boolean
}

/** A file in chunks of text, from entries that come list by list. */
export function writeReference(
  form: ReferenceForm,
  entries: AsyncIterable<ReferenceEntry> | Iterable<ReferenceEntry>,
  { nameOf, languages = ['en'], ends = false }: WriteOptions,
): AsyncGenerator<string> {
  if (form === 'csrd2-xml') return writeCsrd2(entries, nameOf)
  if (form === 'json') return writeJsonLines(entries)
  return form === 'csv' ? writeCsv(entries, languages) : writeTsv(entries, nameOf, ends)
}
