import type { Chart } from '@corridor/map'

/** A corridor that comes with the program, or the one of one's own that runs. */
export interface ListedCorridor {
  id: string
  title: string
  /** One sentence, by language. */
  about: Readonly<Record<string, string>>
  chart: Chart
  /** What starts it in a terminal. */
  command: string
}

/** `starting` and `stopping` take no wishes. */
export type Phase = 'starting' | 'playing' | 'ready' | 'stopping' | 'failed'

/** A file by which the nodes of the corridor that runs can work. */
export interface ConfigurationView {
  /** Name of the file. */
  id: string
  title: string
  /** One sentence, by language. */
  about: Readonly<Record<string, string>>
  /** What has it taken up, in a terminal. */
  command: string
  isTaken: boolean
}

/** The corridor that runs, as the page shows it. */
export interface RunningView {
  id: string
  title: string
  /** What names it in a terminal: itself, or the path of its file. */
  name: string
  /** Its configurations; none while it is not up. */
  configurations: ConfigurationView[]
  /** The one that is being taken up, or was not and why, as the terminal says it; null when there is nothing to tell. */
  change: { to: string; refused: string | null } | null
  phase: Phase
  /** What is being done, or why it was not, as the terminal says it. */
  said: string
  nodes: {
    id: string
    name: string
    country: string
    /** Its console. */
    url: string
    /** `office`: its name; `signsIn`: by a link in a browser; the others are programs. */
    accounts: { id: string; name: string; role: string; office: string | null; signsIn: boolean }[]
  }[]
}

/** One line of the story. */
export interface StoryLine {
  at: string
  who: string
  document: string
  title: string
  to: string
  receiptMs: number | null
  /** Whether the receipt is the signed one of a partner; else the document was taken in by its node. */
  isPartners: boolean
}

/** What came of the wish that another corridor is started. */
export type WishOutcome = 'wished' | 'unknown' | 'busy'

/** What came of the wish that the corridor that runs works by another file. */
export type ChangeOutcome = { kind: 'taken' | 'unknown' | 'busy' } | { kind: 'refused'; why: string }

/** What the page shows and does; handed in by who runs corridors. */
export interface StartPagePorts {
  corridors(): ListedCorridor[]
  /** @returns the link, or undefined when no such account signs in here */
  signInLink(node: string, account: string): Promise<string | undefined>
  start(id: string): WishOutcome
  /**
   * Has the corridor that runs take up another configuration; comes back when it has, or has not.
   * @param configuration its `id`, or the path of a file of one's own
   */
  change(corridor: string, configuration: string): Promise<ChangeOutcome>
}
