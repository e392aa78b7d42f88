import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

/** States of a departure in which nothing more is to come. `discrepancies` waits for people that no corridor has yet. */
const ends = new Set(['written-off', 'not-released', 'invalidated', 'discrepancies'])

/**
 * I10, for movements: when everybody has done what was theirs to do, each movement has come to an end: nobody waits for a document that
 * does not come. Two kinds of runs are left out: a message that was parked for a time may have come too late for its movement; and a node
 * whose clock is a year off refuses offices that its code lists do not have on that day.
 */
export async function movementsEnd(world: World): Promise<void> {
  const departures = (await world.look('al')).after.filter(({ role }) => role === 'departure')
  for (const { state } of departures) world.count(`movement ${state}`)
  if (['parked messages tried again', 'clock jumps by a year'].some((excuse) => (world.counts[excuse] ?? 0) > 0)) return
  const stuck = departures.find(({ state }) => !ends.has(state))
  if (stuck !== undefined)
    throw new Violation('I10', `${stuck.mrn} is ${stuck.state} at departure, and nobody has anything to do`)
}
