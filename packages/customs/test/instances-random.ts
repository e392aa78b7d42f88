/** Numbers by chance that come again with their seed. */
export interface Chance {
  /** a whole number from 0 up to, not including, `n` */
  below(n: number): number
  /** true once in `n` times */
  oneIn(n: number): boolean
  pick<T>(of: readonly T[]): T
}

/** A generator of chance (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n)
  }
  return { below, oneIn: (n) => below(n) === 0, pick: (of) => of[below(of.length)]! }
}
