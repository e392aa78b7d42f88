/** Share of a sender: so many messages a second come in the order in which they were sent, whatever the others do. */
const messagesASecond = 20
const apartMs = 1_000 / messagesASecond
/** Nobody is put off for longer: a flood is forgotten a minute after it has ended. */
const mostMs = 60_000
/** Senders that are remembered; those that are within their share need not be. */
const mostSenders = 10_000

/**
 * In which order messages are decided when there are more than can be. Each message gets a turn: the time of its arrival, but not
 * less than a twentieth of a second after the turn of the one before it from the same sender. While nobody sends more than twenty a
 * second this is the order of arrival. A flood's turns run ahead of the clock, and all others come before it. No message is held back
 * while a worker is free: a turn orders, it does not delay.
 *
 * The memory is of one process; several share their senders' floods among them.
 */
export class FairOrder {
  readonly #last = new Map<string, number>()

  turnOf(sender: string, at: Date): Date {
    const now = at.getTime()
    const last = this.#last.get(sender)
    // A clock that was set back must not put anybody off.
    const next = last === undefined || last > now + mostMs ? now : last + apartMs
    const turn = Math.min(Math.max(now, next), now + mostMs)
    this.#last.delete(sender)
    this.#last.set(sender, turn)
    if (this.#last.size > mostSenders) this.#forget()
    return new Date(turn)
  }

  /** The ones that have been silent for the longest time. */
  #forget(): void {
    for (const [sender] of this.#last) {
      if (this.#last.size <= mostSenders / 2) return
      this.#last.delete(sender)
    }
  }
}
