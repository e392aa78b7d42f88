/** How much a hub takes on from its members, and for how long it keeps what they copy to it. */
export interface HubLimits {
  /** Objects under way from one member to another; receipts have room for as many again. */
  waitingObjects: number
  waitingBytes: number
  /** Copies of one member in one day (in UTC). */
  copiesADay: number
  /** Days from the last copy of a movement until all of them are deleted; null: they stay. */
  keepDays: number | null
}

/** What a hub has when nothing else is said. */
export const usualLimits: HubLimits = {
  waitingObjects: 5_000,
  waitingBytes: 500_000_000,
  copiesADay: 100_000,
  keepDays: null,
}
