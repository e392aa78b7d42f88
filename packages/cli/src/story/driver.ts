import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { documentTitle, issueToken, localDay, type RunningCorridor } from '@corridor/node'
import { doAct } from './acts.ts'
import { askFor } from './asking.ts'
import { documentOf } from './documents.ts'
import { fill, fillAll } from './fill.ts'
import { ApiError, Client, type MovementPage } from './client.ts'
import { Expectations, until } from './expectations.ts'
import type { ActLine, Played, SaidOf } from './lines.ts'
import { refusalIn } from './mailbox.ts'
import { nextMidnight } from './midnight.ts'
import { expectedTimes, pagesOf, type Summary, summaryOf } from './office-pages.ts'
import { nodeOfAccount } from './places.ts'
import { movementOf, newMovement, type Progress } from './progress.ts'
import { sendAsStandIn } from './stand-in-gateway.ts'
import { doNational } from './stand-in-national.ts'
import { StandInReceiver } from './stand-in-webhook.ts'
import * as stories from './story.ts'
import { valuesAt } from './values.ts'

export type { ActLine, Played } from './lines.ts'
export type { Progress } from './progress.ts'

/** What a story is played in. */
export type Stage = Pick<
  RunningCorridor,
  'nodes' | 'corridor' | 'takeAway' | 'bringBack' | 'moveClocks' | 'nationals' | 'takeUp'
>

/** How long the nodes run before the midnight that a story moves them to. */
const beforeMidnightMs = 2_000

/** Plays a corridor's story through the nodes' HTTP API, as traders' software and officers would. */
export class StoryDriver {
  readonly story: stories.Story
  readonly #stage: Stage
  readonly #clients = new Map<string, Client>()
  readonly #away = new Set<string>()
  readonly #receivers = new Map<string, StandInReceiver>()
  readonly #tell: (line: ActLine) => void
  readonly #patienceMs: number
  readonly #expectations: Expectations
  readonly lines: ActLine[] = []
  #hasEnded = false

  /** @param name of the story; the main one unless told */
  constructor(stage: Stage, tell: (line: ActLine) => void, patienceMs = 60_000, name?: string) {
    this.#stage = stage
    this.story = stories.readStory(stage.corridor, name)
    this.#tell = tell
    this.#patienceMs = patienceMs
    this.#expectations = new Expectations(
      {
        client: this.client,
        node: (id) => this.#node(id).node,
        nodeOf: (account) => nodeOfAccount(this.#stage.corridor, account),
        pages: (played) => this.#pagesOf(played),
        say: (step, line) => this.#say(step, line),
        isTold: (account, type, played) => this.#receivers.get(account)?.isTold(type, played) === true,
        grn: this.story.guarantee?.grn ?? '',
      },
      patienceMs,
    )
  }

  /** A step of the story that submits a document. @throws Error when it has none of this name */
  submitStep = (name: string): stories.SubmitStep => stories.submitStepOf(this.story, name)

  /** A new movement, not declared yet. */
  newProgress(): Progress {
    return { ...newMovement(), next: 0 }
  }

  /** Plays the steps from where the movement stands; `onStep` hears of each one that is done. @throws Error when an expectation fails */
  async play(
    progress: Progress,
    until = this.story.steps.length,
    onStep: (progress: Progress) => void = () => undefined,
  ): Promise<void> {
    try {
      for (let at = progress.next; at < until; at += 1) {
        const step = this.story.steps[at]
        if (step === undefined) break
        await this.#step(step, progress)
        progress.next = at + 1
        onStep(progress)
      }
    } finally {
      for (const receiver of this.#receivers.values()) receiver.close()
    }
  }

  /** Ends what is being played: its next question to a node is an error. Another driver may go on in the same place. */
  end(): void {
    this.#hasEnded = true
  }

  /** The client of an account of a node; its token is made on first use. */
  client = async (nodeId: string, account: string): Promise<Client> => {
    if (this.#hasEnded) throw new Error('the story was ended')
    const name = `${nodeId} ${account}`
    const known = this.#clients.get(name)
    if (known !== undefined) return known
    const { settings, url } = this.#node(nodeId)
    const client = new Client(url, await issueToken(settings, account, `story ${randomUUID()}`), this.#patienceMs)
    this.#clients.set(name, client)
    return client
  }

  async #step(step: stories.Step, progress: Progress): Promise<void> {
    const played = movementOf(step, progress)
    const names = step.kind === 'act' ? step.movements : []
    const together = names.length > 0 ? names.map((name) => movementOf({ movement: name }, progress)) : [played]
    await this.#expectations.before(step)
    switch (step.kind) {
      case 'submit':
        await this.#submit(step, played, progress)
        break
      case 'act':
        await this.#act(step, together, progress)
        break
      case 'send':
        await this.#send(step, played, progress)
        break
      case 'request':
        await this.#request(step, played, progress)
        break
      case 'listen':
        await this.#listen(step, progress)
        break
      case 'stop':
        this.#away.add(step.node)
        await this.#stage.takeAway(step.node)
        this.#sayOf(
          step,
          this.#placeOf(step) === undefined ? 'away: its process is killed' : 'away: its server is stopped',
        )
        break
      case 'start':
        await this.#stage.bringBack(step.node)
        this.#away.delete(step.node)
        this.#sayOf(step, 'back')
        break
      case 'clock':
        await this.#moveClocks(step)
        break
      case 'configuration':
        await this.#stage.takeUp(step.file)
        this.#say(step, { title: 'taken up while everything runs', from: step.title })
        break
      case 'national':
        await this.#national(step, played, progress)
        break
    }
    const { expect } = step
    const mailboxes =
      expect.mailboxes.length === 0
        ? []
        : (fillAll(expect.mailboxes, this.#values(step, played, progress)) as typeof expect.mailboxes)
    await this.#expectations.hold({ ...step, expect: { ...expect, mailboxes } }, together)
  }

  async #submit(step: stories.SubmitStep, played: Played, progress: Progress): Promise<void> {
    const started = performance.now()
    if (step.mrn !== undefined) played.mrn = fill(step.mrn, this.#values(step, played, progress))
    const { messageId } = await this.submit(step, played, progress)
    const takenMs = Math.round(performance.now() - started)
    const { refused } = step.expect
    if (refused !== null) {
      const client = await this.client(step.node, step.account)
      const words = await until(this.#patienceMs, step, `${refused.by} did not come`, () =>
        refusalIn(client, played, { by: refused.by, refTo: messageId }),
      )
      if (!words.includes(refused.naming)) throw new Error(`step ${step.step}: refused for another reason: ${words}`)
      this.#say(step, {
        document: step.document,
        played,
        to: this.#node(step.node).node.name,
        messageId,
        receiptMs: takenMs,
      })
      this.#say(step, {
        document: refused.by,
        played,
        to: this.#nameOf(step),
        from: this.#node(step.node).node.name,
        title: words,
      })
      return
    }
    // Other documents without a movement are about guarantees, or are to be answered in a mailbox.
    if (played.mrn === '' && step.document === 'CC015C') played.mrn = await this.#mrnOf(step, played.lrn)
    this.#say(step, {
      document: step.document,
      played,
      to: this.#node(step.node).node.name,
      messageId,
      receiptMs: takenMs,
    })
  }

  /**
   * Submits the document of a step. The key is the same however often this is tried: a node that was killed in between answers with what
   * it has done.
   */
  async submit(step: stories.SubmitStep, played: Played, progress?: Progress): Promise<{ messageId: string }> {
    const client = await this.client(step.node, step.account)
    const values = this.#values(step, played, progress)
    const document = documentOf(this.#stage.corridor, step, values)
    try {
      return await client.submit(document, `${played.lrn}-${step.step}`)
    } catch (error) {
      // The key belongs to what this step sent before a stop: a document with another time in it, and it was taken.
      if (error instanceof ApiError && error.status === 422) return { messageId: '' }
      throw error
    }
  }

  /** Does an act on the movement of the step, or on several at the same moment: the transactions of the node decide which comes first. */
  async #act(step: stories.ActStep, movements: readonly Played[], progress: Progress): Promise<void> {
    const client = await this.client(step.node, step.account)
    const acts = movements.map(async (played) => {
      const fields = fillAll(step.fields, this.#values(step, played, progress)) as Record<string, string>
      await doAct({ client, patienceMs: this.#patienceMs }, step, played, fields)
    })
    await Promise.all(acts)
  }

  async #request(step: stories.RequestStep, played: Played, progress: Progress): Promise<void> {
    const client = await this.client(step.node, step.account)
    const values = this.#values(step, played, progress)
    const asked = { values, key: `${progress.lrn}-${step.step}` }
    const { corridor } = this.#stage
    const { path, kept } = await askFor({ client, patienceMs: this.#patienceMs, corridor }, step, asked)
    progress.kept = { ...progress.kept, ...kept }
    this.#say(step, { title: `${step.method} ${path}`, to: this.#node(step.node).node.name })
  }

  async #send(step: stories.SendStep, played: Played, progress: Progress): Promise<void> {
    const { node, settings } = this.#node(step.node)
    const xml = documentOf(this.#stage.corridor, step, this.#values(step, played, progress))
    const { messageId, answer } = await sendAsStandIn(
      { corridor: this.#stage.corridor, settings, partner: this.#node(step.to).settings, patienceMs: this.#patienceMs },
      step,
      { xml, domain: node.domain, conversation: played.mrn === '' ? played.lrn : played.mrn },
    )
    const [to, from] = [this.#node(step.to).node.name, `Stand-in for ${node.name}`]
    this.#say(step, { document: step.document, played, to, from, messageId })
    if (step.expect.refused !== null)
      this.#say(step, { document: step.expect.refused.by, played, to: node.name, from: to, title: answer })
  }

  async #national(step: stories.NationalStep, played: Played, progress: Progress): Promise<void> {
    const done = await doNational(this.#stage, step, this.#values(step, played, progress), this.#patienceMs)
    const isDeclared = step.does.what === 'hand-over' && step.does.source.document === 'CC015C'
    // One that is refused has none, and the system was told so.
    if (isDeclared && played.mrn === '' && !step.results.some((each) => each.startsWith('CC056C')))
      played.mrn = await this.#mrnOf(step, played.lrn)
    this.#say(step, { ...done, ...(played.mrn !== '' && { played }) })
  }

  async #listen(step: stories.ListenStep, progress: Progress): Promise<void> {
    const receiver = new StandInReceiver()
    const id = await receiver.open(await this.client(step.node, step.account))
    this.#receivers.set(step.account, receiver)
    progress.kept = { ...progress.kept, [step.listen]: id }
    const from = `Stand-in for the software of ${this.#nameOf(step)}`
    this.#say(step, { title: 'registers an endpoint', to: this.#node(step.node).node.name, from })
  }

  async #moveClocks(step: stories.ClockStep): Promise<void> {
    const { timeZone } = this.#node(step.node).node
    const now = this.#now(step.node)
    const midnight = nextMidnight(now, timeZone)
    const byMs = step.byMs ?? Math.max(0, midnight.getTime() - now.getTime() - beforeMidnightMs)
    await this.#stage.moveClocks((this.#node(step.node).settings.clockAheadMs ?? 0) + byMs)
    // The nodes run on through it: nothing tells them that the day is another one.
    if (step.byMs === undefined) await pause(Math.max(0, midnight.getTime() - this.#now(step.node).getTime()))
    const day = localDay({ clock: () => this.#now(step.node), timeZone })
    this.#sayOf(step, step.byMs === undefined ? `midnight: it is ${day}` : `the clocks are moved on: it is ${day}`)
  }

  async #mrnOf(step: { step: string; node: string; account: string }, lrn: string): Promise<string> {
    const officers = this.#node(step.node).node.accounts.filter(({ role }) => role === 'departure')
    const trader = await this.client(step.node, step.account)
    return until(
      this.#patienceMs,
      step,
      `the declaration ${lrn} was not accepted; look in the trader’s mailbox`,
      async () => {
        for (const { id } of officers) {
          const { items } = await (await this.client(step.node, id)).movements()
          const found = items.find((item) => item.lrn === lrn)
          if (found !== undefined) return found.mrn
        }
        const refusal = await refusalIn(trader, { lrn, mrn: '' })
        if (refusal !== undefined) throw new Error(`step ${step.step}: ${refusal}`)
        return undefined
      },
    )
  }

  /** The movement as every officer of every node that is there sees it, by account. */
  async pages(mrn: string): Promise<Map<string, MovementPage>> {
    return pagesOf(mrn, this.#stage.nodes, this.#away, this.client)
  }

  /** A reference of one node, which a pre-lodged declaration has, is that of another movement at another node. */
  async #pagesOf({ mrn, lrn }: Played): Promise<Map<string, MovementPage>> {
    const pages = [...(await this.pages(mrn))]
    return new Map(pages.filter(([, page]) => page.mrn === mrn || page.lrn === lrn))
  }

  /** Adds up movements that were played from the first step to the last, each to its discharge. */
  async summary(mrns: string[], failures: string[], promised = mrns.length): Promise<Summary> {
    const movements = []
    for (const mrn of mrns) movements.push({ mrn, pages: await this.pages(mrn) })
    return summaryOf(movements, promised, failures, expectedTimes(this.story), this.story.guarantee !== null)
  }

  /** Adds up a story that was played once: every movement in it, and as many discharges as it promises. */
  async result(progress: Progress, failures: string[]): Promise<Summary> {
    const played = [progress, ...Object.values(progress.others ?? {})].filter(({ mrn }) => mrn !== '')
    const discharging = this.story.steps.filter(({ expect }) => Object.values(expect.states).includes('written-off'))
    const promised = new Set(discharging.map(({ movement }) => movement)).size
    return this.summary(
      played.map(({ mrn }) => mrn),
      failures,
      promised,
    )
  }

  /** The values of {{name}} at a step. */
  #values(step: stories.Step & { node: string }, played: Played, progress?: Progress): Record<string, string> {
    const { node, settings } = this.#at(step.node)
    const account = 'account' in step ? step.account : ''
    const keeper = this.story.guarantee === null ? undefined : this.#node(this.story.guarantee.node).settings
    return valuesAt({
      node,
      settings,
      account,
      played,
      keeper,
      now: this.#now(step.node),
      step: step.step,
      grn: this.story.guarantee?.grn ?? '',
      kept: progress?.kept ?? {},
      partner: step.kind === 'send' ? this.#node(step.to).node.party : undefined,
    })
  }

  /** A node; for a place, the first node. */
  #at = (id: string) => this.#stage.nodes.find(({ node }) => node.id === id) ?? this.#stage.nodes[0]!

  #now = (id: string): Date => new Date(Date.now() + (this.#at(id).settings.clockAheadMs ?? 0))

  #node(id: string): Stage['nodes'][number] {
    const found = this.#stage.nodes.find(({ node }) => node.id === id)
    if (found === undefined) throw new Error(`there is no node ${id}`)
    return found
  }

  #nameOf(step: { node: string; account: string }): string {
    return this.#node(step.node).node.accounts.find(({ id }) => id === step.account)?.name ?? step.account
  }

  /** The third place that a step is about, where it is about none of the nodes. */
  #placeOf({ node }: { node: string }): { name: string } | undefined {
    return this.#stage.corridor.places.find(({ id }) => id === node)
  }

  /** Says what befell a node or a place. */
  #sayOf(step: stories.PresenceStep | stories.ClockStep, title: string): void {
    this.#say(step, { title, from: (this.#placeOf(step) ?? this.#node(step.node).node).name })
  }

  #say(step: stories.Step, line: SaidOf): void {
    const { played, from, document = '', ...rest } = line
    const node = 'node' in step ? step.node : ''
    const said: ActLine = {
      at: this.#now(node).toISOString(),
      node,
      act: step.kind === 'act' ? step.act : step.step,
      document,
      mrn: played?.mrn ?? '',
      to: '',
      messageId: '',
      receiptMs: null,
      state: '',
      who: from ?? ('account' in step ? this.#nameOf(step) : ''),
      title: documentTitle(document),
      ...rest,
    }
    this.lines.push(said)
    this.#tell(said)
  }
}
