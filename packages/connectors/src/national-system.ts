/** The port to a national system: the same three ways to connect look the same from inside of a node. */

/** What can happen to a declaration. Closed: who took an unknown word for a release would release what was cancelled. */
export const events = ['released', 'amended', 'cancelled'] as const

export const isEvent = (text: string): boolean => (events as readonly string[]).includes(text)

/** One declaration as a national system handed it over, in its own form. */
export interface Handed {
  /** of this very handing over, the same however often it is handed: it becomes the id of the message, so it takes effect once */
  readonly id: string
  /** number of the declaration at the system; what is of one declaration comes in its order, one at a time */
  readonly declaration: string
  /** what happened there: one of {@link events}; anything else is set aside by `pump` */
  readonly event: string
  readonly bytes: Uint8Array
  /** how often it was handed before; more than 0 after a kill, or where a lease ran out */
  readonly before: number
}

/** What is wrong with something that was handed over: where, what stands there, and what helps. */
export interface Wrong {
  /** id of the rule, or the facet that failed */
  readonly rule: string
  /** place in the form of the national system, where that is known; else in the block */
  readonly place: string
  readonly value?: string
  readonly text: string
  readonly remedy: string
}

/** Something for the national system: an answer to a declaration, or a declaration of the other side. */
export interface Result {
  /** of this very result; given again with the same content it is there already */
  readonly id: string
  /** number of the declaration at the system that it is about, '' for a new one */
  readonly declaration: string
  /** what it is: `receipt`, `import-draft`, `refused` … */
  readonly kind: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** What became of a result. `conflict`: another content was given under the same id before. */
export type Given = 'given' | 'there' | 'conflict'

/** A national system. Every method rejects when the system cannot be reached; nothing is lost then, and the call may be repeated. */
export interface NationalSystem {
  /**
   * What waits, oldest first, at most `limit`, of each declaration the first thing only. It is leased: nobody else gets it for a while, and
   * when it is neither done nor set aside by then it comes again.
   */
  take(limit: number): Promise<Handed[]>
  /** These are safe in the node: they are not handed again. Ids that are not there any more are passed over. */
  done(ids: readonly string[]): Promise<void>
  /** This one the node cannot take. It stays at the system with what is wrong, and holds up nothing behind it. */
  setAside(id: string, wrong: readonly Wrong[]): Promise<void>
  give(result: Result): Promise<Given>
  close(): Promise<void>
}
