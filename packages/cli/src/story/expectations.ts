import { setTimeout as pause } from 'node:timers/promises'
import { type CorridorNode, isOfOfficer } from '@corridor/node'
import type { MailboxItem, MovementPage } from './client.ts'
import type { ExpectedCode } from './expected.ts'
import type { SaidOf, Played } from './lines.ts'
import type { ClientOf } from './office-pages.ts'
import type { Step } from './story.ts'

/** Where expectations look, and whom they tell. */
export interface World {
  client: ClientOf
  node(id: string): CorridorNode
  /** The node that an account is of. */
  nodeOf(account: string): string
  /** The movement as every officer of every node that is there sees it, by account. */
  pages(mrn: string): Promise<Map<string, MovementPage>>
  say(step: Step, line: SaidOf): void
}

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
    for (const account of Object.keys(expect.mailboxes))
      for (const { id } of await this.#mailbox(account)) this.#found.add(`${account} ${id}`)
  }

  /** Waits until all of it is there, and says each document when it is. @throws Error with what is not */
  async hold(step: Step, played: Played): Promise<void> {
    const { documents, waiting, mailboxes, states, codes, letter } = step.expect
    const missing = new Set(documents)
    const unsent = new Set(waiting)
    const undelivered = Object.entries(mailboxes).flatMap(([account, types]) =>
      types.map((type) => ({ account, type })),
    )
    let wrong: string[] = []
    const isThere = async (): Promise<true | undefined> => {
      const asks = missing.size > 0 || unsent.size > 0 || Object.keys(states).length > 0
      const pages = asks ? await this.#world.pages(played.mrn) : new Map<string, MovementPage>()
      // A pre-lodged declaration is found under a reference of the node until it has its MRN.
      for (const { mrn } of pages.values()) if (played.mrn.startsWith('PL')) played.mrn = mrn
      const found = this.#find(
        step,
        played,
        pages,
        missing,
        (row) => !this.#found.has(row.messageId) && isCommitted(row),
      )
      for (const messageId of found) this.#found.add(messageId)
      this.#find(step, played, pages, unsent, ({ state }) => state !== 'receipted')
      await this.#delivered(step, played, undelivered)
      wrong = Object.entries(states)
        .filter(([account, state]) => pages.get(account)?.status.code !== state)
        .map(
          ([account, state]) => `${account} is ${pages.get(account)?.status.code ?? 'without a record'}, not ${state}`,
        )
      if (letter !== null && played.mrn[16] !== letter)
        wrong.push(`the 17th character of ${played.mrn} is not ${letter}`)
      for (const code of codes) if ((await this.#isInForce(code)) !== code.inForce) wrong.push(codeTold(code))
      return missing.size === 0 && unsent.size === 0 && undelivered.length === 0 && wrong.length === 0
        ? true
        : undefined
    }
    await until(
      this.#patienceMs,
      step,
      () =>
        [
          ...[...missing, ...unsent].map((type) => `${type} did not come`),
          ...undelivered.map(({ type, account }) => `${type} is not in the mailbox of ${account}`),
          ...wrong,
        ].join('; '),
      isThere,
    )
  }

  /** Says those of some documents that are there, and takes them from the set. @returns the ids of their messages */
  #find(
    step: Step,
    played: Played,
    pages: Map<string, MovementPage>,
    types: Set<string>,
    isAsAsked: (row: MovementPage['messages'][number]) => boolean,
  ): string[] {
    const found: string[] = []
    const rows = [...pages.values()].flatMap(({ messages }) => messages)
    for (const type of types) {
      const row = rows.find((each) => each.type === type && each.direction === 'out' && isAsAsked(each))
      if (row === undefined) continue
      types.delete(type)
      const { messageId, receiptMs, to, from } = row
      found.push(messageId)
      const account = 'account' in step ? step.account : ''
      const state = pages.get(account)?.status.code ?? [...pages.values()][0]?.status.code ?? ''
      this.#world.say(step, { document: type, played, to: to.name, from: from.name, messageId, receiptMs, state })
    }
    return found
  }

  /** Takes from a list what is in the mailboxes now, and says it: each document once, and of this movement where it is of any. */
  async #delivered(step: Step, played: Played, undelivered: { account: string; type: string }[]): Promise<void> {
    for (const wanted of undelivered.slice()) {
      const { account, type } = wanted
      const item = (await this.#mailbox(account)).find(
        (each) =>
          each.type === type &&
          (each.mrn === null || each.mrn === played.mrn) &&
          !this.#found.has(`${account} ${each.id}`),
      )
      if (item === undefined) continue
      this.#found.add(`${account} ${item.id}`)
      undelivered.splice(undelivered.indexOf(wanted), 1)
      const node = this.#world.node(this.#world.nodeOf(account))
      const to = node.accounts.find(({ id }) => id === account)?.name ?? account
      this.#world.say(step, { document: type, played, to, from: node.name, messageId: item.id })
    }
  }

  /** All that is in an account's mailbox. */
  async #mailbox(account: string): Promise<MailboxItem[]> {
    const client = await this.#world.client(this.#world.nodeOf(account), account)
    const items: MailboxItem[] = []
    for (let since: string | undefined; ;) {
      const page = await client.mailbox(since)
      items.push(...page.items)
      if (page.items.length === 0) return items
      since = page.next
    }
  }

  async #isInForce({ node, list, code }: ExpectedCode): Promise<boolean> {
    const officer = this.#world.node(node).accounts.find(isOfOfficer)
    const client = await this.#world.client(node, officer?.id ?? '')
    const path = `/reference/${encodeURIComponent(list)}/${encodeURIComponent(code)}`
    const { status, answer } = await client.request('GET', path, { json: undefined }, '')
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
  for (;;) {
    const found = await ask()
    if (found !== undefined) return found
    if (performance.now() > deadline)
      throw new Error(`step ${step.step}: ${typeof wrong === 'string' ? wrong : wrong()}`)
    await pause(40)
  }
}

/** Whether a document is where it is to be: for another administration only its receipt says so. */
function isCommitted({ type, state }: MovementPage['messages'][number]): boolean {
  return !type.startsWith('CD') || state === 'receipted'
}

function codeTold({ node, list, code, inForce }: ExpectedCode): string {
  return `${code} of ${list} is ${inForce ? 'not in force' : 'in force'} at ${node}`
}
