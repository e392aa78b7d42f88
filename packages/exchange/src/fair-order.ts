/** Share of a sender: so many messages a second come in the order in which they were sent, whatever the others do. */
const messagesASecond = 20
const apartMs = 1_000 / messagesASecond
/**
 * Nobody's turn is further ahead: a flood is forgotten an hour after it has ended. With less, what of a long flood is not decided yet
 * would be older than that, and come before what others send now.
 */
const mostMs = 3_600_000
/** Smaller steps back are a clock's usual corrections. */
const jumpMs = 1_000
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
  #now = -Infinity

  turnOf(sender: string, at: Date): Date {
    const now = at.getTime()
    // A clock that was set back must not put anybody off.
    if (now < this.#now - jumpMs) this.#last.clear()
    this.#now = now
    const next = (this.#last.get(sender) ?? -Infinity) + apartMs
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
