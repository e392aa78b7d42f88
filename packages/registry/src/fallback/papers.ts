import { dateTimeOf } from '@corridor/customs'
import { type Statement, statements, type Tx } from '@corridor/database'
import type { PaperFacts, PaperNote, PaperRegistration, PaperRequest, PaperToReconcile } from '@corridor/procedures'
import { modeNumber } from './modes.ts'

const sql = statements<
  | 'reserve'
  | 'note'
  | 'register'
  | 'setState'
  | 'returnUnused'
  | 'enter'
  | 'see'
  | 'explain'
  | 'sameLrn'
  | 'paperByMrn'
  | 'paperByLrn'
  | 'papers'
  | 'officeOf'
  | 'lockPapers'
>(new URL('../../sql/fallback/', import.meta.url))

interface Row {
  mrn: string
  state: string
  declarant: string
  lrn: string
  at: Date | null
  day: string | null
  packages: number | null
  gross_mass: string | null
  seen: PaperRequest[]
}

interface ModeRow {
  office: string
  year: number
  count: number
}

interface FactsRow extends Row, ModeRow {
  mode_state: string
}

interface ReconciledRow extends Row {
  movement_state: string | null
  movement_packages: number
  movement_mass: string
  movement_refused: boolean
  movement_result: string
  movement_arrived: boolean
  double_mrn: string | null
  double_state: string | null
  explained: PaperToReconcile['explained']
}

function registrationOf({ at, day, declarant, lrn, packages, gross_mass }: Row): PaperRegistration | null {
  if (at === null || day === null) return null
  return { declarant, lrn, at: dateTimeOf(at), day, packages: packages ?? 0, grossMass: gross_mass ?? '' }
}

const paperOf = (row: Row) => ({
  mrn: row.mrn,
  state: row.state,
  registered: registrationOf(row),
  seen: row.seen,
})

const factsOf = (row: FactsRow | undefined): PaperFacts | undefined =>
  row && { ...paperOf(row), mode: { number: modeNumber(row), state: row.mode_state, office: row.office } }

/** Reserves an MRN in a mode. @returns false when it is taken: the caller draws another */
export async function reserveMrn(tx: Tx, mode: string, mrn: string): Promise<boolean> {
  return (await tx.run(sql.reserve, [mode, mrn])).length > 0
}

/** Writes what stands on a paper into the register; an arrival is new in it. */
export async function registerPaper(
  tx: Tx,
  mode: string,
  mrn: string,
  paper: { state: string; registered: PaperRegistration; isNew: boolean },
): Promise<void> {
  const { declarant, lrn, at, day, packages, grossMass } = paper.registered
  const mass = grossMass === '' ? null : grossMass
  if (paper.isNew) await tx.run(sql.note, [mode, mrn, paper.state, `${at}Z`, day, packages, mass])
  else await tx.run(sql.register, [mode, mrn, paper.state, declarant, lrn, `${at}Z`, day, packages, mass])
}

export async function setPaperState(tx: Tx, mode: string, mrn: string, state: string): Promise<void> {
  await tx.run(sql.setState, [mode, mrn, state])
}

/** Returns the numbers that are on no registered paper, and that no office has seen. @returns how many */
export async function returnUnused(tx: Tx, mode: string): Promise<number> {
  return (await tx.run(sql.returnUnused, [mode])).length
}

export async function explainFlag(
  tx: Tx,
  mode: string,
  said: { mrn: string; flag: string; text: string; by: string; at: Date },
): Promise<void> {
  await tx.run(sql.explain, [mode, said.mrn, said.flag, said.text, said.by, said.at])
}

/** Makes what a decision about a movement changes in its paper. @returns the number of the fallback mode */
export async function notePaper(tx: Tx, note: PaperNote): Promise<string | undefined> {
  const rows =
    note.do === 'enter'
      ? await tx.run<ModeRow>(sql.enter, [note.mrn])
      : await tx.run<ModeRow>(sql.see, [note.mrn, ...seenColumns(note.request)])
  return rows[0] && modeNumber(rows[0])
}

const seenColumns = ({ document, office, identification, at }: PaperRequest) => [document, office, identification, at]

/** MRN of another form on which a declarant has registered an LRN. */
export async function formWithLrn(tx: Tx, declarant: string, lrn: string, mrn: string): Promise<string | undefined> {
  return (await tx.run<{ mrn: string }>(sql.sameLrn, [declarant, lrn, mrn]))[0]?.mrn
}

/** The form with a reserved MRN, locked until the transaction ends. */
export async function paperByMrn(tx: Tx, mrn: string): Promise<PaperFacts | undefined> {
  return lockedFacts(tx, sql.paperByMrn, [mrn])
}

/** The form behind a declaration: registered with its declarant and LRN, or with the LRN as MRN. Locked until the transaction ends. */
export async function paperByLrn(tx: Tx, declarant: string, lrn: string): Promise<PaperFacts | undefined> {
  return lockedFacts(tx, sql.paperByLrn, [declarant, lrn])
}

/** The first look waits for who has the paper; the second sees what became of its mode meanwhile. */
async function lockedFacts(tx: Tx, statement: Statement, values: string[]): Promise<PaperFacts | undefined> {
  const [locked] = await tx.run<FactsRow>(statement, values)
  return locked && factsOf((await tx.run<FactsRow>(statement, values))[0])
}

/** Until the transaction ends no document is taken for a paper of the mode. */
export async function lockPapers(tx: Tx, mode: string): Promise<void> {
  await tx.run(sql.lockPapers, [mode])
}

/** The office that reserved an MRN. */
export async function officeOfPaper(tx: Tx, mrn: string): Promise<string | undefined> {
  return (await tx.run<{ office: string }>(sql.officeOf, [mrn]))[0]?.office
}

/** Every paper of a mode, in the order of the forms, with what reconciliation compares. */
export async function papersOf(db: Tx, mode: string): Promise<PaperToReconcile[]> {
  return (await db.run<ReconciledRow>(sql.papers, [mode])).map((row) => ({
    ...paperOf(row),
    movement:
      row.movement_state === null
        ? null
        : {
            state: row.movement_state,
            packages: row.movement_packages,
            grossMass: row.movement_mass,
            refused: row.movement_refused,
            result: row.movement_result,
            arrived: row.movement_arrived,
          },
    double: row.double_mrn === null ? null : { mrn: row.double_mrn, state: row.double_state ?? '' },
    explained: row.explained,
  }))
}
