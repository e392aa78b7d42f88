import { type KeyObject, randomUUID } from 'node:crypto'
import type { ShareDone, ShareOutcome, ShareTerms, SharesPort, ShareView } from '@corridor/api'
import type { DeclarationCasework, DeclarationShares, Directory, ShareHindrance } from '@corridor/casework'
import type { Database, Tx } from '@corridor/database'
import { type Exchange, type Handler, Loop, makeVault } from '@corridor/exchange'
import { type IdempotentRequest, rememberAnswer } from '@corridor/registry'
import {
  always,
  createShares,
  leavesOf,
  type ListedContract,
  type RefusalCode,
  type Refused,
  refusals,
  type ShareEffects,
  type Shares,
} from '@corridor/shares'
import { loadDeclarations } from '@corridor/tables'
import type { Corridor, CorridorNode } from './config/corridor.ts'
import { linksOf, otherOf } from './config/links.ts'
import type { LogLine } from './log.ts'

/** How often it is looked whether something may be kept no longer. */
const sweepMs = 10_000
/** How often it is looked whether something waits for a contract that is in force now. */
const waitingMs = 2_000

interface Parts {
  corridor: Corridor
  own: CorridorNode
  db: Database
  exchange: Exchange
  dataKey: KeyObject
  directory: Pick<Directory, 'nameOf'>
  clock: () => Date
  log: LogLine
  /** Declaration data of this node; asked when something happens, for they are made of what is made here. */
  declarations: () => DeclarationCasework | undefined
}

/** What a node does about shares beside its casework. */
export interface Sharing {
  /** Takes what is about shares; everything else goes to casework. */
  handler(casework: Handler): Handler
  /** Undefined of a node that no link by a cloud connects. */
  port: SharesPort | undefined
  /** Shares as declaration data need them; undefined of a node that no link by a cloud connects. */
  declarations: DeclarationShares | undefined
  /** Starts deleting on time, and sending what waited for a contract. @returns how to stop */
  start(): () => Promise<void>
}

/**
 * Shares go between nodes that a link by a cloud connects. Every node has their tables and deletes on time: what was shared ends also where
 * the link is in the corridor file no more.
 */
export function sharingOf(parts: Parts): Sharing {
  const { corridor, own, db, exchange, dataKey, clock, log, declarations } = parts
  const partners = partnersByCloud(corridor, own)
  const shares = createShares({
    db,
    exchange,
    party: own.party,
    partners,
    blocks: loadDeclarations().blocks,
    vault: makeVault(dataKey),
    clock,
    onFault: (error) => log('error', 'shares.sweep', { error }),
    newId: () => `${randomUUID()}@${own.domain}`,
    follows: effectsOn(declarations),
  })
  return {
    handler: (casework) => async (tx, message) =>
      (partners.has(message.sender) ? await shares.handle(tx, message) : undefined) ?? casework(tx, message),
    port: partners.size === 0 ? undefined : portOf(shares, parts),
    declarations: partners.size === 0 ? undefined : forDeclarations(shares),
    start() {
      const sweeping = new Loop({
        lanes: 1,
        step: () => shares.sweep(),
        pollMs: sweepMs,
        onFault: (error) => log('error', 'shares.sweep', { error }),
      })
      const sending = new Loop({
        lanes: 1,
        step: async () => (await declarations()?.sendKeptBack()) ?? false,
        pollMs: waitingMs,
        onFault: (error) => log('error', 'shares.waiting', { error }),
      })
      sweeping.start()
      sending.start()
      return async () => {
        await sending.stop()
        await sweeping.stop()
      }
    },
  }
}

function partnersByCloud({ nodes, links }: Corridor, own: CorridorNode): Set<string> {
  const linked = new Set(linksOf(links, own.id).flatMap((link) => (link.kind === 'cloud' ? otherOf(link, own.id) : [])))
  return new Set(nodes.flatMap(({ id, party }) => (linked.has(id) ? party : [])))
}

/** What follows for declaration data from what happens under a contract. */
const effectsOn = (declarations: Parts['declarations']): ShareEffects => ({
  onTaken: async (tx, message, taken) => declarations()?.takeShared(tx, message, taken),
  onOver: async (tx, contract, items, isKept) => declarations()?.forgetShared(tx, contract, items, isKept),
  onRefused: async (tx, reader, item, under) => declarations()?.keepBackRefused(tx, { reader, item, under }),
})

const hindranceOf = ({ code, about }: { code: RefusalCode; about: readonly string[] }): ShareHindrance => ({
  code,
  text: refusals[code],
  about: [...about],
})

function forDeclarations(shares: Shares): DeclarationShares {
  return {
    async upload(tx, given, who) {
      const outcome = await shares.uploadFor(tx, given, who)
      return outcome.kind === 'uploaded'
        ? { kind: 'uploaded', messageId: outcome.item }
        : { kind: 'kept-back', why: hindranceOf(outcome.why), under: outcome.under }
    },
    under: (tx, given) => shares.under(tx, given),
    async whyNot(tx, given) {
      const code = await shares.whyNot(tx, given)
      return code && hindranceOf({ code, about: [] })
    },
    async read(tx, given, who) {
      const shown = await shares.readWithin(tx, given, who)
      return shown.kind === 'shown' ? shown : { kind: 'hidden', why: hindranceOf(shown) }
    },
    contractOf: (tx, given) => shares.contractOf(tx, given),
  }
}

function portOf(shares: Shares, parts: Parts): SharesPort {
  const { db, clock, directory } = parts
  const view = ({ contract, validFrom: _, validTo: __, ...more }: ListedContract): ShareView => ({
    ...contract,
    ...more,
    ownerName: directory.nameOf(contract.owner),
    readerName: directory.nameOf(contract.reader),
  })
  const once = <Answer>(key: IdempotentRequest, work: (tx: Tx) => Promise<Answer | Refused>) =>
    onceFor<Answer>(db, clock(), key, work)
  /** What became of it is read in the transaction in which it was done. */
  const after = async (tx: Tx, name: { owner: string; id: string; version?: number }): Promise<ShareDone> => {
    const versions = await shares.contract(name, tx)
    const { owner, id, version, digest, state } =
      versions.find((each) => each.version === (name.version ?? each.version)) ?? missing(name.id)
    return { owner, id, version, digest, state }
  }
  return {
    terms: () => termsOf(parts),
    list: async (limit, before) => (await shares.contracts(limit, before)).map(view),
    async one(name) {
      const versions = await shares.contract(name)
      return versions.length === 0 ? undefined : { versions: versions.map(view) }
    },
    items: async (name, limit, before) =>
      (await shares.contract(name)).length === 0 ? undefined : shares.items(name, limit, before),
    readings: async (name, limit, before) =>
      (await shares.contract(name)).length === 0 ? undefined : shares.readings(name, limit, before),
    propose: ({ id: who }, draft, key) =>
      once(key, async (tx) => {
        const outcome = await shares.within(tx).offer(draft, who)
        return outcome.kind === 'refused' ? outcome : after(tx, outcome.contract)
      }),
    answer: ({ id: who }, given, key) =>
      once(key, async (tx) => {
        const outcome = await shares.within(tx).answer(given, who)
        return outcome.kind === 'refused' ? outcome : after(tx, given)
      }),
    async withdraw({ id: who }, given, key) {
      const done = await once(key, async (tx) => {
        const outcome = await shares.within(tx).withdraw(given, who)
        return outcome.kind === 'refused' ? outcome : after(tx, given)
      })
      if (done.kind === 'done') await shares.takeBack(given)
      return done
    },
    upload: ({ id: who }, { reader, subject, block: bytes }, key) =>
      once(key, async (tx) => {
        const { block, findings } = loadDeclarations().blocks.read(bytes)
        if (block === undefined || findings.length > 0) {
          const about = findings.map(({ path, rule }) => `${path}: ${rule}`)
          return { kind: 'refused', code: 'block-wrong', about }
        }
        const outcome = await shares.upload(tx, { reader, block, subject }, who)
        return outcome.kind === 'refused' ? outcome : { items: outcome.items }
      }),
    read: ({ id: who }, given) => shares.read(given, who),
  }
}

/** What a contract of this node may be about, and with whom. */
function termsOf({ corridor, own, directory }: Parts): ShareTerms {
  const { blocks } = loadDeclarations()
  const agreed = corridor.declarations.filter(({ between }) => between.includes(own.id))
  return {
    party: own.party,
    partners: [...partnersByCloud(corridor, own)].map((id) => ({ id, name: directory.nameOf(id) })),
    purposes: [...new Set(agreed.flatMap(({ share }) => share ?? []))],
    editions: blocks.editions.toReversed().map(({ edition }) => ({
      edition,
      elements: leavesOf(blocks, edition).map((path) => ({ path, meaning: blocks.element(path)?.meaning ?? '' })),
      always: always(blocks, edition),
    })),
  }
}

function missing(id: string): never {
  throw new Error(`the contract ${id} is gone in the transaction that found it`)
}

/** Does it once for a key, in one transaction with the memory of it: a repeat gets the first answer. What is refused leaves the key free. */
async function onceFor<Answer>(
  db: Database,
  now: Date,
  key: IdempotentRequest,
  work: (tx: Tx) => Promise<Answer | Refused>,
): Promise<ShareOutcome<Answer>> {
  return db.transaction(async (tx): Promise<ShareOutcome<Answer>> => {
    const remembered = await rememberAnswer<Answer | Refused>(tx, key, now, async () => {
      const response = await work(tx)
      return { status: isRefused(response) ? 409 : 200, response }
    })
    if (remembered.kind === 'key-reused') return { kind: 'key-reused' }
    const { response } = remembered
    return isRefused(response) ? response : { kind: 'done', answer: response }
  })
}

const isRefused = (response: unknown): response is Refused => (response as { kind?: unknown }).kind === 'refused'
