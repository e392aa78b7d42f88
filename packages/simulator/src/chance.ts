import { createHash } from 'node:crypto'

/** Numbers that a seed decides (sfc32, a small generator of good quality that every machine computes alike). */
export class Chance {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #count = 1

  constructor(seed: string) {
    this.#seed = seed
    const digest = createHash('sha256').update(seed).digest()
    this.#a = digest.readUInt32LE(0)
    this.#b = digest.readUInt32LE(4)
    this.#c = digest.readUInt32LE(8)
    for (let warm = 0; warm < 12; warm++) this.next()
  }

  /** A stream of its own: how much one part draws does not change what another gets. */
  stream(name: string): Chance {
    return new Chance(`${this.#seed}/${name}`)
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return (sum >>> 0) / 4_294_967_296
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  hit(probability: number): boolean {
    return this.next() < probability
  }

  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to pick from')
    return list[this.between(0, list.length - 1)] as T
  }

  /** One of the things, by their weights; those of weight 0 are never taken. */
  weighted<T extends { weight: number }>(things: readonly T[]): T | undefined {
    const sum = things.reduce((total, { weight }) => total + weight, 0)
    let left = this.next() * sum
    for (const thing of things) if (thing.weight > 0 && (left -= thing.weight) < 0) return thing
    return undefined
  }

  text(length: number, letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'): string {
    return Array.from({ length }, () => letters[this.between(0, letters.length - 1)]).join('')
  }

  /** In the form of a UUID of version 4. */
  uuid(): string {
    const hex = this.text(32, '0123456789abcdef')
    const variant = '89ab'[this.between(0, 3)] ?? '8'
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
  }
}
