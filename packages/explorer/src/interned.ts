/** Equal things once, each under a small number. */
export class Interned<T> {
  readonly #numbers = new Map<string, number>()
  readonly #all: T[] = []

  /** @param key the same for equal things @returns its number, from 0 on */
  add(key: string, value: T): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.#all.length)
    return this.#all.push(value) - 1
  }

  get(number: number): T {
    if (number < 0 || number >= this.#all.length) throw new Error(`there is no number ${number}`)
    return this.#all[number] as T
  }

  get size(): number {
    return this.#all.length
  }
}

/** JSON with the names of each object in order, so that equal values are equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
