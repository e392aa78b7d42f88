import { setTimeout as pause } from 'node:timers/promises'
import { type CorridorNode, isOfOfficer } from '@corridor/node'
import type { Client, MovementPage } from './client.ts'
import type { ExpectedCode, ExpectedMail } from './expected.ts'
import { ledgerOtherThan } from './ledger.ts'
import type { SaidOf, Played } from './lines.ts'
import { wholeMailbox } from './mailbox.ts'
import type { ClientOf } from './office-pages.ts'
import type { Step } from './story.ts'

/** Where expectations look, and whom they tell. */
export interface World {
  client: ClientOf
  node(id: string): CorridorNode
  /** The node that an account is of. */
  nodeOf(account: string): string
  /** The movement as every officer of every node that is there sees it, by account. */
  pages(played: Played): Promise<Map<string, MovementPage>>
  say(step: Step, line: SaidOf): void
  /** Whether an account's software was told of a document of the movement. */
  isTold(account: string, type: string, played: Played | undefined): boolean
  /** The story's guarantee. */
  grn: string
}

type Pages = Map<string, MovementPage>

/** Waits for what must follow a step. */
export class Expectations {
  readonly #world: World
  readonly #patienceMs: number
  /** Ids of the messages that were as expected: a document that is expected again is another one. */
  readonly #found = new Set<string>()

  constructor(world: World, patienceMs: number) {
    this.#world = world
    this.#patienceMs = patienceMs
  }

  /** Notes what is in the mailboxes before a step: what is expected of it is new. */
  async before({ expect }: Step): Promise<void> {
    for (const account of new Set(expect.mailboxes.map((mail) => mail.account)))
      for (const { id } of await wholeMailbox(await this.#clientOf(account))) this.#found.add(`${account} ${id}`)
  }

  /**
   * Waits until all of it is there, and says each document when it is.
   * @param together the movements that the step is about: one, unless an act was done on several at the same moment
   * @throws Error with what is not
   */
  async hold(step: Step, together: readonly Played[]): Promise<void> {
    const { documents, waiting, states, outcomes, mailboxes, letter } = step.expect
    const [first] = together
    const missing = [...documents]
    const unsent = [...waiting]
    const unsentFound = new Set<string>()
    const undelivered = [...mailboxes]
    const asks =
      missing.length > 0 || unsent.length > 0 || Object.keys(states).length > 0 || Object.keys(outcomes).length > 0
    let wrong: string[] = []
    const isThere = async (): Promise<true | undefined> => {
      wrong = []
      const all: Pages[] = []
      for (const played of together) {
        const pages: Pages = asks ? await this.#world.pages(played) : new Map()
        all.push(pages)
        // A pre-lodged declaration is found under a reference of the node until it has its MRN.
        for (const { mrn } of pages.values()) if (played.mrn.startsWith('PL')) played.mrn = mrn
        this.#find(step, played, pages, missing, this.#found, isCommitted)
        // Last: what has no receipt yet because it has only just left is not what waits.
        if (missing.length === 0)
          this.#find(step, played, pages, unsent, unsentFound, ({ state }) => state !== 'receipted')
        wrong.push(...statesOtherThan(states, pages))
      }
      wrong.push(...outcomesOtherThan(outcomes, all))
      await this.#delivered(step, together, undelivered)
      wrong.push(...undelivered.map(mailTold))
      if (letter !== null && first?.mrn[16] !== letter)
        wrong.push(`the 17th character of ${first?.mrn} is not ${letter}`)
      wrong.push(...(await this.#elsewhere(step, first)))
      return missing.length === 0 && unsent.length === 0 && wrong.length === 0 ? true : undefined
    }
    await until(
      this.#patienceMs,
      step,
      () => [...[...missing, ...unsent].map((type) => `${type} did not come`), ...wrong].join('; '),
      isThere,
    )
  }

  /** What is not as expected beside the movement: what software was told, codes and balances. */
  async #elsewhere({ expect }: Step, played: Played | undefined): Promise<string[]> {
    const wrong = expect.told
      .filter(({ account, type }) => !this.#world.isTold(account, type, played))
      .map(({ account, type }) => `${account} was not told of ${type}`)
    for (const code of expect.codes) if ((await this.#isInForce(code)) !== code.inForce) wrong.push(codeTold(code))
    const about = { mrn: played?.mrn ?? '', grn: this.#world.grn }
    for (const ledger of expect.ledger)
      wrong.push(...(await ledgerOtherThan(await this.#clientOf(ledger.account), ledger, about)))
    return wrong
  }

  /**
   * Says those of some documents that are there, and takes them from the list. One that stands there twice is two messages: an office of
   * transit in each of two countries.
   * @param found ids of messages that were found before; those of now are added
   */
  #find(
    step: Step,
    played: Played,
    pages: Pages,
    types: string[],
    found: Set<string>,
    isAsAsked: (row: MovementPage['messages'][number]) => boolean,
  ): void {
    const rows = [...pages.values()].flatMap(({ messages }) => messages)
    for (const type of types.slice()) {
      const row = rows.find(
        (each) => each.type === type && each.direction === 'out' && !found.has(each.messageId) && isAsAsked(each),
      )
      if (row === undefined) continue
      types.splice(types.indexOf(type), 1)
      const { messageId, receiptMs, to, from } = row
      found.add(messageId)
      const account = 'account' in step ? step.account : ''
      const state = pages.get(account)?.status.code ?? [...pages.values()][0]?.status.code ?? ''
      this.#world.say(step, { document: type, played, to: to.name, from: from.name, messageId, receiptMs, state })
    }
  }

  /** Takes from a list what is in the mailboxes now, and says it: each document once, and of these movements where it is of any. */
  async #delivered(step: Step, together: readonly Played[], undelivered: ExpectedMail[]): Promise<void> {
    for (const wanted of undelivered.slice()) {
      const { account, type, naming } = wanted
      const client = await this.#clientOf(account)
      for (const { id, mrn, ...item } of await wholeMailbox(client)) {
        const played = together.find((each) => mrn === null || each.mrn === '' || each.mrn === mrn)
        if (item.type !== type || played === undefined || this.#found.has(`${account} ${id}`)) continue
        const xml = naming.length === 0 ? '' : await client.document(id)
        if (!naming.every((text) => xml.includes(text))) continue
        this.#found.add(`${account} ${id}`)
        undelivered.splice(undelivered.indexOf(wanted), 1)
        const node = this.#world.node(this.#world.nodeOf(account))
        const to = node.accounts.find((each) => each.id === account)?.name ?? account
        this.#world.say(step, { document: type, played, to, from: node.name, messageId: id })
        break
      }
    }
  }

  #clientOf(account: string): Promise<Client> {
    return this.#world.client(this.#world.nodeOf(account), account)
  }

  async #isInForce({ node, list, code }: ExpectedCode): Promise<boolean> {
    const officer = this.#world.node(node).accounts.find(isOfOfficer)
    const client = await this.#world.client(node, officer?.id ?? '')
    const path = `/reference/${encodeURIComponent(list)}/${encodeURIComponent(code)}`
    const { status, answer } = await client.request('GET', path, undefined, '')
    if (status !== 200) return false
    return (answer as { versions: { state: string }[] }).versions.some(({ state }) => state === 'in-force')
  }
}

/** Asks until there is an answer. @throws Error with what was wrong when the patience is at its end */
export async function until<Found>(
  patienceMs: number,
  step: { step: string },
  wrong: string | (() => string),
  ask: () => Promise<Found | undefined>,
): Promise<Found> {
  const deadline = performance.now() + patienceMs
  // What follows soon is seen soon; what takes long is not made slower by being asked for.
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 1.5, 200)) {
    const found = await ask()
    if (found !== undefined) return found
    if (performance.now() > deadline)
      throw new Error(`step ${step.step}: ${typeof wrong === 'string' ? wrong : wrong()}`)
    await pause(pauseMs)
  }
}

/** Whether a document is where it is to be: for another administration only its receipt says so. */
function isCommitted({ type, state }: MovementPage['messages'][number]): boolean {
  return !type.startsWith('CD') || state === 'receipted'
}

function statesOtherThan(states: Readonly<Record<string, string>>, pages: Pages): string[] {
  return Object.entries(states)
    .filter(([account, state]) => pages.get(account)?.status.code !== state)
    .map(([account, state]) => `${account} is ${pages.get(account)?.status.code ?? 'without a record'}, not ${state}`)
}

/** Which of them won is not the story's to say: only what became of all of them together. */
function outcomesOtherThan(outcomes: Readonly<Record<string, string[]>>, all: readonly Pages[]): string[] {
  return Object.entries(outcomes).flatMap(([account, wanted]) => {
    const states = all.map((pages) => pages.get(account)?.status.code ?? 'without a record').toSorted()
    return states.join() === wanted.join() ? [] : [`${account} has ${states.join(', ')}, not ${wanted.join(', ')}`]
  })
}

const mailTold = ({ account, type, naming }: ExpectedMail): string =>
  `${account} has no new ${type}${naming.length === 0 ? '' : ` that says ${naming.join(', ')}`}`

function codeTold({ node, list, code, inForce }: ExpectedCode): string {
  return `${code} of ${list} is ${inForce ? 'not in force' : 'in force'} at ${node}`
}
