import type { Measured } from '@corridor/exchange'

/** How far the clocks of partners are ahead of ours, by the last receipt of each that this process got. */
export class PartnerClocks {
  readonly #clock: () => Date
  readonly #known = new Map<string, { aheadMs: number; at: Date }>()

  constructor(clock: () => Date) {
    this.#clock = clock
  }

  hear(measured: Measured): void {
    if (measured.what !== 'partner-clock') return
    this.#known.set(measured.party, { aheadMs: measured.aheadMs, at: this.#clock() })
  }

  /** Forgets all but these. */
  keep(parties: readonly string[]): void {
    for (const party of this.#known.keys()) if (!parties.includes(party)) this.#known.delete(party)
  }

  now(): { party: string; aheadMs: number; at: string }[] {
    return [...this.#known].map(([party, { aheadMs, at }]) => ({ party, aheadMs, at: at.toISOString() }))
  }
}
