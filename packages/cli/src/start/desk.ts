import {
  type Corridor,
  corridorNames,
  freePort,
  issueLink,
  type RunningCorridor,
  readCorridor,
  signsIn,
} from '@corridor/node'
import {
  type ListedCorridor,
  type Phase,
  type RunningView,
  serveStartPage,
  type StartPage,
  type WishOutcome,
} from '@corridor/start-page'
import type { ActLine } from '../story/lines.ts'
import { isBetweenNodes } from '../story/office-pages.ts'

/** Where the start page is, unless another program is there. */
const usualPort = 8400

/** The start page of `corridor start`: what it shows of the corridor that runs, and what is wished on it. */
export class StartDesk {
  /** What starts each corridor, its name or the path of its file, by its id. */
  readonly #names: ReadonlyMap<string, { name: string; corridor: Corridor }>
  #page: StartPage | undefined
  #current: Pick<RunningView, 'id' | 'phase' | 'said'> | undefined
  #corridor: Corridor | undefined
  #nodes: RunningCorridor['nodes'] = []
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
        corridors: () => [...desk.#names.values()].map(listed),
        signInLink: (node, account) => desk.#signInLink(node, account),
        start: (id) => desk.#start(id),
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
    if (phase === 'starting' || phase === 'failed') this.#nodes = []
    this.#corridor = corridor
    this.#current = { id: corridor.id, phase, said }
    this.#page?.show({
      ...this.#current,
      title: corridor.title,
      nodes: this.#nodes.map((node) => nodeView(corridor, node)),
    })
  }

  /** The nodes of the corridor that runs now; shown with what is shown next. */
  runs({ nodes }: RunningCorridor): void {
    this.#nodes = nodes
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

  async close(): Promise<void> {
    await this.#page?.close()
  }

  async #signInLink(node: string, account: string): Promise<string | undefined> {
    const found = this.#nodes.find((each) => each.node.id === node)
    const whose = found?.node.accounts.find(({ id }) => id === account)
    const corridor = this.#corridor
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
}

function listed({
  name,
  corridor: { id, title, about, ...chart },
}: {
  name: string
  corridor: Corridor
}): ListedCorridor {
  return { id, title, about, chart: { title, ...chart }, command: `npm start -- ${name}` }
}

function nodeView(corridor: Corridor, { node, url }: RunningCorridor['nodes'][number]): RunningView['nodes'][number] {
  const accounts = node.accounts.map((account) => ({
    id: account.id,
    name: account.name,
    role: account.role,
    office: corridor.offices.find(({ reference }) => reference === account.office)?.name ?? null,
    signsIn: signsIn(corridor, node, account),
  }))
  return { id: node.id, name: node.name, country: node.country, url, accounts }
}
