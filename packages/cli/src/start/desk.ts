import {
  type Configuration,
  configurationsOf,
  type Corridor,
  corridorNames,
  freePort,
  issueLink,
  type RunningCorridor,
  readCorridor,
  signsIn,
} from '@corridor/node'
import {
  type ChangeOutcome,
  type Phase,
  type RunningView,
  serveStartPage,
  type StartPage,
  type WishOutcome,
} from '@corridor/start-page'
import type { ActLine } from '../story/lines.ts'
import { isBetweenNodes } from '../story/office-pages.ts'
import { DeskAddress } from './address.ts'
import { configurationView, listed, nodeView, shownName, shownPath } from './views.ts'

/** Where the start page is, unless another program is there. */
const usualPort = 8400

/** The start page of `corridor start`: what it shows of the corridor that runs, and what is wished on it. */
export class StartDesk {
  /** What starts each corridor, its name or the path of its file, by its id. */
  readonly #names: ReadonlyMap<string, { name: string; corridor: Corridor }>
  #page: StartPage | undefined
  #current: Pick<RunningView, 'id' | 'phase' | 'said'> | undefined
  #running: RunningCorridor | undefined
  /** By what it works; while that changes, by what it worked. */
  #by: { corridor: Corridor; name: string } | undefined
  #configurations: Configuration[] = []
  /** By what it was started. */
  #first = ''
  #change: RunningView['change'] = null
  #address: DeskAddress | undefined
  #wished: (name: string) => void = () => undefined

  private constructor(own: { name: string; corridor: Corridor }) {
    const shipped = corridorNames().map((name) => ({ name, corridor: readCorridor(name) }))
    this.#names = new Map([...shipped, own].map((each) => [each.corridor.id, each]))
  }

  /**
   * Serves the page.
   * @param name of the corridor that is started, or path of its file: it is listed beside those that come with the program
   */
  static async open(name: string, corridor: Corridor): Promise<StartDesk> {
    const desk = new StartDesk({ name, corridor })
    desk.#page = await serveStartPage(
      {
        corridors: () => [...desk.#names.values()].map((each) => listed(each, desk.#by?.corridor)),
        signInLink: (node, account) => desk.#signInLink(node, account),
        start: (id) => desk.#start(id),
        change: (id, configuration) => desk.#takeUp(id, configuration),
      },
      await freePort(usualPort, new Set()),
    )
    return desk
  }

  /** The address of the page, with its secret. */
  get url(): string {
    return this.#page?.url ?? ''
  }

  /** Shows how far a corridor is. @param said what is being done, or why it was not, for people */
  show(corridor: Corridor, phase: Phase, said = ''): void {
    this.#current = { id: corridor.id, phase, said }
    this.#tell(corridor)
  }

  /** The corridor that runs now; shown with what is shown next. @param home its folder, where a command finds this desk */
  runs(running: RunningCorridor, home: string): void {
    this.#running = running
    this.#first = running.name
    this.#configurations = configurationsOf(this.#first)
    this.#address = DeskAddress.leave(home, { url: this.url, corridor: running.corridor.id })
  }

  /** It is being stopped: nobody finds this desk by it any more. */
  stops(): void {
    this.#address?.remove()
    this.#address = undefined
  }

  /** It has stopped. */
  stopped(): void {
    this.#running = undefined
    this.#by = undefined
    this.#configurations = []
    this.#change = null
  }

  say({ at, who, document, title, to, receiptMs }: ActLine): void {
    this.#page?.say({ at, who, document, title, to, receiptMs, isPartners: isBetweenNodes(document) })
  }

  /** Comes back with what is wished next: the name of a corridor, or the path of its file. */
  wish(): Promise<string> {
    return new Promise((resolve) => {
      this.#wished = resolve
    })
  }

  #tell(other: Corridor): void {
    const isChanging = this.#change !== null && this.#change.refused === null
    if (this.#running !== undefined && !isChanging)
      this.#by = { corridor: this.#running.corridor, name: this.#running.name }
    const corridor = this.#by?.corridor ?? other
    this.#page?.show({
      ...this.#current!,
      title: corridor.title,
      name: shownName(this.#by?.name ?? other.id),
      nodes: (this.#running?.nodes ?? []).map((node) => nodeView(corridor, node)),
      configurations: this.#configurations.map((each) => configurationView(each, this.#by?.name ?? '')),
      change: this.#change,
    })
  }

  async close(): Promise<void> {
    await this.#page?.close()
  }

  async #signInLink(node: string, account: string): Promise<string | undefined> {
    const found = this.#running?.nodes.find((each) => each.node.id === node)
    const whose = found?.node.accounts.find(({ id }) => id === account)
    const corridor = this.#by?.corridor
    return found === undefined || whose === undefined || !corridor || !signsIn(corridor, found.node, whose)
      ? undefined
      : issueLink(found.settings, account)
  }

  #start(id: string): WishOutcome {
    const found = this.#names.get(id)
    if (found === undefined) return 'unknown'
    const { phase } = this.#current ?? { phase: 'starting' }
    if (phase === 'starting' || phase === 'stopping') return 'busy'
    // What runs already need not be wished.
    if (id !== this.#current?.id || phase === 'failed') this.#wished(found.name)
    return 'wished'
  }

  async #takeUp(id: string, configuration: string): Promise<ChangeOutcome> {
    const running = this.#running
    const isUp = this.#current?.phase === 'playing' || this.#current?.phase === 'ready'
    if (running === undefined || id !== this.#current?.id) return { kind: 'unknown' }
    if (!isUp || this.#change?.refused === null) return { kind: 'busy' }
    const found = this.#configurations.find((each) => each.name === configuration)
    if (found === undefined && !/[\\/].*\.ya?ml$/.test(configuration)) return { kind: 'unknown' }
    const refused = await this.#changeTo(running, found?.file ?? configuration)
    return refused === null ? { kind: 'taken' } : { kind: 'refused', why: refused }
  }

  /** Who changes a file finds what it says now. */
  #lookAgain(): void {
    try {
      this.#configurations = configurationsOf(this.#first)
    } catch {
      // One that is being written: what is listed stays, and who presses is told what is wrong.
    }
  }

  #sayTakenUp({ title: who }: Corridor): void {
    const at = new Date().toISOString()
    const title = 'taken up while everything runs'
    this.#page?.say({ at, who, document: '', title, to: '', receiptMs: null, isPartners: false })
  }

  /** @returns why it was not taken up */
  async #changeTo(running: RunningCorridor, file: string): Promise<string | null> {
    const shown = (refused: string | null, isOver: boolean): void => {
      // Another corridor may run by now.
      if (this.#running !== running) return
      const to = this.#configurations.find((each) => each.file === file)?.name ?? file
      this.#change = isOver && refused === null ? null : { to, refused }
      if (isOver && refused === null) this.#current = { ...this.#current!, said: '' }
      this.#tell(running.corridor)
    }
    shown(null, false)
    const refused = await running.takeUp(file).then(
      () => null,
      (error: Error) => error.message,
    )
    if (refused === null && this.#running === running) {
      this.#lookAgain()
      this.#sayTakenUp(running.corridor)
    }
    shown(refused, true)
    write(
      refused === null
        ? `\n${running.corridor.title}: taken up. New sign-in links: npx --no corridor login --corridor ${shownPath(file)}`
        : `\nNot taken up, and all goes on as before: ${refused}`,
    )
    return refused
  }
}

const write = (text: string): void => void process.stdout.write(`${text}\n`)
