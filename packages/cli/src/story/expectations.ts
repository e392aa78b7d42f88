import { setTimeout as pause } from 'node:timers/promises'
import type { CorridorNode } from '@corridor/node'
import type { MovementPage } from './client.ts'
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
  /** The movement as every officer of every node that is there sees it, by account. */
  pages(mrn: string): Promise<Map<string, MovementPage>>
  say(step: Step, line: SaidOf): void
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
  /** Ids of documents in mailboxes, with the step that expected them. */
  readonly #mail = new Map<string, string>()

  constructor(world: World, patienceMs: number) {
    this.#world = world
    this.#patienceMs = patienceMs
  }

  /**
   * Waits until all of it is there, and says each document when it is.
   * @param together the movements that the step is about: one, unless an act was done on several at the same moment
   * @throws Error with what is not
   */
  async hold(step: Step, together: readonly Played[]): Promise<void> {
    const { documents, waiting, states, outcomes } = step.expect
    const missing = new Set(documents)
    const unsent = new Set(waiting)
    const asks =
      missing.size > 0 || unsent.size > 0 || Object.keys(states).length > 0 || Object.keys(outcomes).length > 0
    let wrong: string[] = []
    const isThere = async (): Promise<true | undefined> => {
      wrong = []
      const all: Pages[] = []
      for (const played of together) {
        const pages: Pages = asks ? await this.#world.pages(played.mrn) : new Map()
        all.push(pages)
        // A pre-lodged declaration is found under a reference of the node until it has its MRN.
        for (const { mrn } of pages.values()) if (played.mrn.startsWith('PL')) played.mrn = mrn
        const isNew = (row: MovementPage['messages'][number]) => !this.#found.has(row.messageId) && isCommitted(row)
        for (const id of this.#find(step, played, pages, missing, isNew)) this.#found.add(id)
        this.#find(step, played, pages, unsent, ({ state }) => state !== 'receipted')
        wrong.push(...statesOtherThan(states, pages))
      }
      wrong.push(...outcomesOtherThan(outcomes, all))
      wrong.push(...(await this.#elsewhere(step, together[0])))
      return missing.size === 0 && unsent.size === 0 && wrong.length === 0 ? true : undefined
    }
    await until(
      this.#patienceMs,
      step,
      () => [...[...missing, ...unsent].map((type) => `${type} did not come`), ...wrong].join('; '),
      isThere,
    )
  }

  /** What is not as expected beside the movement: codes, balances, mailboxes. */
  async #elsewhere({ expect, step }: Step, played: Played | undefined): Promise<string[]> {
    const wrong: string[] = []
    for (const code of expect.codes) if ((await this.#isInForce(code)) !== code.inForce) wrong.push(codeTold(code))
    for (const ledger of expect.ledger) {
      const client = await this.#world.client(ledger.node, ledger.account)
      wrong.push(...(await ledgerOtherThan(client, ledger, { mrn: played?.mrn ?? '', grn: this.#world.grn })))
    }
    for (const mail of expect.mailbox) if (!(await this.#hasMail(mail, step))) wrong.push(mailTold(mail))
    return wrong
  }

  /** Whether a document is in a mailbox that no earlier step was about. What was found is another step's no more. */
  async #hasMail(mail: ExpectedMail, step: string): Promise<boolean> {
    const { document, naming, node, account } = mail
    const client = await this.#world.client(node, account)
    for (const { id, type } of await wholeMailbox(client)) {
      const owner = this.#mail.get(id)
      if (type !== document || (owner !== undefined && owner !== step)) continue
      const xml = await client.document(id)
      if (!naming.every((text) => xml.includes(text))) continue
      this.#mail.set(id, step)
      return true
    }
    return false
  }

  /** Says those of some documents that are there, and takes them from the set. @returns the ids of their messages */
  #find(
    step: Step,
    played: Played,
    pages: Pages,
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

  async #isInForce({ node, list, code }: ExpectedCode): Promise<boolean> {
    const officer = this.#world.node(node).accounts.find(({ role }) => role !== 'trader')
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

const mailTold = ({ account, document, naming }: ExpectedMail): string =>
  `${account} has no ${document}${naming.length === 0 ? '' : ` that says ${naming.join(', ')}`}`

function codeTold({ node, list, code, inForce }: ExpectedCode): string {
  return `${code} of ${list} is ${inForce ? 'not in force' : 'in force'} at ${node}`
}
