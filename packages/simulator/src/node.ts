import { createHash, createSecretKey } from 'node:crypto'
import { type Casework, createCasework } from '@corridor/casework'
import { type Database, statement } from '@corridor/database'
import { createExchange, type Exchange, type Handler, type Log, type Sealing, type Steps } from '@corridor/exchange'
import { type Account, accessCodeDigest, listAccounts, registerGuarantee } from '@corridor/registry'
import type { Chance } from './chance.ts'
import { declarant, directoryOf, domainOf, grn, lawOfCorridor, type NodeId, partyOf } from './corridor.ts'
import { DatabasePort } from './database-port.ts'
import type { Network } from './network.ts'
import { type Papers, partnersOf } from './papers.ts'

/** What nobody may find in a log or a journal: no other text of a run looks like it. */
export const accessCode = '#q~Z'

/** The exchange's own pauses for what comes early, said here since an invariant counts them. */
export const waitPausesMs = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 72_000, 120_000]

const dataKey = createSecretKey(createHash('sha256').update('simulated data key').digest())

/** What nodes get from the world around them. */
export interface Surroundings {
  network: Network
  sealing: Sealing
  papers: Papers
  nodes: readonly NodeId[]
  /** Milliseconds since 1970, right for everybody; each look is a moment later. */
  now(): number
  /** Gets every line that a living process logs. */
  log(node: NodeId, ...line: Parameters<Log>): void
  /** Whether the handler is to throw for this message, this time. */
  poisons(node: NodeId, messageId: string): boolean
  /** Wraps the database of a process, for tests that break the build on purpose. */
  wrapDatabase?: (db: Database, node: NodeId) => Database
}

const effect = statement('effect', 'insert into simulated_effect (sender, message_id) values ($1, $2)')

/** One process of a node: production code over ports. When it dies, all that it had in memory is gone. */
export interface SimulatedProcess {
  name: string
  node: SimulatedNode
  db: DatabasePort
  exchange: Exchange
  casework: Casework
  steps: Steps
}

/** One administration: a database that lasts, a clock that may be wrong, processes that come and go. */
export class SimulatedNode {
  readonly id: NodeId
  readonly store: Database
  readonly accounts = new Map<string, Account>()
  readonly #surroundings: Surroundings
  readonly #chance: Chance
  #generation = 0
  /** By how many milliseconds its clock is wrong. */
  clockError = 0
  processes: SimulatedProcess[] = []

  constructor(id: NodeId, store: Database, surroundings: Surroundings, chance: Chance) {
    this.id = id
    this.store = store
    this.#surroundings = surroundings
    this.#chance = chance
  }

  clock(): Date {
    return new Date(this.#surroundings.now() + this.clockError)
  }

  /** The guarantee, as a node's first start registers it, and who has an account. */
  async register(guaranteeLimit: string): Promise<void> {
    for (const account of await listAccounts(this.store)) this.accounts.set(account.id, account)
    if (this.id !== 'al') return
    await registerGuarantee(this.store, {
      grn,
      holder: declarant,
      type: '1',
      currency: 'EUR',
      referenceAmount: guaranteeLimit,
      validFrom: '2020-01-01',
      validTo: null,
      notValidIn: [],
      accessCodeDigest: accessCodeDigest(dataKey, grn, accessCode),
      at: this.clock(),
    })
  }

  /** A new process, with nothing in memory. */
  start(): SimulatedProcess {
    const { network, sealing, papers, nodes, log, poisons, wrapDatabase } = this.#surroundings
    const name = `${this.id}.${++this.#generation}`
    const chance = this.#chance.stream(name)
    const port = new DatabasePort(wrapDatabase?.(this.store, this.id) ?? this.store, () => {
      this.processes = this.processes.filter((process) => process.name !== name)
      network.forget(name)
    })
    const clock = () => this.clock()
    const exchange = createExchange({
      db: port,
      party: partyOf(this.id),
      identity: papers[this.id],
      partners: partnersOf(this.id, nodes, papers),
      dataKey,
      sealing,
      transport: (url, wire, partner) => network.post(name, this.id, url as NodeId, wire, partner),
      clock,
      newId: () => `${chance.uuid()}@${domainOf(this.id)}`,
      random: () => chance.next(),
      timers: { setTimeout: () => undefined, clearTimeout: () => undefined },
      log: (...line) => {
        if (!port.dead) log(this.id, ...line)
      },
      patience: { backOffMostMs: 30_000, triesBeforeParked: 15_000, waitPausesMs },
    })
    const { law, rules } = lawOfCorridor()
    const casework = createCasework({
      db: port,
      exchange,
      law,
      rules,
      directory: directoryOf(this.id),
      clock,
      newId: () => chance.uuid(),
      randomBody: (length) => chance.text(length),
      dataKey,
      domain: domainOf(this.id),
      timeZone: 'Europe/Tirane',
    })
    const handler: Handler = async (tx, message) => {
      if (poisons(this.id, message.messageId)) throw new Error('simulated: the handler has a bug')
      const handled = await casework.handle(tx, message)
      if ('done' in handled) await tx.run(effect, [message.sender, message.messageId])
      return handled
    }
    const process = { name, node: this, db: port, exchange, casework, steps: exchange.steps(handler) }
    this.processes.push(process)
    return process
  }
}
