import type { Database } from '@corridor/database'
import { accompanyingDocument, guaranteeReceipt, languagesOf, type Reading, unloadingPermission } from '@corridor/paper'
import { meansNow, sealsNow, text, withOperators } from '@corridor/procedures'
import {
  type Account,
  deskOf,
  findGuarantees,
  type Guarantee,
  movementOfTrader,
  readMovement,
  type StoredMovement,
  usagesOf,
} from '@corridor/registry'
import { operatorGroups } from './directory.ts'
import { localDay } from './facts.ts'
import type { CaseworkPorts } from './ports.ts'

/** What can be printed of a movement. */
export const movementPapers = ['accompanying-document', 'unloading-permission'] as const

/** Name of a document on paper about a movement. */
export type MovementPaper = (typeof movementPapers)[number]

/** What comes of the wish to print: a whole HTML page, or why there is none. */
export type PaperOutcome =
  | { kind: 'paper'; html: string; number: string }
  /** Unknown, or not for this person. */
  | { kind: 'not-found' }
  /** It cannot be printed in the state that the movement is in; `detail` says when it can. */
  | { kind: 'conflict'; detail: string }

/** What printing needs of the node. */
export type PaperPorts = Pick<CaseworkPorts, 'directory' | 'law' | 'clock' | 'timeZone' | 'languageOf'> & {
  db: Database
}

/** What is wished for: languages in which it is to be printed, instead of those of the reader and of the countries. */
export interface PaperWish {
  languages?: readonly string[] | undefined
}

/** Amounts on one receipt at most. */
const openPrinted = 500

/**
 * A document about a movement on paper. The accompanying document is for the office of departure and for who declared, from the release on; the
 * note of an unloading permission for the office of destination and for who told of the arrival, once unloading is permitted.
 */
export async function movementPaper(
  ports: PaperPorts,
  account: Account,
  mrn: string,
  kind: MovementPaper,
  wish: PaperWish = {},
): Promise<PaperOutcome> {
  const stored = await recordFor(ports, account, mrn, roleOf[kind])
  if (stored === undefined) return { kind: 'not-found' }
  const detail = hindrance[kind](stored)
  if (detail !== undefined) return { kind: 'conflict', detail }
  const html =
    kind === 'accompanying-document'
      ? printAccompanying(ports, account, stored, wish)
      : printPermission(ports, account, stored, wish)
  return { kind: 'paper', html, number: stored.mrn }
}

async function recordFor(
  { db }: PaperPorts,
  account: Account,
  mrn: string,
  role: 'departure' | 'destination',
): Promise<StoredMovement | undefined> {
  if (account.role === 'trader') return movementOfTrader(db, mrn, role, account.trader ?? '')
  const desk = deskOf(account)
  return desk?.role === role ? readMovement(db, mrn, role, desk.office) : undefined
}

/** Which documents about a movement the office that has this record can print now. */
export function papersNow(stored: StoredMovement): MovementPaper[] {
  return movementPapers.filter((kind) => stored.role === roleOf[kind] && hindrance[kind](stored) === undefined)
}

/** The office whose document it is. */
const roleOf = { 'accompanying-document': 'departure', 'unloading-permission': 'destination' } as const

/** Why a document cannot be printed now; undefined when it can. */
const hindrance: Record<MovementPaper, (stored: StoredMovement) => string | undefined> = {
  'accompanying-document': ({ mrn, state, data }) => {
    if (mrn === '' || data.record === undefined || data.releaseDate === undefined)
      return 'The accompanying document can be printed when the goods are released for transit.'
    return data.invalidatedAt === undefined
      ? undefined
      : `The movement is ${state}: no goods may travel with its document.`
  },
  'unloading-permission': ({ state, data }) =>
    data.record !== undefined && (state === 'unloading' || data.remarks !== undefined || data.unloadings !== undefined)
      ? undefined
      : 'The note can be printed when the office of destination has permitted unloading.',
}

function printAccompanying(ports: PaperPorts, account: Account, stored: StoredMovement, wish: PaperWish): string {
  const { mrn, data } = stored
  const { record = {} } = data
  return accompanyingDocument(readingOf(ports, account, record, wish), {
    mrn,
    record: withOperators(record, (id) => {
      const trader = ports.directory.trader(id)
      return trader && operatorGroups(trader)
    }),
    acceptedOn: data.acceptanceDate,
    releasedOn: data.releaseDate,
    limitDate: data.limitDate,
    control: data.control,
    incidents: data.incidents ?? [],
  })
}

function printPermission(ports: PaperPorts, account: Account, stored: StoredMovement, wish: PaperWish): string {
  const { mrn, data } = stored
  const { record = {}, trader = '' } = data
  return unloadingPermission(readingOf(ports, account, record, wish), {
    mrn,
    record,
    office: stored.office,
    trader: { id: trader, name: ports.directory.nameOf(trader) },
    arrivedAt: data.arrival?.at.slice(0, 10),
    continued: data.unloadings,
    seals: sealsNow(data),
    means: meansNow(data),
  })
}

/**
 * The receipt of a guarantee that is kept here, for the office of guarantee and for its holder.
 * @param wish `mrn`: only the amount that is open for this movement
 */
export async function guaranteePaper(
  ports: PaperPorts,
  account: Account,
  grn: string,
  wish: PaperWish & { mrn?: string | undefined } = {},
): Promise<PaperOutcome> {
  const [kept] = await findGuarantees(ports.db, [grn], localDay(ports))
  const isTheirs = account.role === 'guarantee' || (account.trader !== null && account.trader === kept?.holder)
  if (kept === undefined || !isTheirs) return { kind: 'not-found' }
  const open = await usagesOf(ports.db, grn, {
    ...(wish.mrn !== undefined && { mrn: wish.mrn }),
    openOnly: true,
    limit: openPrinted + 1,
  })
  if (wish.mrn !== undefined && open.length === 0)
    return { kind: 'conflict', detail: 'Nothing is locked or claimed for this movement.' }
  const { directory } = ports
  const { currency, referenceAmount, available, locked, liable, terms } = kept
  const { guarantor } = terms
  const named = (id: string) => ({ id, name: directory.nameOf(id) })
  const dayOf = (at: Date) => localDay({ ...ports, clock: () => at })
  const html = guaranteeReceipt(readingOf(ports, account, undefined, wish), {
    grn,
    type: kept.type,
    typeName: ports.law.codeLists.text('CL251', kept.type) ?? '',
    state: stateOf(kept),
    holder: named(kept.holder),
    guarantor: guarantor === undefined ? undefined : named(guarantor),
    office: account.office ?? directory.guaranteeOffice(directory.country) ?? '',
    percentage: terms.percentage,
    currency,
    referenceAmount,
    available,
    locked,
    liable,
    validFrom: kept.validFrom,
    validTo: kept.validTo ?? undefined,
    invalidFrom: kept.invalidFrom ?? undefined,
    notValidIn: kept.notValidIn,
    open: open.slice(0, openPrinted).map((use) => ({
      mrn: use.mrn,
      state: use.state === 'liable' ? 'liable' : 'locked',
      amount: use.amount,
      since: dayOf(use.lockedAt),
      office: use.office,
    })),
    isCut: open.length > openPrinted,
    printedOn: localDay(ports),
  })
  return { kind: 'paper', html, number: grn }
}

function stateOf({ state, valid }: Guarantee): 'valid' | 'not-valid' | 'cancelled' | 'revoked' {
  if (state !== 'valid') return state
  return valid ? 'valid' : 'not-valid'
}

/** First the language of the reader; then that of the country that the goods go to, else of the one that they come from, else of this one. */
export function readingOf(
  { directory, languageOf }: PaperPorts,
  account: Account,
  record: StoredMovement['data']['record'],
  { languages }: PaperWish,
): Reading {
  const countryAt = (group: string) => text(record, `${group}.referenceNumber`)?.slice(0, 2) ?? ''
  const countries = [
    countryAt('CustomsOfficeOfDestinationDeclared'),
    countryAt('CustomsOfficeOfDeparture'),
    directory.country,
  ]
  return {
    languages: languagesOf(languages ?? [account.locale, ...countries.map((country) => languageOf?.(country))]),
    nameOf: directory.nameOf,
  }
}
