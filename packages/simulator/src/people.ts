/** What officers and traders do of their own accord. */
import type { Act, ActFields } from '@corridor/casework'
import { accountsOf, consignee, declarant, declarationOf, documentOf, grn, type NodeId, partyOf } from './corridor.ts'
import { accessCode, type SimulatedProcess } from './node.ts'
import { ask, type Request } from './requests.ts'
import { Violation } from './violation.ts'
import { outcomeOf, use } from './working.ts'
import type { Record, World } from './world.ts'

/** A trader's software: it has read its mailbox up to here. */
interface Reader {
  node: NodeId
  account: string
  eori: string
  cursor: string | undefined
  /** Ids of what it has read, in the order of reading. */
  read: string[]
}

/** The people of one run. */
export class People {
  readonly #world: World
  readonly requests: Request[] = []
  readonly readers: Reader[] = [
    { node: 'al', account: 'adria', eori: declarant, cursor: undefined, read: [] },
    { node: 'xk', account: 'sharr', eori: consignee, cursor: undefined, read: [] },
  ]
  #declared = 0
  #serial = 0
  readonly #notified = new Map<string, number>()
  readonly #unloaded = new Map<string, number>()
  readonly #regretted = new Set<string>()

  constructor(world: World) {
    this.#world = world
  }

  /** Requests that have no answer yet. */
  get unanswered(): Request[] {
    return this.requests.filter(({ answer }) => answer === undefined)
  }

  get mayDeclare(): boolean {
    return this.#declared < this.#world.profile.movements
  }

  /** Records whose officer may act now. */
  get desks(): { node: NodeId; record: Record; account: string }[] {
    return this.#world.nodes.flatMap(({ id: node }) =>
      (this.#world.records.get(node) ?? []).flatMap((record) => {
        const account = accountsOf[node].find(({ role, office }) => role === record.role && office === record.office)
        return record.needs_act && account !== undefined ? [{ node, record, account: account.id }] : []
      }),
    )
  }

  /** MRNs that the consignee may write about, and whether it is time. `early` when the office of destination does not expect it yet. */
  get arrivals(): { mrn: string; early: boolean; document: 'CC007C' | 'CC044C' }[] {
    const known = (this.#world.records.get('al') ?? []).filter(({ role }) => role === 'departure')
    return known.flatMap(({ mrn, state }) => {
      const there = this.#world.recordOf('xk', 'destination', mrn)?.state
      const notified = this.#notified.get(mrn) ?? 0
      const unloaded = this.#unloaded.get(mrn) ?? 0
      const made: { mrn: string; early: boolean; document: 'CC007C' | 'CC044C' }[] = []
      if (notified === 0 && (there === 'expected' || state === 'released' || state === 'crossed'))
        made.push({ mrn, early: there !== 'expected', document: 'CC007C' })
      if (unloaded === 0 && (there === 'unloading' || there === 'arrived'))
        made.push({ mrn, early: there !== 'unloading', document: 'CC044C' })
      return made
    })
  }

  /** What the consignee must write now for the movement to go on, also when it was refused before. */
  get due(): { mrn: string; document: 'CC007C' | 'CC044C' }[] {
    const records = (this.#world.records.get('xk') ?? []).filter(({ role }) => role === 'destination')
    const asking = (wanted: string) => records.filter(({ state }) => state === wanted)
    return [
      ...asking('expected').map(({ mrn }) => ({ mrn, document: 'CC007C' as const })),
      ...asking('unloading').map(({ mrn }) => ({ mrn, document: 'CC044C' as const })),
    ]
  }

  async declare(process: SimulatedProcess): Promise<void> {
    const { chance, profile, count } = this.#world
    count.call(this.#world, 'declarations')
    const lrn = `LRN${this.#world.seed}X${++this.#declared}`
    const amount = `${chance.between(10, 50) * 100}.00`
    const values = { ...this.#stamp(process, declarant), lrn, grn, accessCode }
    await this.#newRequest(process, 'adria', 'CC015C', declarationOf(values, amount, profile.threeNodes))
  }

  async notify(process: SimulatedProcess, mrn: string, document: 'CC007C' | 'CC044C'): Promise<void> {
    const counted = document === 'CC007C' ? this.#notified : this.#unloaded
    counted.set(mrn, (counted.get(mrn) ?? 0) + 1)
    const values = { ...this.#stamp(process, consignee), mrn }
    const xml = documentOf(document === 'CC007C' ? 'arrival' : 'unloading-remarks', values)
    await this.#newRequest(process, 'sharr', document, xml)
  }

  /** Movements on their way whose declarant may think better of it, once. */
  get regretted(): string[] {
    const known = (this.#world.records.get('al') ?? []).filter(({ role }) => role === 'departure')
    const away = known.filter(({ state, mrn }) => ['released', 'crossed'].includes(state) && !this.#regretted.has(mrn))
    return away.map(({ mrn }) => mrn)
  }

  async regret(process: SimulatedProcess, mrn: string): Promise<void> {
    this.#regretted.add(mrn)
    this.#world.count('invalidations asked for')
    const xml = documentOf('invalidation-request', { ...this.#stamp(process, declarant), mrn })
    await this.#newRequest(process, 'adria', 'CC014C', xml)
  }

  /** An officer opens a movement and does one of the acts that the page offers. */
  async act(process: SimulatedProcess, { record, account }: { record: Record; account: string }): Promise<void> {
    const { chance, trace, troubled } = this.#world
    const who = process.node.accounts.get(account)
    if (who === undefined) throw new Error(`there is no account ${account}`)
    const seen = await use(this.#world, process, 10, () => process.casework.movement(who, record.mrn))
    if ('error' in seen || seen.value === undefined || seen.value.acts.length === 0) {
      trace.say(`${process.name} ${account} sees ${record.mrn}: ${outcomeOf(seen, () => 'nothing to do')}`)
      return
    }
    const { acts } = seen.value
    const likely = acts.filter(({ act: name }) => name !== 'refuse' || acts.length === 1 || chance.hit(0.15))
    const act = chance.pick(likely)
    const request: Request = {
      kind: 'act',
      node: process.node.id,
      account,
      key: chance.uuid(),
      answer: undefined,
      mrn: record.mrn,
      act: act.act,
      version: troubled && chance.hit(0.05) ? Math.max(1, seen.value.version - 1) : seen.value.version,
      fields: this.#filledIn(act, process),
    }
    this.requests.push(request)
    await ask(this.#world, process, request)
  }

  /** A trader's software asks for what is new. */
  async readMailbox(process: SimulatedProcess, reader: Reader): Promise<number> {
    const account = process.node.accounts.get(reader.account)
    if (account === undefined) throw new Error(`there is no account ${reader.account}`)
    const limit = this.#world.chance.pick([1, 3, 50])
    const used = await use(this.#world, process, 6, () => process.casework.mailbox(account, reader.cursor, limit))
    this.#world.trace.say(
      `${process.name} ${reader.account} reads: ${outcomeOf(used, (items) => items.map(({ type }) => type).join(' ') || 'nothing')}`,
    )
    if ('error' in used) return 0
    for (const item of used.value) {
      if (reader.read.includes(item.id))
        throw new Violation('I2', `${reader.account} was given document ${item.id} again after its cursor`)
      reader.read.push(item.id)
      reader.cursor = item.position
    }
    return used.value.length
  }

  async #newRequest(process: SimulatedProcess, account: string, type: string, xml: string): Promise<void> {
    const { chance } = this.#world
    const request: Request = {
      kind: 'document',
      node: process.node.id,
      account,
      key: chance.uuid(),
      answer: undefined,
      type,
      xml,
    }
    this.requests.push(request)
    await ask(this.#world, process, request)
  }

  #stamp({ node }: SimulatedProcess, sender: string): { [name: string]: string } {
    const now = node.clock().toISOString().slice(0, 19)
    const messageIdentification = `S${this.#world.seed}N${++this.#serial}`
    return { sender, recipient: partyOf(node.id), now, today: now.slice(0, 10), messageIdentification }
  }

  #filledIn(act: Act, { node }: SimulatedProcess): ActFields {
    const { chance } = this.#world
    const fields: ActFields = {}
    for (const { name, kind, required, codes, value } of act.fields) {
      if (!required && chance.hit(0.7)) continue
      if (kind === 'code')
        fields[name] = chance.hit(0.9) ? (value ?? codes?.[0]?.code ?? '') : chance.pick(codes ?? []).code
      else if (kind === 'date') fields[name] = node.clock().toISOString().slice(0, 10)
      else fields[name] = name === 'nationality' ? 'XK' : 'Seen'
    }
    return fields
  }
}
