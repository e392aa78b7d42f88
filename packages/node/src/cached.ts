/** Asks at most once in so many milliseconds, and not again while an answer is under way: however often it is called. */
export function cached<T>(forMs: number, clock: () => Date, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  /** When the answer was there; undefined while it is under way. */
  let answeredAt: number | undefined
  return () => {
    const age = clock().getTime() - (answeredAt ?? NaN)
    // A clock that was put back makes an answer seem to be of the future.
    if (answer !== undefined && !(age >= forMs || age < 0)) return answer
    answeredAt = undefined
    const asked = ask()
    answer = asked
    void asked.catch(() => undefined).finally(() => (answeredAt = clock().getTime()))
    return asked
  }
}
