import { createHash } from 'node:crypto'

/**
 * Merkle trees as RFC 9162 section 2.1 shapes them, with SHA-256: a leaf is the hash of 0x00 and its bytes, a node that of 0x01 and its
 * two children, and the left child of n leaves has as many as the largest power of two below n.
 */

const leafMark = Uint8Array.of(0)
const nodeMark = Uint8Array.of(1)

/** Hash of a leaf. */
export function leafHash(leaf: string | Uint8Array): Buffer {
  return createHash('sha256').update(leafMark).update(leaf).digest()
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodeMark).update(left).update(right).digest()
}

/** The root of leaves that come one after another; it remembers one hash for each bit of their number. */
export class MerkleRoot {
  /** Roots of the full subtrees so far, the largest first. */
  readonly #peaks: Buffer[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @param hash of the next leaf, see `leafHash` */
  add(hash: Buffer): void {
    this.#size++
    let peak = hash
    for (let merged = this.#size; merged % 2 === 0; merged /= 2) {
      const left = this.#peaks.pop()
      if (left !== undefined) peak = nodeHash(left, peak)
    }
    this.#peaks.push(peak)
  }

  /** The root of what was added so far; of nothing, the hash of nothing. */
  root(): Buffer {
    const [last, ...others] = this.#peaks.toReversed()
    if (last === undefined) return createHash('sha256').digest()
    return others.reduce((right, left) => nodeHash(left, right), last)
  }
}

/** Leaves from `from` up to but without `to`. */
interface Range {
  from: number
  to: number
}

/** The subtrees beside the way from leaf `index` up to the root of `size` leaves, from below. */
function siblings(index: number, size: number): Range[] {
  const found: Range[] = []
  let { from, to }: Range = { from: 0, to: size }
  while (to - from > 1) {
    const middle = from + 2 ** Math.ceil(Math.log2(to - from) - 1)
    if (index < middle) {
      found.push({ from: middle, to })
      to = middle
    } else {
      found.push({ from, to: middle })
      from = middle
    }
  }
  return found.toReversed()
}

/** The proof that a leaf is in a tree, made from leaves that come one after another. */
export class MerklePath {
  readonly #subtrees: (Range & { root: MerkleRoot })[]
  #next = 0

  /** @param index of the leaf, from 0 · @param size how many leaves there are in all */
  constructor(index: number, size: number) {
    if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} of ${size}`)
    this.#subtrees = siblings(index, size).map((range) => ({ ...range, root: new MerkleRoot() }))
  }

  /** @param hash of the next leaf */
  add(hash: Buffer): void {
    const at = this.#next++
    for (const { from, to, root } of this.#subtrees) if (at >= from && at < to) root.add(hash)
  }

  /** The hashes beside the way from the leaf to the root, from below (RFC 9162 section 2.1.3.1). */
  path(): Buffer[] {
    return this.#subtrees.map(({ root }) => root.root())
  }
}

/**
 * The root that a leaf and its path lead to (RFC 9162 section 2.1.3.2); undefined when the path cannot be one of this leaf of so many.
 * @param hash of the leaf
 */
export function rootFromPath(
  hash: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Buffer | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined
  const ranges = siblings(index, size)
  if (ranges.length !== path.length) return undefined
  let root: Buffer = Buffer.from(hash)
  for (const [step, { from }] of ranges.entries()) {
    const sibling = path[step] as Uint8Array
    root = from > index ? nodeHash(root, sibling) : nodeHash(sibling, root)
  }
  return root
}
