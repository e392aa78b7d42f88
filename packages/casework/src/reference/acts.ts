/** Changes of reference data by people: each with its journal line and the memory of its idempotency key in one transaction. */
import {
  isDate,
  namingOf,
  readReference,
  recordWrongs,
  type ReferenceEntry,
  type ReferenceForm,
  type WrongLine,
} from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { writeJournal } from '@corridor/exchange'
import { type Account, type Answer, type IdempotentRequest, reference, rememberAnswer } from '@corridor/registry'
import type { FieldError } from '../view.ts'
import { codeOf, entriesOf, type ReferenceChange } from './changes.ts'
import type { ReferencePorts } from './ports.ts'
import { type CodeUse, usesOf } from './uses.ts'

/** Day and reason of a new version, and with what it was made. */
export interface DraftTerms {
  /** `yyyy-mm-dd`, from which the changes are meant */
  effective: string
  note: string
  /** number of the version that the changes were made on; another one is refused */
  base?: number
  /** it is meant that a large part of the list ends */
  ending?: boolean
}

/** A file as a new version of a list. */
export interface DraftFile {
  form: ReferenceForm
  /** read once, as it comes */
  chunks: AsyncIterable<Uint8Array>
  /** `addition`: what the file does not have stays as it is */
  covers: 'whole' | 'addition'
  /** more rows are refused */
  mostRows: number
}

/** A version that was made, with what it does, or moved on. */
export interface ReferenceDone extends Partial<reference.DifferenceCounts> {
  kind: 'done'
  list: string
  number: number
  /** of a file: its rows, and the codes that it leaves as they are */
  rows?: number
  unchanged?: number
}

/** What came of an act. What the store refuses is a RegistryReferenceFault. */
export type ReferenceOutcome =
  | ReferenceDone
  | { kind: 'invalid'; errors: FieldError[] }
  /** lines of a file that are wrong, the first thousand of them; nothing was imported */
  | { kind: 'wrong-file'; wrong: readonly WrongLine[]; wrongLines: number }
  /** codes end that movements under way use, and no reason was given */
  | { kind: 'codes-in-use'; uses: CodeUse[]; more: boolean }
  | { kind: 'key-reused' }

type Work = (tx: Tx) => Promise<Exclude<ReferenceOutcome, { kind: 'key-reused' }>>
type Key = IdempotentRequest | undefined

/** Acts of the reference-data managers of one administration. All throw RegistryReferenceFault. */
export interface ReferenceActs {
  /** A new version from changes; what they do not name stays as it is. */
  draft(
    by: Account,
    list: string,
    terms: DraftTerms,
    changes: readonly ReferenceChange[],
    key?: Key,
  ): Promise<ReferenceOutcome>
  /** A new version from a file. Has no key: a second time the version is open, and it says so. */
  draftFile(by: Account, list: string, terms: DraftTerms, file: DraftFile): Promise<ReferenceOutcome>
  review(by: Account, list: string, number: number, key?: Key): Promise<ReferenceOutcome>
  /** @param reason why codes end that movements under way use; goes to the note */
  publish(by: Account, list: string, number: number, reason: string, key?: Key): Promise<ReferenceOutcome>
  discard(by: Account, list: string, number: number, key?: Key): Promise<ReferenceOutcome>
  /** A new version with what an earlier one had. */
  restore(by: Account, list: string, number: number, terms: DraftTerms, key?: Key): Promise<ReferenceOutcome>
}

/** The acts over their ports. */
export function createReferenceActs(ports: ReferencePorts): ReferenceActs {
  const { db, party, clock } = ports
  const once = async (key: Key, work: Work): Promise<ReferenceOutcome> => {
    let outcome: ReferenceOutcome | undefined
    const answered = async (tx: Tx): Promise<Answer<ReferenceDone>> => {
      const made = await work(tx)
      outcome = made
      return { status: made.kind === 'done' ? 200 : 422, response: made as ReferenceDone }
    }
    const remembered = await db.transaction(async (tx) =>
      key === undefined
        ? { kind: 'first' as const, ...(await answered(tx)) }
        : rememberAnswer(tx, key, clock(), () => answered(tx)),
    )
    if (remembered.kind === 'key-reused') return remembered
    return remembered.kind === 'repeat' ? remembered.response : outcome!
  }
  const move = (act: string, by: Account, list: string, number: number, key: Key, work: (tx: Tx) => Promise<object>) =>
    once(key, async (tx) => {
      await requireOwn(tx, list, party)
      await versionOf(tx, list, number)
      const detail = await work(tx)
      if ('kind' in detail) return detail as Extract<ReferenceOutcome, { kind: 'codes-in-use' }>
      await tell(ports, tx, by, act, list, { number, ...detail })
      return { kind: 'done', list, number }
    })
  return {
    draft: (by, list, terms, changes, key) => once(key, (tx) => draft(ports, tx, by, list, terms, changes)),
    draftFile: (by, list, terms, file) =>
      // The file passes once: the transaction cannot run again.
      db.transaction((tx) => draftFile(ports, tx, by, list, terms, file), { tries: 1 }),
    review: (by, list, number, key) =>
      move('reviewed', by, list, number, key, async (tx) => {
        await reference.reviewVersion(tx, list, number, by.id)
        return {}
      }),
    publish: (by, list, number, reason, key) =>
      move('published', by, list, number, key, async (tx) => publish(ports, tx, list, number, reason.trim())),
    discard: (by, list, number, key) =>
      move('discarded', by, list, number, key, async (tx) => {
        await reference.discardVersion(tx, list, number)
        return {}
      }),
    restore: (by, list, number, terms, key) =>
      once(key, async (tx) => {
        const errors = wrongTerms(terms)
        if (errors.length > 0) return { kind: 'invalid', errors }
        const { effective, note } = terms
        const made = { author: by.id, party, effective, at: clock(), note }
        const draft = await reference.rollBackTo(tx, list, number, made)
        await tell(ports, tx, by, 'restored', list, { number: draft, of: number, effective, note })
        const counts = (await reference.differenceCounts(tx, list, draft)).get(draft)
        return { kind: 'done', list, number: draft, ...counts }
      }),
  }
}

async function draft(
  ports: ReferencePorts,
  tx: Tx,
  by: Account,
  list: string,
  terms: DraftTerms,
  changes: readonly ReferenceChange[],
): Promise<Awaited<ReturnType<Work>>> {
  await requireOwn(tx, list, ports.party)
  const { entries, errors } = entriesOf(list, terms.effective, changes)
  errors.push(...wrongTerms(terms), ...(await endsOfNothing(tx, list, changes)))
  if (changes.length === 0) errors.push({ field: 'changes', remedy: 'Give at least one change.' })
  if (errors.length > 0) return { kind: 'invalid', errors }
  const options = { ...optionsOf(ports, by, terms), covers: 'addition' as const }
  const report = await reference.importEntries(tx, entries, options)
  if (!report.ok) {
    const places = report.wrong.map(({ line, reason }) => {
      const change = changes[line - 1]
      return {
        field: `changes.${line - 1}`,
        ...(change && { value: codeOf(change) }),
        remedy: `Correct this: ${reason}.`,
      }
    })
    return { kind: 'invalid', errors: places }
  }
  const [done] = report.lists
  const same = { field: 'changes', remedy: 'The list has all of this already: nothing would change.' }
  if (done?.version === undefined) return { kind: 'invalid', errors: [same] }
  return drafted(ports, tx, by, terms, done)
}

async function draftFile(
  ports: ReferencePorts,
  tx: Tx,
  by: Account,
  list: string,
  terms: DraftTerms,
  { form, chunks, covers, mostRows }: DraftFile,
): Promise<Exclude<ReferenceOutcome, { kind: 'key-reused' }>> {
  await requireOwn(tx, list, ports.party)
  const errors = wrongTerms(terms)
  if (errors.length > 0) return { kind: 'invalid', errors }
  const naming = namingOf(await reference.listNames(tx))
  const options = { ...optionsOf(ports, by, terms), covers, list, mostRows }
  const report = await reference.importEntries(tx, readReference(form, chunks, naming, list), options)
  if (!report.ok) return { kind: 'wrong-file', wrong: report.wrong, wrongLines: report.wrongLines }
  const [done] = report.lists
  const same = { field: 'file', remedy: 'The list has all of this already: nothing would change.' }
  if (done?.version === undefined) return { kind: 'invalid', errors: [same] }
  const { rows } = report
  return { ...(await drafted(ports, tx, by, terms, done)), rows, unchanged: done.unchanged }
}

async function drafted(
  ports: ReferencePorts,
  tx: Tx,
  by: Account,
  { effective, note }: DraftTerms,
  { list, version, added, changed, ended }: reference.ListImport,
): Promise<ReferenceDone> {
  const counts = { added, changed, ended }
  await tell(ports, tx, by, 'drafted', list, { number: version, effective, note, ...counts })
  return { kind: 'done', list, number: version!, ...counts }
}

function optionsOf(
  { party, clock, tables }: ReferencePorts,
  by: Account,
  { effective, note, base, ending }: DraftTerms,
) {
  return {
    author: by.id,
    at: clock(),
    effective,
    note,
    party,
    wrongsIn: (entry: ReferenceEntry) => recordWrongs(entry, tables, effective),
    state: 'draft' as const,
    ...(base !== undefined && { base }),
    ...(ending !== undefined && { ending }),
  }
}

/** Publishes; where it ends codes that movements under way use, only with a reason. */
async function publish(ports: ReferencePorts, tx: Tx, list: string, number: number, reason: string): Promise<object> {
  if (reason === '' && (await versionOf(tx, list, number)).state === 'reviewed') {
    const { uses, more } = await usesOf(ports, tx, list, number)
    const ended = uses.filter((use) => use.ended)
    if (ended.length > 0) return { kind: 'codes-in-use', uses: ended, more }
  }
  await reference.publishVersion(tx, list, number, ports.clock())
  if (reason === '') return {}
  await reference.addToNote(tx, list, number, reason)
  return { reason }
}

/** Before anything is read or locked: a list that is not there, or another administration's. */
async function requireOwn(tx: Tx, list: string, party: string): Promise<void> {
  const head = await reference.listSummary(tx, list)
  if (head === undefined) throw new reference.RegistryReferenceFault('reference.unknown-list', list)
  if (head.owner !== undefined && head.owner !== party)
    throw new reference.RegistryReferenceFault('reference.not-owner', list)
}

async function versionOf(tx: Tx, list: string, number: number): Promise<reference.ListVersion> {
  const version = (await reference.versionsOf(tx, list)).find((each) => each.number === number)
  if (version === undefined)
    throw new reference.RegistryReferenceFault('reference.unknown-version', `${list} ${number}`)
  return version
}

function wrongTerms({ effective, note }: DraftTerms): FieldError[] {
  const errors: FieldError[] = []
  if (!isDate(effective)) errors.push({ field: 'effective', value: effective, remedy: 'Give the day as yyyy-mm-dd.' })
  if (note.trim() === '') errors.push({ field: 'note', remedy: 'Say why: who reviews it reads this.' })
  return errors
}

/** Ends of codes that are not there, or have ended by then. */
async function endsOfNothing(tx: Tx, list: string, changes: readonly ReferenceChange[]): Promise<FieldError[]> {
  const errors: FieldError[] = []
  for (const [at, { end, validTo = '' }] of changes.entries()) {
    if (end === undefined || end.trim() === '') continue
    const there = (await reference.entryVersions(tx, list, end.trim())).filter((each) => each.removedIn === undefined)
    const place = { field: `changes.${at}.end`, value: end }
    if (there.length === 0) errors.push({ ...place, remedy: 'The list has no such code: give one that it has.' })
    else if (there.every(({ entry }) => entry.validTo !== '' && entry.validTo <= validTo))
      errors.push({ ...place, remedy: 'The code has ended by then: give an earlier day, or the entry whole.' })
    else if (there.every(({ entry }) => entry.validFrom > validTo))
      errors.push({ ...place, remedy: `The code begins after ${validTo}: give a later day.` })
  }
  return errors
}

async function tell(
  { clock }: ReferencePorts,
  tx: Tx,
  by: Account,
  act: string,
  list: string,
  detail: object,
): Promise<void> {
  await writeJournal(tx, clock(), [{ kind: `reference.${act}`, actor: by.id, detail: { list, ...detail } }])
}
