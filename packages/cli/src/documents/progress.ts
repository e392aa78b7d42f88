/** Nothing is said of work that is done sooner than this. */
const patienceMs = 2000
const betweenMs = 500

/** Where progress goes: standard error, so that the output stays what it is. */
export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/**
 * Tells how many of `total` files are done when it takes more than two seconds: on a terminal in one line that is written over, elsewhere
 * a line every half second at most.
 * @param now milliseconds
 * @param what the things that are counted
 */
export function progressOf(
  total: number,
  to: Terminal,
  now: () => number,
  what = 'files',
): { done(): void; clear(): void } {
  const started = now()
  let said = started + patienceMs - betweenMs
  let count = 0
  let shown = false
  const clear = (): void => {
    if (shown && to.isTTY === true) to.write('\r\u001b[K')
    shown = false
  }
  return {
    clear,
    done: () => {
      count += 1
      if (count === total || now() - said < betweenMs) return
      said = now()
      shown = true
      const text = `${count} of ${total} ${what}`
      to.write(to.isTTY === true ? `\r${text}` : `${text}\n`)
    },
  }
}
