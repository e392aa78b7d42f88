/** The shapes of `/regional`, as the HTTP contract has them. Moments are ISO 8601 in UTC, days `yyyy-mm-dd`. */

export interface CorridorFigures {
  departure: string
  destination: string | null
  transit: string[]
  movements: number
  underWay: number
  late: number
  arrived: number
  invalidated: number
  contradicted: number
  hoursP50: number | null
  hoursP90: number | null
  measured: number
}

export interface GuaranteeFigures {
  country: string
  currency: string
  amount: string
  guarantees: number
  movements: number
}

export interface GuaranteeLine {
  grn: string
  country: string
  currency: string
  amount: string
  movements: number
}

export interface MemberFigures {
  party: string
  name: string
  country: string
  hasLeft: boolean
  copies: number
  lastCopyAt: string | null
  lastSaidAt: string | null
  copiesOfDay: number
  /** Seconds. */
  lagP50: number | null
  lagP90: number | null
  refused: number
  lastRefusedAt: string | null
  lastRefusal: string | null
}

export interface Dashboard {
  at: string
  since: string
  corridors: CorridorFigures[]
  guarantees: GuaranteeFigures[]
  largestGuarantees: GuaranteeLine[]
  members: MemberFigures[]
  forwarded: { underWay: number; delivered: number; refused: number; oldestUnderWayAt: string | null }
}

export interface Contradiction {
  kind: string
  about: string
  said: { by: string; value: string }[]
}

export interface RegionalMovement {
  mrn: string
  departure: string
  destination: string | null
  transit: string[]
  officeOfDeparture: string | null
  officeOfDestination: string | null
  arrivedIn: string | null
  state: string
  isLate: boolean
  releasedAt: string | null
  limitDate: string | null
  arrivedAt: string | null
  endedAt: string | null
  lastToldAt: string
  contradictions: Contradiction[]
}

export interface RegionalMovements {
  movements: RegionalMovement[]
  page: number
  pageSize: number
  total: number
}

export interface RegionalMovementDetail extends RegionalMovement {
  guarantees: (GuaranteeLine & { inUse: boolean })[]
  copies: {
    id: string
    sender: string
    messageType: string
    messageId: string
    recipient: string | null
    saidAt: string
    receivedAt: string
    elements: Record<string, (string | Record<string, string>)[]>
  }[]
}
