import type { X509Certificate } from 'node:crypto'
import type { Context } from './context.ts'
import { writeJournal } from './journal.ts'

const mostLinesAMinute = 60

/** Writes down who was turned away at the door; anybody on the network can knock, so not more than so many lines in a minute. */
export class Doorkeeper {
  readonly #context: Context
  #minute = 0
  #lines = 0

  constructor(context: Context) {
    this.#context = context
  }

  /** @param at which of our addresses, where that is what it is about */
  turnedAway(reason: string, address: string | undefined, certificate?: X509Certificate, at?: string): void {
    const { clock, db, log } = this.#context
    const now = clock()
    const minute = Math.floor(now.getTime() / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#lines = 0
    }
    this.#lines++
    if (this.#lines > mostLinesAMinute) return
    const last = this.#lines === mostLinesAMinute
    const detail = {
      reason,
      address,
      at,
      certificate: certificate?.fingerprint256,
      more: last ? 'not written down this minute' : undefined,
    }
    writeJournal(db, now, [{ kind: 'connection.refused', detail }]).catch((error: unknown) => {
      log('warn', 'a refused connection could not be written down', { reason, address, error })
    })
  }
}
