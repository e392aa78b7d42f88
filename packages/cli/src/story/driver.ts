import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Corridor, documentTitle, issueToken, type RunningCorridor } from '@corridor/node'
import { ApiError, Client, type MovementPage } from './client.ts'
import { fill, fillDocument, readStory, type Step, type Story } from './story.ts'

/** One line of a played story. `receiptMs`: milliseconds until the partner's signed receipt, for what goes between administrations. */
export interface ActLine {
  at: string
  node: string
  act: string
  document: string
  mrn: string
  to: string
  messageId: string
  receiptMs: number | null
  state: string
  /** For people: who did it, and the document's name. */
  who: string
  title: string
}

/** What a played story came to. */
export interface Summary {
  ok: boolean
  movements: number
  messages: number
  receipts: number
  discharged: number
  guaranteesReleased: number
  failures: string[]
}

/** Where one movement of the story stands; enough to go on after a stop. */
export interface Progress {
  lrn: string
  mrn: string
  next: number
}

/** Plays a corridor's story through the nodes' HTTP API, as traders' software and officers would. */
export class StoryDriver {
  readonly story: Story
  readonly #running: Pick<RunningCorridor, 'nodes' | 'corridor'>
  readonly #corridor: Corridor
  readonly #clients = new Map<string, Client>()
  readonly #tell: (line: ActLine) => void
  readonly #patienceMs: number
  readonly lines: ActLine[] = []

  constructor(
    running: Pick<RunningCorridor, 'nodes' | 'corridor'>,
    tell: (line: ActLine) => void,
    patienceMs = 60_000,
  ) {
    this.#running = running
    this.#corridor = running.corridor
    this.story = readStory(running.corridor)
    this.#tell = tell
    this.#patienceMs = patienceMs
  }

  /** A new movement, not declared yet. */
  newProgress(): Progress {
    return { lrn: `ALB${randomUUID().replaceAll('-', '').slice(0, 13).toUpperCase()}`, mrn: '', next: 0 }
  }

  /** Plays the steps from where the movement stands; `onStep` hears of each one that is done. @throws Error when an expectation fails */
  async play(
    progress: Progress,
    until = this.story.steps.length,
    onStep: (progress: Progress) => void = () => undefined,
  ): Promise<void> {
    for (let at = progress.next; at < until; at += 1) {
      const step = this.story.steps[at]
      if (step === undefined) break
      await this.#step(step, progress)
      progress.next = at + 1
      onStep(progress)
    }
  }

  /** The client of an account of a node; its token is made on first use. */
  async client(nodeId: string, account: string): Promise<Client> {
    const name = `${nodeId} ${account}`
    const known = this.#clients.get(name)
    if (known !== undefined) return known
    const { settings, url } = this.#node(nodeId)
    const client = new Client(url, await issueToken(settings, account, `story ${randomUUID()}`), this.#patienceMs)
    this.#clients.set(name, client)
    return client
  }

  async #step(step: Step, progress: Progress): Promise<void> {
    const client = await this.client(step.node, step.account)
    const values = this.#values(step, progress)
    if (step.submit !== undefined) {
      const started = performance.now()
      const { messageId } = await this.submit(step, progress)
      const takenMs = Math.round(performance.now() - started)
      if (progress.mrn === '') progress.mrn = await this.#mrnOf(step, progress.lrn)
      this.#say(step, step.document ?? '', progress, this.#node(step.node).node.name, messageId, takenMs, '')
    } else {
      await this.#act(client, step, progress, values)
    }
    await this.#expect(step, progress)
  }

  /**
   * Submits the document of a step. The key is the same however often this is tried: a node that was killed in between answers with what
   * it has done.
   */
  async submit(step: Step, progress: Progress): Promise<{ messageId: string }> {
    const client = await this.client(step.node, step.account)
    const document = fillDocument(this.#corridor, step.submit ?? '', this.#values(step, progress))
    try {
      return await client.submit(document, `${progress.lrn}-${step.step}`)
    } catch (error) {
      // The key belongs to what this step sent before a stop: a document with another time in it, and it was taken.
      if (error instanceof ApiError && error.status === 422) return { messageId: '' }
      throw error
    }
  }

  /**
   * Does an act when the movement allows it. Done before (a stop came between the act and its note) is done: the state says so. A conflict
   * means that the page was old: it is read again.
   */
  async #act(client: Client, step: Step, progress: Progress, values: Record<string, string>): Promise<void> {
    const fields = Object.fromEntries(
      Object.entries(step.fields ?? {}).map(([name, value]) => [name, fill(value, values)]),
    )
    const deadline = performance.now() + this.#patienceMs
    for (;;) {
      const page = await client.movement(progress.mrn)
      if (page !== undefined && page.status.code === step.expect.states[step.account]) return
      if (page?.acts.some((act) => act.act === step.act) === true) {
        try {
          const key = `${progress.mrn}-${step.step}-${page.version}`
          await client.act(progress.mrn, step.act ?? '', page.version, fields, key)
          return
        } catch (error) {
          if (!(error instanceof ApiError) || error.status !== 409) throw error
        }
      }
      if (performance.now() > deadline) {
        const state = page === undefined ? 'has no record of it' : `has it in state ${page.status.code}`
        throw new Error(`${step.step}: ${step.account} cannot act on ${progress.mrn}: the office ${state}`)
      }
      await pause(40)
    }
  }

  async #mrnOf(step: Step, lrn: string): Promise<string> {
    const officer = this.#node(step.node).node.accounts.find((account) => account.role === 'departure')
    const client = await this.client(step.node, officer?.id ?? '')
    const deadline = performance.now() + this.#patienceMs
    for (;;) {
      const found = (await client.movements()).items.find((item) => item.lrn === lrn)
      if (found !== undefined) return found.mrn
      const refusal = await this.#refusalOf(step, lrn)
      if (refusal !== undefined) throw new Error(`${step.step}: ${refusal}`)
      if (performance.now() > deadline)
        throw new Error(`${step.step}: the declaration ${lrn} was not accepted; look in the trader’s mailbox`)
      await pause(30)
    }
  }

  /** What the trader's mailbox says against a document, in one line. */
  async #refusalOf(step: Step, lrn: string): Promise<string | undefined> {
    const client = await this.client(step.node, step.account)
    const { items } = await client.mailbox(undefined)
    const refusal = items.find((item) => item.lrn === lrn && ['CC056C', 'CC057C', 'CC917C'].includes(item.type))
    if (refusal === undefined) return undefined
    const xml = await client.document(refusal.id)
    const errors = [...xml.matchAll(/<error(?:Pointer|Reason|Text)>([^<]*)/g)].map(([, text]) => text)
    return `${refusal.type}: ${errors.join(' · ')}`
  }

  /** Waits until every document and state that the step promises is there, and says each document when it is. */
  async #expect(step: Step, progress: Progress): Promise<void> {
    const missing = new Set(step.expect.documents)
    const deadline = performance.now() + this.#patienceMs
    for (;;) {
      const pages = await this.pages(progress.mrn)
      for (const type of missing) {
        const row = [...pages.values()]
          .flatMap((page) => page.messages)
          .find((message) => message.type === type && message.direction === 'out')
        if (row === undefined || (row.type.startsWith('CD') && row.state !== 'receipted')) continue
        missing.delete(type)
        this.#say(
          step,
          type,
          progress,
          row.to.name,
          row.messageId,
          row.receiptMs,
          this.#stateIn(pages, step),
          row.from.name,
        )
      }
      const wrong = Object.entries(step.expect.states).filter(
        ([account, state]) => pages.get(account)?.status.code !== state,
      )
      if (missing.size === 0 && wrong.length === 0) return
      if (performance.now() > deadline) {
        const states = wrong.map(
          ([account, state]) => `${account} is ${pages.get(account)?.status.code ?? 'without a record'}, not ${state}`,
        )
        throw new Error(
          `step ${step.step}: ${[...[...missing].map((type) => `${type} did not come`), ...states].join('; ')}`,
        )
      }
      await pause(40)
    }
  }

  /** The movement as every officer of every node sees it, by account. */
  async pages(mrn: string): Promise<Map<string, MovementPage>> {
    const pages = new Map<string, MovementPage>()
    for (const { node } of this.#running.nodes) {
      for (const account of node.accounts) {
        if (account.office === null) continue
        const page = await (await this.client(node.id, account.id)).movement(mrn)
        if (page !== undefined) pages.set(account.id, page)
      }
    }
    return pages
  }

  /** Adds up what was played, and checks that nothing was doubled and that the guarantee is free again. */
  async summary(mrns: string[], failures: string[]): Promise<Summary> {
    const summary: Summary = {
      ok: false,
      movements: mrns.length,
      messages: 0,
      receipts: 0,
      discharged: 0,
      guaranteesReleased: 0,
      failures,
    }
    for (const mrn of mrns) {
      const pages = await this.pages(mrn)
      const sent = new Map<string, string>()
      for (const page of pages.values())
        for (const row of page.messages) if (row.direction === 'out') sent.set(row.messageId, row.type)
      const receipts = new Set(
        [...pages.values()].flatMap((page) =>
          page.messages
            .filter((row) => row.receiptMs !== null && row.direction === 'out' && isBetweenNodes(row))
            .map((row) => row.messageId),
        ),
      )
      summary.messages += sent.size + this.story.steps.filter((step) => step.submit !== undefined).length
      summary.receipts += receipts.size
      const types = [...sent.values()]
      for (const type of new Set(types))
        if (types.filter((other) => other === type).length > 1) failures.push(`${type} was made twice for ${mrn}`)
      for (const page of pages.values()) {
        if (page.status.code === 'written-off') summary.discharged += 1
        summary.guaranteesReleased +=
          page.status.code === 'written-off'
            ? page.guarantees.filter((guarantee) => guarantee.state === 'released').length
            : 0
      }
    }
    summary.ok =
      failures.length === 0 && summary.discharged === mrns.length && summary.guaranteesReleased >= mrns.length
    return summary
  }

  #stateIn(pages: Map<string, MovementPage>, step: Step): string {
    return pages.get(step.account)?.status.code ?? [...pages.values()][0]?.status.code ?? ''
  }

  #values(step: Step, progress: Progress): Record<string, string> {
    const { node, settings } = this.#node(step.node)
    const now = new Date().toISOString()
    const trader = node.accounts.find((account) => account.id === step.account)?.trader ?? ''
    const { grn, node: keeper } = this.story.guarantee
    return {
      sender: trader,
      recipient: node.party,
      now: now.slice(0, 19),
      today: now.slice(0, 10),
      messageIdentification: `${progress.lrn}-${step.step}`,
      lrn: progress.lrn,
      mrn: progress.mrn,
      grn,
      accessCode: this.#node(keeper).settings.accessCodes[grn] ?? settings.accessCodes[grn] ?? '',
    }
  }

  #node(id: string): RunningCorridor['nodes'][number] {
    const found = this.#running.nodes.find(({ node }) => node.id === id)
    if (found === undefined) throw new Error(`there is no node ${id}`)
    return found
  }

  #say(
    step: Step,
    document: string,
    progress: Progress,
    to: string,
    messageId: string,
    receiptMs: number | null,
    state: string,
    from?: string,
  ): void {
    const account = this.#node(step.node).node.accounts.find(({ id }) => id === step.account)
    const line = {
      at: new Date().toISOString(),
      node: step.node,
      act: step.act ?? step.step,
      document,
      mrn: progress.mrn,
      to,
      messageId,
      receiptMs,
      state,
      who: from ?? account?.name ?? step.account,
      title: documentTitle(document),
    }
    this.lines.push(line)
    this.#tell(line)
  }
}

/** Documents of the common domain that leave the administration; those with an office of guarantee of one's own do not. */
function isBetweenNodes(row: { type: string }): boolean {
  return row.type.startsWith('CD') && !row.type.startsWith('CD2')
}
