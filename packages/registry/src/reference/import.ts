import { type ReadEntry, type ReferenceEntry, wrongsOf, type WrongLine } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { announceChange } from './announce.ts'
import { RegistryReferenceFault } from './faults.ts'
import { checkLocked, listNames, lockLists } from './list.ts'
import { sql } from './statements.ts'
import { Staging } from './staging.ts'

/** How entries are imported. */
export interface ReferenceImport {
  /** who brings them: account, or `corridor` for the command line */
  readonly author: string
  readonly at: Date
  /** the day of the file, `yyyy-mm-dd`: what it no longer has ended the day before */
  readonly effective: string
  /** `addition`: what the file does not have stays as it is; `whole` (unless told): it has ended */
  readonly covers?: 'whole' | 'addition'
  /** of the file only the entries of this list */
  readonly list?: string
  /** `draft`: to be reviewed and published; `published` (unless told): in use with the commit */
  readonly state?: 'draft' | 'published'
  readonly note?: string
  /** administration that imports; a list of another owner is then refused */
  readonly party?: string
  /** number of the version that the import was made for; another one is refused */
  readonly base?: number
  /** true when it is meant that a large part of a list ends */
  readonly ending?: boolean
  /** what else is wrong with an entry, as sentences: the codes in its record */
  readonly wrongsIn?: (entry: ReferenceEntry) => readonly string[]
  /** more rows than these are refused; 2,000,000 unless told */
  readonly mostRows?: number
}

/** What an import did to one list; the counts are of codes. */
export interface ListImport {
  readonly list: string
  readonly added: number
  readonly changed: number
  readonly ended: number
  readonly unchanged: number
  /** number of the version it made; none where nothing changed */
  readonly version?: number
}

/** What an import did, or why it did nothing. */
export interface ReferenceImportReport {
  readonly ok: boolean
  readonly rows: number
  readonly lists: readonly ListImport[]
  /** lines that are wrong, the first thousand of them */
  readonly wrong: readonly WrongLine[]
  readonly wrongLines: number
}

const mostWrong = 1000

/** A list loses more than this part, from this many codes on, only when it is told to. */
const endedPart = 0.25
const fromCodes = 20

/**
 * Imports entries into declared lists: all of them, or nothing when a line is wrong. A code that is there with the same content keeps its
 * first day; one whose content changed is ended the day before its new first day and goes on with the new. The same file again changes
 * nothing and makes no version. Memory is bounded however long the file is.
 *
 * @throws RegistryReferenceFault list-busy, version-open, version-moved, not-owner, most-ended; the transaction is then to be rolled back
 */
export async function importEntries(
  tx: Tx,
  entries: AsyncIterable<ReadEntry | WrongLine> | Iterable<ReadEntry | WrongLine>,
  options: ReferenceImport,
): Promise<ReferenceImportReport> {
  const staged = await stage(tx, entries, options)
  if (staged.wrongLines > 0) return { ok: false, lists: [], ...staged }
  await tx.run(sql.mergeEnds)
  const wrong = await tx.run<WrongLine>(sql.stagedWrong)
  if (wrong.length > 0)
    return { ok: false, lists: [], rows: staged.rows, wrong: wrong.slice(0, mostWrong), wrongLines: wrong.length }
  const touched = (await tx.run<{ list: string }>(sql.stagedLists)).map(({ list }) => list)
  const locked = await lockLists(tx, touched)
  for (const list of locked) {
    checkLocked(list, options.party)
    if (options.base !== undefined && options.base !== list.latest)
      throw new RegistryReferenceFault('reference.version-moved', `${list.id} ${list.latest}`)
  }
  await tx.run(sql.stagedSame)
  await tx.run(sql.cut, [touched, options.effective, (options.covers ?? 'whole') === 'whole'])
  await tx.run(sql.addStaged)
  return { ok: true, ...staged, lists: await conclude(tx, touched, options) }
}

type Staged = Pick<ReferenceImportReport, 'rows' | 'wrong' | 'wrongLines'>

async function stage(
  tx: Tx,
  entries: AsyncIterable<ReadEntry | WrongLine> | Iterable<ReadEntry | WrongLine>,
  { list, mostRows = 2_000_000, wrongsIn = () => [] }: ReferenceImport,
): Promise<Staged> {
  const declared = new Map((await listNames(tx)).map((list) => [list.id, list]))
  const staging = new Staging(tx)
  await staging.open()
  const wrong: WrongLine[] = []
  let [rows, wrongLines] = [0, 0]
  const say = (line: number, reason: string): void => {
    wrongLines += 1
    if (wrong.length < mostWrong) wrong.push({ line, reason })
  }
  for await (const read of entries) {
    if ('reason' in read) {
      say(read.line, read.reason)
      continue
    }
    if (list !== undefined && read.entry.list !== list) continue
    rows += 1
    if (rows > mostRows) {
      say(read.line, `more than ${mostRows} rows: no list is so long; import a part at a time`)
      break
    }
    const reasons = [...wrongsOf(read.entry, (id) => declared.get(id)), ...wrongsIn(read.entry)]
    for (const reason of reasons) say(read.line, reason)
    // What is wrong as a whole need not be kept; the rest is read to say all that is wrong.
    if (wrongLines === 0) await staging.add(read)
  }
  if (rows === 0 && wrongLines === 0)
    say(0, list === undefined ? 'no entry in the file' : `no entry of the list ${list}`)
  if (wrongLines === 0) await staging.close()
  return { rows, wrong, wrongLines }
}

async function conclude(tx: Tx, lists: readonly string[], options: ReferenceImport): Promise<ListImport[]> {
  const { author, at, effective, state = 'published', note = '', ending = false } = options
  const counts = await tx.run<Omit<ListImport, 'version'> & { before: number }>(sql.counts, [lists])
  const done: ListImport[] = []
  for (const { before, ...count } of counts) {
    if (!ending && before >= fromCodes && count.ended > before * endedPart)
      throw new RegistryReferenceFault('reference.most-ended', `${count.list}: ${count.ended} of ${before} codes`)
    if (count.added + count.changed + count.ended === 0) {
      done.push(count)
      continue
    }
    const [opened] = await tx.run<{ number: number }>(sql.openVersion, [count.list, author, effective, at, note, state])
    await tx.run(sql.moveList, [count.list, state === 'published', effective])
    if (state === 'published') await announceChange(tx, count.list)
    done.push({ ...count, version: opened!.number })
  }
  return done
}
