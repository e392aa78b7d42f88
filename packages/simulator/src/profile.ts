import type { Chance } from './chance.ts'

/** How a run is troubled: a seed draws it first, so that some runs have one kind of trouble only and others all of them. */
export interface Profile {
  /** Whether North Macedonia is a third node. */
  threeNodes: boolean
  /** Real AS4, or the stand-in. */
  realSealing: boolean
  movements: number
  /** What the guarantee can cover; a movement asks for 1,000 to 5,000. */
  guaranteeLimit: string
  /** Processes of each node. */
  processes: number
  /** Steps until everything heals. */
  steps: number
  /** Probability that a step that uses the database has a mishap, and which. */
  mishap: number
  mishapKinds: readonly ('kill' | 'serialisation' | 'deadlock' | 'disk' | 'lost')[]
  /** Weights of what the network may do with a message, beside carrying it and its answer. */
  network: Readonly<Record<NetworkTrouble, number>>
  /** Probability, per step, that a line is cut or mended. */
  partition: number
  /** Probability, per step, that a clock jumps. */
  clockJump: number
  /** Probability that a message makes its handler throw. */
  poison: number
}

export type NetworkTrouble =
  | 'lose-request'
  | 'lose-answer'
  | 'late-request'
  | 'late-answer'
  | 'duplicate'
  | 'garbage'
  | 'busy'
  | 'stray-signal'

const noTrouble: Record<NetworkTrouble, number> = {
  'lose-request': 0,
  'lose-answer': 0,
  'late-request': 0,
  'late-answer': 0,
  duplicate: 0,
  garbage: 0,
  busy: 0,
  'stray-signal': 0,
}

/** One seed in so many seals for real. */
const realSealingEvery = 20

/** Draws the profile of a seed. */
export function profileOf(seed: number, chance: Chance): Profile {
  const network = { ...noTrouble }
  for (const kind of Object.keys(network) as NetworkTrouble[])
    if (chance.hit(0.6)) network[kind] = chance.pick([0.5, 1, 3])
  const kinds = (['kill', 'serialisation', 'deadlock', 'disk', 'lost'] as const).filter(() => chance.hit(0.7))
  return {
    threeNodes: chance.hit(0.3),
    realSealing: seed % realSealingEvery === 0,
    movements: chance.between(1, 4),
    guaranteeLimit: chance.pick(['6000.00', '9000.00', '25000.00']),
    processes: chance.hit(0.4) ? 2 : 1,
    steps: chance.between(80, 220),
    mishap: kinds.length === 0 ? 0 : chance.pick([0, 0.05, 0.15, 0.3]),
    mishapKinds: kinds,
    network: chance.hit(0.1) ? noTrouble : network,
    partition: chance.pick([0, 0, 0.01, 0.05]),
    clockJump: chance.pick([0, 0, 0.01, 0.04]),
    poison: chance.pick([0, 0, 0.02]),
  }
}
