import { makeNamespaces, type Namespaces } from '../../../exchange/test/namespaces.ts'

export { type Program, whyNoNamespaces } from '../../../exchange/test/namespaces.ts'

/** The three places of this network. */
export type Place = 'a' | 'b' | 'border'

/** Addresses: each side has a cable of its own to the border, and none to the other. */
export const addresses = {
  a: '10.213.1.2',
  b: '10.213.2.2',
  borderForA: '10.213.1.1',
  borderForB: '10.213.2.1',
} as const

/** Three network namespaces: A and B each have a cable to the border, which forwards nothing. */
export type Network = Namespaces<Place>

/** Makes the three places and the two cables. */
export function makeNetwork(): Network {
  const network = makeNamespaces(['a', 'b', 'border'])
  try {
    for (const [place, own, theirs] of [
      ['a', addresses.a, addresses.borderForA],
      ['b', addresses.b, addresses.borderForB],
    ] as const)
      network.cable([
        { place: 'border', name: `to-${place}`, address: `${theirs}/30` },
        { place, name: 'to-border', address: `${own}/30` },
      ])
  } catch (error) {
    network.remove()
    throw error
  }
  return network
}
