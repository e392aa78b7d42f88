import type { ReconciliationOutcome, ReconciliationPort } from '@corridor/api'
import type { Directory } from '@corridor/casework'
import { connect, type Database, type Tx } from '@corridor/database'
import {
  differencesOf,
  type DifferenceView,
  type Exchange,
  type NotReconciled,
  type OnBehalf,
  type ReconciliationView,
  runOf,
  wantComparison,
  wantMending,
} from '@corridor/exchange'
import { type IdempotentRequest, rememberAnswer } from '@corridor/registry'
import { randomUUID } from 'node:crypto'
import { nodeClock } from './clock.ts'
import type { CorridorNode } from './config/corridor.ts'
import type { NodeSettings } from './settings.ts'

/** Comparisons with partners, for the HTTP contract. */
export function reconciliationPort(parts: {
  db: Database
  exchange: Exchange
  directory: Pick<Directory, 'nameOf'>
  clock: () => Date
}): ReconciliationPort {
  const { db, directory, clock } = parts
  const { reconciliation } = parts.exchange
  const named = (run: ReconciliationView) => ({ ...run, partnerName: directory.nameOf(run.partner) })
  const once = (
    key: IdempotentRequest,
    work: (tx: Tx) => Promise<{ kind: 'wanted'; number: number } | NotReconciled>,
  ) =>
    db.transaction(async (tx): Promise<ReconciliationOutcome> => {
      const remembered = await rememberAnswer(tx, key, clock(), async () => {
        const response = await work(tx)
        return { status: response.kind === 'wanted' ? 202 : 409, response }
      })
      return remembered.kind === 'key-reused' ? remembered : remembered.response
    })
  return {
    list: async (query) => (await reconciliation.list(query)).map(named),
    async one(number) {
      const run = await reconciliation.one(number)
      return run && named(run)
    },
    differences: reconciliation.differences,
    returned: reconciliation.returned,
    want: ({ id: actor }, wanted, key) => once(key, (tx) => reconciliation.want(tx, { ...wanted, actor })),
    mend: ({ id: actor }, { number, reason }, key) =>
      once(key, (tx) => reconciliation.mend(tx, number, { actor, reason })),
  }
}

/** Comparisons of a node as a command on its machine sees and wants them; the running node does them. */
export interface ReconciliationDesk {
  /** The day before, in UTC, by the node's clock. */
  yesterday(): string
  want(
    wanted: OnBehalf & { partner: string; day: string; repair: boolean },
  ): Promise<{ kind: 'wanted'; number: number } | NotReconciled>
  mend(number: number, behalf: OnBehalf): Promise<{ kind: 'wanted'; number: number } | NotReconciled>
  one(number: number): Promise<ReconciliationView | undefined>
  /** The one that looks after the repair of another. */
  follower(number: number): Promise<ReconciliationView | undefined>
  differences(number: number, after: DifferenceView | undefined, limit: number): Promise<DifferenceView[]>
}

/** Gives `work` the comparisons of a node on this machine. */
export async function withReconciliation<Answer>(
  settings: NodeSettings,
  { own, parties }: { own: CorridorNode; parties: readonly string[] },
  work: (desk: ReconciliationDesk) => Promise<Answer>,
): Promise<Answer> {
  const db = connect(settings.databaseUrl, { max: 1, applicationName: 'corridor reconcile' })
  const time = nodeClock(settings)
  const clock = () => time.now()
  const parts = {
    isPartner: (party: string) => parties.includes(party),
    clock,
    newId: () => `${randomUUID()}@${own.domain}`,
  }
  try {
    return await work({
      yesterday: () => new Date(clock().getTime() - 86_400_000).toISOString().slice(0, 10),
      want: (wanted) => db.transaction((tx) => wantComparison(parts, tx, wanted)),
      mend: (number, behalf) => db.transaction((tx) => wantMending(parts, tx, number, behalf)),
      one: (number) => runOf(db, number),
      follower: (number) => runOf(db, number, { follows: true }),
      differences: (number, after, limit) => differencesOf(db, number, { after, limit }),
    })
  } finally {
    await db.close()
  }
}
