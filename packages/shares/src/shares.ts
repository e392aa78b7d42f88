import type { MigrationRoom, Tx } from '@corridor/database'
import type { Handled, InboxMessage } from '@corridor/exchange'
import { answer, offer, withdraw } from './agree.ts'
import { handle } from './receive.ts'
import type { SharePorts } from './ports.ts'
import { read } from './read.ts'
import { type ContractRecord, type ItemRecord, underOf } from './records.ts'
import { sql } from './statements.ts'
import { sweep } from './sweep.ts'
import { contractFor, type ForPurpose, upload, type UploadedFor, uploadFor, whyNot } from './upload.ts'
import type { RefusalCode } from './refusals.ts'

/** Give this to `migrate` of @corridor/database, after the exchange's. */
export const migrations: MigrationRoom = { room: 'shares', directory: new URL('../migrations/', import.meta.url) }

/** A contract as lists show it. */
export interface ListedContract extends ContractRecord {
  /** Lists go on from it. */
  number: number
  items: number
  readings: number
}

/** Something that was shared, as lists show it: without the data. */
export interface ListedItem {
  /** Lists go on from it. */
  number: number
  item: string
  version: number
  subject: string
  digest: string
  sharedAt: Date
  until: Date
  endedAt: Date | null
  endReason: string | null
  readings: number
}

/** Who read what when: at the owner with the message in which the reader's node signed it. */
export interface ListedReading {
  /** Lists go on from it. */
  number: number
  id: string
  item: string
  version: number
  subject: string
  who: string
  readAt: Date
  notedAt: Date
  messageId: string
}

type Rest<Work> = Work extends (ports: SharePorts, tx: Tx, given: infer Given, who: string) => infer Answer
  ? (given: Given, who: string) => Answer
  : never

/** Shares of one node; each act is one transaction, and `who` a person or program of this node. */
export interface Shares {
  /** The same acts in the transaction of whoever asks, which commits with whatever else belongs to them. */
  within(tx: Tx): Pick<Shares, 'offer' | 'answer' | 'withdraw'>
  offer: Rest<typeof offer>
  answer: Rest<typeof answer>
  withdraw: Rest<typeof withdraw>
  /** Takes back what lies at third places of a contract of this node that was withdrawn, as far as they can be reached; the sweep does it again. */
  takeBack(contract: { owner: string; id: string }): Promise<void>
  /** See `upload`; in the transaction of whatever it follows from. */
  upload(tx: Tx, given: Parameters<typeof upload>[2], who: string): ReturnType<typeof upload>
  /** See `uploadFor`. */
  uploadFor(tx: Tx, given: ForPurpose, who: string): Promise<UploadedFor>
  /** See `whyNot`. */
  whyNot(tx: Tx, given: { reader: string; purpose: string }): Promise<RefusalCode | undefined>
  /** The contract that is in force for a purpose, as `uploadFor` names it; '' where none is. */
  under(tx: Tx, given: { reader: string; purpose: string }): Promise<string>
  /** Under which contract an object was shared; undefined where none of this id was. */
  contractOf(tx: Tx, item: { owner: string; item: string }): Promise<{ owner: string; id: string } | undefined>
  read: Rest<typeof read>
  /** The same in the transaction of whoever asks. */
  readWithin(tx: Tx, given: Parameters<typeof read>[2], who: string): ReturnType<typeof read>
  /** Takes what is about shares; undefined for any other message. */
  handle(tx: Tx, message: InboxMessage): Promise<Handled | undefined>
  /** See `sweep`; a few times an hour. */
  sweep(): Promise<boolean>
  /** The newest first, those before a number where one is given; so are the others. */
  contracts(limit: number, before?: number): Promise<ListedContract[]>
  /** The versions of one, the newest first. */
  contract(contract: { owner: string; id: string }, tx?: Tx): Promise<ListedContract[]>
  items(contract: { owner: string; id: string }, limit: number, before?: number): Promise<ListedItem[]>
  readings(contract: { owner: string; id: string }, limit: number, before?: number): Promise<ListedReading[]>
}

export function createShares(ports: SharePorts): Shares {
  const { db, exchange } = ports
  const within = (tx: Tx): ReturnType<Shares['within']> => ({
    offer: (given, who) => offer(ports, tx, given, who),
    answer: (given, who) => answer(ports, tx, given, who),
    withdraw: (given, who) => withdraw(ports, tx, given, who),
  })
  const takeBack: Shares['takeBack'] = async ({ owner, id }) => {
    if (owner !== ports.party) return
    const items = await db.run<{ item: string }>(sql.items, [owner, id, 1_000, null])
    await exchange.takeBack(items.map(({ item }) => item)).catch(() => undefined)
  }
  return {
    within,
    takeBack,
    offer: (given, who) => db.transaction((tx) => within(tx).offer(given, who)),
    answer: (given, who) => db.transaction((tx) => within(tx).answer(given, who)),
    async withdraw(given, who) {
      const outcome = await db.transaction((tx) => within(tx).withdraw(given, who))
      if (outcome.kind === 'withdrawn') await takeBack(given)
      return outcome
    },
    upload: (tx, given, who) => upload(ports, tx, given, who),
    uploadFor: (tx, given, who) => uploadFor(ports, tx, given, who),
    whyNot: (tx, given) => whyNot(ports, tx, given),
    async under(tx, given) {
      const contract = await contractFor(ports, tx, given)
      return contract === undefined ? '' : underOf(contract)
    },
    async contractOf(tx, { owner, item }) {
      const [found] = await tx.run<ItemRecord>(sql.item, [owner, item])
      return found && { owner, id: found.contractId }
    },
    read: (given, who) => db.transaction((tx) => read(ports, tx, given, who)),
    readWithin: (tx, given, who) => read(ports, tx, given, who),
    handle: (tx, message) => handle(ports, tx, message),
    sweep: () => sweep(ports),
    contracts: (limit, before) => db.run<ListedContract>(sql.contracts, [limit, null, null, before ?? null]),
    contract: ({ owner, id }, tx) => (tx ?? db).run<ListedContract>(sql.contracts, [1_000, owner, id, null]),
    items: ({ owner, id }, limit, before) => db.run<ListedItem>(sql.items, [owner, id, limit, before ?? null]),
    readings: ({ owner, id }, limit, before) => db.run<ListedReading>(sql.readings, [owner, id, limit, before ?? null]),
  }
}
