import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { leafHash, MerklePath, MerkleRoot, rootFromPath } from './merkle.ts'

/** RFC 9162 section 2.1.1, word for word. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (only === undefined) return createHash('sha256').digest()
  if (leaves.length === 1) return leafHash(only)
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  const children = [definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k))]
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), ...children]))
    .digest()
}

/** RFC 9162 section 2.1.3.1, word for word. */
function definedPath(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return index < k
    ? [...definedPath(index, left), definedRoot(right)]
    : [...definedPath(index - k, right), definedRoot(left)]
}

const leavesOf = (size: number): Buffer[] => Array.from({ length: size }, (_, n) => Buffer.from(`leaf ${n}`))

function rootOf(leaves: readonly Buffer[]): Buffer {
  const tree = new MerkleRoot()
  for (const leaf of leaves) tree.add(leafHash(leaf))
  assert.equal(tree.size, leaves.length)
  return tree.root()
}

function pathOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  const path = new MerklePath(index, leaves.length)
  for (const leaf of leaves) path.add(leafHash(leaf))
  return path.path()
}

test('the roots that the logs of certificate transparency are tested with', () => {
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]
  for (const [size, root] of roots.entries()) {
    const some = leaves.slice(0, size).map((hex) => Buffer.from(hex, 'hex'))
    assert.equal(rootOf(some).toString('hex'), root, `${size} leaves`)
  }
})

test('roots and paths of up to 70 leaves are those of the definition, and each path leads to its root alone', () => {
  for (let size = 0; size <= 70; size++) {
    const leaves = leavesOf(size)
    const root = rootOf(leaves)
    assert.deepEqual(root, definedRoot(leaves), `${size} leaves`)
    for (const [index, leaf] of leaves.entries()) {
      const path = pathOf(index, leaves)
      assert.deepEqual(path, definedPath(index, leaves), `path of ${index} of ${size}`)
      const hash = leafHash(leaf)
      assert.deepEqual(rootFromPath(hash, index, size, path), root)
      assert.notDeepEqual(rootFromPath(leafHash('another'), index, size, path), root)
      if (size > 1) assert.notDeepEqual(rootFromPath(hash, (index + 1) % size, size, path), root)
      for (const step of path.keys()) {
        const bent = path.with(step, leafHash(`${step}`))
        assert.notDeepEqual(rootFromPath(hash, index, size, bent), root)
      }
      assert.equal(rootFromPath(hash, index, size, [...path, root]), undefined)
      if (size > 1) assert.equal(rootFromPath(hash, index, size, path.slice(1)), undefined)
    }
  }
})

test('a leaf that the tree cannot have has no path and proves nothing', () => {
  for (const [index, size] of [
    [-1, 3],
    [3, 3],
    [0, 0],
  ] as const) {
    assert.throws(() => new MerklePath(index, size), RangeError)
    assert.equal(rootFromPath(leafHash('x'), index, size, []), undefined)
  }
  assert.equal(rootFromPath(leafHash('x'), 0.5, 1, []), undefined)
  assert.equal(rootFromPath(leafHash('x'), 0, Number.NaN, []), undefined)
})
