import { createWriteStream, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type CodeListImport,
  importCodeList,
  type ImportLine,
  type ImportReport,
  linesOfText,
  rowsOfCsrd2Xml,
} from '@corridor/customs'
import { loadOfficeLists } from '@corridor/tables'
import { UsageError } from '../arguments.ts'
import { print } from '../print.ts'
import { bytesOf, requireFile, wrongLinesShown } from './import-file.ts'

/**
 * Imports a file (`.tsv`, `.csv`, `.xml`, each also with `.gz`) into a folder of code lists, over the list of an earlier import there.
 * The new list takes the place of the old one in one step, or stays away when a line is wrong. Gives the exit code.
 */
export async function importInto(
  into: string,
  file: string,
  { source, ...how }: Omit<CodeListImport, 'current' | 'source'> & { source: string | undefined },
): Promise<number> {
  if (statSync(into, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`There is no folder “${into}” to import into.`)
  requireFile(file)
  const target = join(into, `${how.list}.tsv`)
  const current = existsSync(target) ? readFileSync(target, 'utf8') : undefined
  const options = { ...how, source: source ?? basename(file), ...(current !== undefined && { current }) }
  const outcome = await importCodeList(rowsOf(file), options)
  await print(tell(outcome.report, outcome.ok ? target : undefined))
  if (!outcome.ok) return 1
  const beside = `${target}.importing`
  try {
    await pipeline(Readable.from(withEnds(outcome.lines())), createWriteStream(beside))
    renameSync(beside, target)
  } finally {
    rmSync(beside, { force: true })
  }
  return 0
}

function* withEnds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`
}

function rowsOf(file: string): AsyncIterable<ImportLine> {
  const chunks: AsyncIterable<string> = bytesOf(file).setEncoding('utf8')
  return /\.xml(\.gz)?$/i.test(file) ? rowsOfCsrd2Xml(chunks, loadOfficeLists()) : linesOf(chunks)
}

/** A line is cut a little beyond what an importer takes as one, so that it is refused and never kept. */
const longestLine = 80_000

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const { text } of linesOfText(chunks, longestLine)) yield text
}

function tell({ rows, added, changed, ended, unchanged, wrong, wrongLines }: ImportReport, target?: string): string {
  const counts = `${rows} rows: ${added} codes added, ${changed} changed, ${ended} ended, ${unchanged} unchanged`
  if (target !== undefined) return `${target}\n${counts}\n`
  const are = wrongLines === 1 ? 'line is' : 'lines are'
  return `Nothing was imported: ${wrongLines} ${are} wrong.\n${wrongLinesShown(wrong, wrongLines)}`
}
