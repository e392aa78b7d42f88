import { type readResponse, sentMessageOf } from '@corridor/as4'
import type { Database } from '@corridor/database'
import { as4Sealing, type Log, type ReceiveOptions, type Sealing } from '@corridor/exchange'
import { Chance } from './chance.ts'
import { type NodeId, nodeIds } from './corridor.ts'
import { Network } from './network.ts'
import { accessCode, SimulatedNode, type SimulatedProcess } from './node.ts'
import type { Papers } from './papers.ts'
import { type Profile, profileOf } from './profile.ts'
import { standInSealing, standInSent } from './stand-in-sealing.ts'
import type { Stores } from './stores.ts'
import { Trace } from './trace.ts'
import { Violation } from './violation.ts'

/** The moment at which every run begins. */
const epoch = Date.UTC(2026, 10, 24, 14)

/** A record of a movement as it stood at the last look. */
export interface Record {
  role: 'departure' | 'transit' | 'exit' | 'destination' | 'guarantee'
  office: string
  mrn: string
  lrn: string
  state: string
  version: number
  needs_act: boolean
}

/** What happened in a run, by name: deliveries, kills, duplicates … */
export type Counts = { [what: string]: number }

export interface WorldOptions {
  seed: number
  stores: Stores
  papers: Papers
  /** Hears each line of the trace. */
  listener?: (line: string) => void
  /** See `Surroundings`. */
  wrapDatabase?: (db: Database, node: NodeId) => Database
  /** Instead of what the seed draws. */
  profile?: Partial<Profile>
}

/** Everything that one run consists of. The seed decides all of it. */
export class World {
  readonly seed: number
  readonly profile: Profile
  readonly chance: Chance
  readonly network: Network
  readonly sealing: Sealing
  readonly stores: Stores
  readonly trace: Trace
  readonly counts: Counts = {}
  readonly nodes: SimulatedNode[]
  readonly records = new Map<NodeId, Record[]>()
  /** How often a handler will still throw for a message. */
  readonly poisoned = new Map<string, number>()
  /** When a node whose process died is up again, by the number of the step. */
  readonly downUntil = new Map<NodeId, number>()
  /** What somebody did wrong that is noticed only later. */
  readonly noticed: Violation[] = []
  /** Nodes whose records may have changed in this step. */
  readonly dirty = new Set<NodeId>()
  troubled = true
  readonly #papers: Papers
  #now = epoch

  constructor({ seed, stores, papers, listener, wrapDatabase, profile }: WorldOptions) {
    this.seed = seed
    const chance = new Chance(`corridor ${seed}`)
    this.profile = { ...profileOf(seed, chance.stream('profile')), ...profile }
    this.chance = chance.stream('schedule')
    this.stores = stores
    this.#papers = papers
    this.trace = new Trace(listener)
    const { realSealing, threeNodes } = this.profile
    this.sealing = realSealing ? as4Sealing : standInSealing
    this.network = new Network(realSealing ? sentMessageOf : standInSent)
    const nodes = threeNodes ? nodeIds : nodeIds.slice(0, 2)
    this.nodes = nodes.map((id) => {
      const surroundings = {
        network: this.network,
        sealing: this.sealing,
        papers,
        nodes,
        now: () => this.#now++,
        log: (node: NodeId, ...line: Parameters<Log>) => this.#logged(node, line),
        poisons: (node: NodeId, messageId: string) => this.#poisons(node, messageId),
        ...(wrapDatabase === undefined ? {} : { wrapDatabase }),
      }
      return new SimulatedNode(id, stores.of(id), surroundings, chance.stream(id))
    })
  }

  /** Everything is empty, every node is up. */
  async begin(): Promise<void> {
    await this.stores.reset()
    for (const node of this.nodes) {
      await node.register(this.profile.guaranteeLimit)
      for (let count = 0; count < this.profile.processes; count++) node.start()
      this.records.set(node.id, [])
    }
  }

  get now(): number {
    return this.#now
  }

  /** Time passes for everybody. */
  pass(ms: number): void {
    this.#now += Math.max(0, Math.round(ms))
  }

  node(id: NodeId): SimulatedNode {
    const found = this.nodes.find((node) => node.id === id)
    if (found === undefined) throw new Error(`there is no node ${id}`)
    return found
  }

  /** A process of the node that is up. */
  processOf(id: NodeId): SimulatedProcess | undefined {
    const { processes } = this.node(id)
    return processes.length === 0 ? undefined : this.chance.pick(processes)
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  /** Looks at a node's records of movements; answers them as they were before, too. */
  async look(id: NodeId): Promise<{ before: Record[]; after: Record[] }> {
    const after = await this.node(id).store.query<Record>(
      'select role, office, mrn, lrn, state, version, needs_act from movement order by id',
    )
    const before = this.records.get(id) ?? []
    this.records.set(id, after)
    return { before, after }
  }

  recordOf(id: NodeId, role: Record['role'], mrn: string): Record | undefined {
    return this.records.get(id)?.find((record) => record.role === role && record.mrn === mrn)
  }

  /** With what a node's TLS client proves itself; the stand-in proves nothing, so that no chance key gets into a journal. */
  receiveOptions(from: NodeId): ReceiveOptions {
    return this.profile.realSealing ? { tlsCertificate: this.#papers[from].certificate } : {}
  }

  /** Whether an answer is the partner's receipt for what was sent. */
  isReceipt(answer: Parameters<typeof readResponse>[0], options: Parameters<typeof readResponse>[1]): boolean {
    return this.sealing.readResponse(answer, options).kind === 'receipt'
  }

  #poisons(node: NodeId, messageId: string): boolean {
    const key = `${node} ${messageId}`
    let left = this.poisoned.get(key)
    if (left === undefined) {
      left = this.troubled && this.chance.hit(this.profile.poison) ? this.chance.between(1, 4) : 0
      this.poisoned.set(key, left)
    }
    if (left === 0 || !this.troubled) return false
    this.poisoned.set(key, left - 1)
    this.count('handler threw')
    return true
  }

  #logged(node: NodeId, line: Parameters<Log>): void {
    this.count('log lines')
    const text = JSON.stringify(line, (_, value: unknown) =>
      value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value,
    )
    if (text.includes(accessCode))
      this.noticed.push(new Violation('I11', `${node} has logged the access code: ${line[1]}`))
  }
}
