import type { HubPorts } from '../ports.ts'
import { sql } from '../statements.ts'
import { type CopyRow, keptCopy } from '../copies/take.ts'
import type { Said } from '../copies/copy.ts'
import type { Contradiction } from './contradictions.ts'
import type { MovementState } from './meanings.ts'

/** Movements between two countries. `destination` is null while no copy says where they go. */
export interface CorridorFigures {
  departure: string
  destination: string | null
  /** Countries on the way, of any of its movements. */
  transit: string[]
  movements: number
  underWay: number
  /** Released, not arrived, and the last day for it is over. */
  late: number
  arrived: number
  invalidated: number
  contradicted: number
  /** Hours from release to arrival, of those that arrived since `since`; null when none did. */
  hoursP50: number | null
  hoursP90: number | null
  measured: number
}

/** What of the guarantees that a country keeps is in use, in one currency. */
export interface GuaranteeFigures {
  country: string
  currency: string
  amount: string
  guarantees: number
  movements: number
}

/** One guarantee in use. */
export interface GuaranteeLine {
  grn: string
  country: string
  currency: string
  amount: string
  movements: number
}

/** How it stands with the copies of a member. Seconds between what happened and its copy. */
export interface MemberFigures {
  party: string
  country: string
  /** No member any more; its copies stay. */
  hasLeft: boolean
  copies: number
  lastCopyAt: string | null
  /** When the last message was made of which there is a copy. */
  lastSaidAt: string | null
  copiesOfDay: number
  lagP50: number | null
  lagP90: number | null
  refused: number
  lastRefusedAt: string | null
  lastRefusal: string | null
}

/** What the secretariat sees at once. Moments are ISO 8601 in UTC. */
export interface Dashboard {
  at: string
  /** Transit times are of arrivals since then. */
  since: string
  corridors: CorridorFigures[]
  guarantees: GuaranteeFigures[]
  /** Those with the most in use, at most 20. */
  largestGuarantees: GuaranteeLine[]
  members: MemberFigures[]
  forwarded: { underWay: number; delivered: number; refused: number; oldestUnderWayAt: string | null }
}

/** A movement in a list. */
export interface BoardMovement {
  mrn: string
  departure: string
  destination: string | null
  transit: string[]
  officeOfDeparture: string | null
  officeOfDestination: string | null
  arrivedIn: string | null
  state: MovementState
  isLate: boolean
  releasedAt: string | null
  limitDate: string | null
  arrivedAt: string | null
  endedAt: string | null
  lastToldAt: string
  contradictions: Contradiction[]
}

/** A copy as it was told. */
export interface BoardCopy {
  id: string
  sender: string
  messageType: string
  messageId: string
  recipient: string | null
  saidAt: string
  receivedAt: string
  elements: Record<string, Said>
}

export type BoardMovementDetail = BoardMovement & {
  guarantees: (GuaranteeLine & { inUse: boolean })[]
  copies: BoardCopy[]
}

/** Which movements are listed; newest word first. */
export interface BoardQuery {
  departure?: string | undefined
  destination?: string | undefined
  state?: MovementState | undefined
  /** Only those with this trouble. */
  only?: 'late' | 'contradicted' | undefined
  /** Beginning of the MRN. */
  q?: string | undefined
  page: number
  pageSize: number
}

/** What the hub's officers see. */
export interface Board {
  /** @param today day in the zone of the hub, yyyy-mm-dd */
  dashboard(today: string): Promise<Dashboard>
  movements(query: BoardQuery, today: string): Promise<{ movements: BoardMovement[]; total: number }>
  /** Undefined when no copy speaks of it. */
  movement(mrn: string, today: string): Promise<BoardMovementDetail | undefined>
}

const measuredDays = 90
const dayMs = 86_400_000

type Row = Record<string, unknown>

export function boardOf(ports: HubPorts): Board {
  const { db, clock } = ports
  return {
    async dashboard(today) {
      const now = clock()
      const since = new Date(now.getTime() - measuredDays * dayMs)
      const [corridors, sums, members, [forwarded]] = await Promise.all([
        db.run<Row>(sql.corridors, [today, since]),
        db.run<Row>(sql.guaranteesInUse),
        membersOf(ports, now),
        db.run<Row>(sql.forwardedCounts),
      ])
      const guarantees = sums.map((row) => plain<GuaranteeFigures & { grn: string | null }>(row))
      return {
        at: now.toISOString(),
        since: since.toISOString(),
        corridors: corridors.map((row) => plain<CorridorFigures>(row)),
        guarantees: guarantees.filter(({ grn }) => grn === null).map(({ grn: _, ...sum }) => sum),
        largestGuarantees: guarantees.flatMap(({ guarantees: __, grn, ...line }) =>
          grn === null ? [] : [{ grn, ...line }],
        ),
        members,
        forwarded: plain<Dashboard['forwarded']>(forwarded ?? {}),
      }
    },
    async movements({ departure, destination, state, only, q, page, pageSize }, today) {
      const given = [departure, destination, state, only, q === undefined ? null : likeBeginning(q)]
      const values = [...given.map((value) => value ?? null), today]
      const [counted] = await db.run<{ total: number }>(sql.countMovements, values)
      const total = counted?.total ?? 0
      const before = (page - 1) * pageSize
      const after = Math.max(0, total - before - pageSize)
      const rows =
        before <= total / 2
          ? await db.run<Row>(sql.movements, [...values, pageSize, before])
          : await db.run<Row>(sql.movementsFromEnd, [...values, Math.max(0, total - before - after), after])
      const inOrder = before <= total / 2 ? rows : rows.toReversed()
      return { movements: inOrder.map(boardMovement), total }
    },
    async movement(mrn, today) {
      const [[row], copies] = await Promise.all([
        db.run<Row>(sql.movement, [mrn, today]),
        db.run<CopyRow>(sql.copiesOf, [mrn]),
      ])
      if (row === undefined) return undefined
      const guarantees = row['guarantees'] as BoardMovementDetail['guarantees']
      return { ...boardMovement(row), guarantees, copies: copies.map((copy) => boardCopy(ports, copy)) }
    },
  }
}

/** Members that have told nothing yet are there too, and those that have left. */
async function membersOf({ db, countries, members }: HubPorts, now: Date): Promise<MemberFigures[]> {
  const rows = await db.run<Row>(sql.members, [[...members], new Date(now.getTime() - dayMs)])
  return rows.map((row) => {
    const figures = plain<Omit<MemberFigures, 'country' | 'hasLeft'>>(row)
    return { ...figures, country: countries.get(figures.party) ?? '', hasLeft: !members.has(figures.party) }
  })
}

function boardMovement(row: Row): BoardMovement {
  const { guarantees: _, ...movement } = plain<BoardMovement & { guarantees?: unknown }>(row)
  return movement
}

function boardCopy(ports: HubPorts, row: CopyRow): BoardCopy {
  const { id, sender, messageType, messageId, recipient, time, elements } = keptCopy(ports, row)
  return {
    id,
    sender,
    messageType,
    messageId,
    recipient,
    saidAt: time,
    receivedAt: row.received_at.toISOString(),
    elements,
  }
}

/** A row as it is told: names in camel case, moments as texts. */
function plain<T>(row: Row): T {
  const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const text = (value: unknown) => (value instanceof Date ? value.toISOString() : value)
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), text(value)])) as T
}

/** A pattern of LIKE for what begins so. */
function likeBeginning(text: string): string {
  return `${text.toUpperCase().replace(/[\\%_]/g, '\\$&')}%`
}
