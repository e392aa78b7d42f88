/** Which record a person or a partner means, and what belongs to it. */
import { isMrn } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { groups, type Movement, type MovementData, text, texts } from '@corridor/procedures'
import {
  type Account,
  deskOf,
  files,
  findByLrn,
  findMovement,
  officeOfMovement,
  readMovement,
  type StoredMovement,
} from '@corridor/registry'

/** The record at departure of ours that has an MRN, locked. */
export async function departureOf(tx: Tx, mrn: string): Promise<StoredMovement | undefined> {
  const office = await officeOfMovement(tx, mrn, 'departure')
  return office === undefined ? undefined : findMovement(tx, mrn, 'departure', office)
}

/**
 * The record that somebody may see: an officer that of his office, a trader his own declaration, by its MRN or his LRN.
 * @param reference MRN, LRN, or how screens name a record that has no MRN
 */
export async function recordFor(tx: Tx, account: Account, reference: string): Promise<StoredMovement | undefined> {
  const desk = deskOf(account)
  if (desk !== undefined) return readMovement(tx, reference, desk.role, desk.office)
  if (account.role !== 'trader' || account.trader === null) return undefined
  const byMrn = isMrn(reference) ? await departureOf(tx, reference) : undefined
  if (byMrn !== undefined) return byMrn.trader === account.trader ? byMrn : undefined
  return findByLrn(tx, account.trader, reference)
}

/** The files of a record's movement: while it has no MRN, those of the record itself. */
export function filesFor(tx: Tx, { id, mrn }: Pick<StoredMovement, 'id' | 'mrn'>): Promise<files.StoredFile[]> {
  return mrn === '' ? files.filesOfRecord(tx, id) : files.filesOfMovement(tx, mrn)
}

/** A document that a declaration names, and the goods items for which it does; none for one of the whole consignment. */
export interface DeclaredDocument {
  type: string
  reference: string
  items: number[]
}

const documentGroups = ['SupportingDocument', 'TransportDocument', 'PreviousDocument', 'AdditionalReference']

/** The documents that a declaration names, each once. */
export function declaredDocuments({ data }: Pick<Movement, 'data'>): DeclaredDocument[] {
  const found = new Map<string, DeclaredDocument>()
  const add = (holder: Parameters<typeof groups>[0], item: number | undefined) => {
    for (const group of documentGroups.flatMap((name) => groups(holder, name))) {
      const [type = '', reference = ''] = [text(group, 'type'), text(group, 'referenceNumber')]
      if (type === '' || reference === '') continue
      const known = found.get(`${type} ${reference}`) ?? { type, reference, items: [] }
      if (item !== undefined) known.items.push(item)
      found.set(`${type} ${reference}`, known)
    }
  }
  for (const place of ['Consignment', 'Consignment.HouseConsignment'])
    for (const holder of groups(data.record, place)) add(holder, undefined)
  for (const item of groups(data.record, 'Consignment.HouseConsignment.ConsignmentItem'))
    add(item, Number(text(item, 'declarationGoodsItemNumber') ?? 0))
  return [...found.values()]
}

/** The offices that a movement passes or passed, as departure knows them. */
export function officesOnTheWay({ record, ...data }: MovementData): Set<string> {
  const declared = ['TransitDeclared', 'ExitForTransitDeclared', 'DestinationDeclared'].flatMap((group) =>
    texts(record, `CustomsOfficeOf${group}.referenceNumber`),
  )
  const passed = [data.crossings, data.exits, data.diverted, data.incidents].flatMap((each = []) =>
    (each as { office: string }[]).map(({ office }) => office),
  )
  return new Set([...declared, ...passed, data.arrival?.office ?? '', data.results?.office ?? ''])
}
