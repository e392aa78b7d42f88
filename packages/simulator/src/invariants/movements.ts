import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

/** States of a departure in which nothing more is to come. `discrepancies` waits for people that no corridor has yet. */
const ends = new Set(['written-off', 'not-released', 'discrepancies'])

/**
 * I10, for movements: when everybody has done what was theirs to do, each movement has come to an end: nobody waits for a document that
 * does not come. A message that was parked for a time may have come too late for its movement, so such runs are left out.
 */
export async function movementsEnd(world: World): Promise<void> {
  const departures = (await world.look('al')).after.filter(({ role }) => role === 'departure')
  for (const { state } of departures) world.count(`movement ${state}`)
  if ((world.counts['parked messages tried again'] ?? 0) > 0) return
  const stuck = departures.find(({ state }) => !ends.has(state))
  if (stuck !== undefined)
    throw new Violation('I10', `${stuck.mrn} is ${stuck.state} at departure, and nobody has anything to do`)
}
