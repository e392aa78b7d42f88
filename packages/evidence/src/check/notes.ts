import type { X509Certificate } from 'node:crypto'
import type { SealIdentity } from '@corridor/sealed'
import type { Found } from '../container/asic.ts'
import type { MessageFacts } from '../facts.ts'

/** What a message is checked with. */
export interface MessageCheck {
  facts: MessageFacts
  /** The files of its folder, without the folder. */
  contents: ReadonlyMap<string, Uint8Array>
  certificates: ReadonlyMap<string, X509Certificate>
  /** Keys that open what was encrypted for their holder; without them that is not looked into. */
  own: readonly SealIdentity[]
  /** Before the name of each file in what was found: the folder. */
  where: string
}

/** Collects what was found about one message. */
export class Notes {
  readonly found: Found[] = []
  readonly #where: string

  constructor(where: string) {
    this.#where = where
  }

  say(file: string, what: string, reason: string | undefined): void {
    const place = `${this.#where}/${file}`
    this.found.push(reason === undefined ? { place, what, result: 'holds' } : { place, what, result: 'fails', reason })
  }

  note(file: string, what: string): void {
    this.found.push({ place: `${this.#where}/${file}`, what, result: 'note' })
  }
}

/** Whether both are there and have the same bytes. */
export const isSame = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  one !== undefined && other !== undefined && Buffer.from(one.buffer, one.byteOffset, one.byteLength).equals(other)
