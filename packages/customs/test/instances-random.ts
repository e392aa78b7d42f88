import { chance } from './random.ts'

/** Numbers by chance that come again with their seed. */
export interface Chance {
  /** a whole number from 0 up to, not including, `n` */
  below(n: number): number
  /** true once in `n` times */
  oneIn(n: number): boolean
  pick<T>(of: readonly T[]): T
}

/** The chance of random.ts in the words in which documents are made. */
export function chanceOf(seed: number): Chance {
  const drawn = chance(seed)
  const below = (n: number): number => drawn.whole(0, n - 1)
  return { below, oneIn: (n) => below(n) === 0, pick: drawn.pick }
}
