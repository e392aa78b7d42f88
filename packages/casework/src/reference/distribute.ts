/** Versions of our lists on their way to those who take them. */
import type { Tx } from '@corridor/database'
import { reference } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { answerOf, type OwnList } from './decide.ts'
import { referenceConversation, writeReferenceData } from './documents.ts'
import { messageTo } from './notes.ts'

/** A version that left for a party. */
export interface SentVersion {
  readonly list: string
  readonly party: string
  readonly version: number
  /** of an incremental one: the version it goes on from */
  readonly previous?: number
}

/**
 * Sends each subscriber the version in use of each list that this party owns, unless it has it or is still to answer for an earlier one:
 * whoever was away gets all that he missed at once. One transaction a list and party, so one that fails does not hold back another.
 * @throws AggregateError of what failed, after the others were sent
 */
export async function distributeDue(ports: CaseworkPorts): Promise<SentVersion[]> {
  const sent: SentVersion[] = []
  const faults: unknown[] = []
  for (const { list, party } of await reference.dueSubscriptions(ports.db, ports.directory.party))
    try {
      const left = await ports.db.transaction((tx) => sendDue(ports, tx, list, party))
      if (left !== undefined) sent.push(left)
    } catch (error) {
      faults.push(error)
    }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} versions of lists could not be sent`)
  return sent
}

/** Sends a subscriber what is due in the given transaction; undefined when nothing is, or another process sends it. */
export async function sendDue(
  ports: CaseworkPorts,
  tx: Tx,
  list: string,
  party: string,
): Promise<SentVersion | undefined> {
  const owner = ports.directory.party
  const due = await reference.lockDue(tx, owner, list, party)
  if (due === undefined) return undefined
  const { version, digest } = due
  const request = { list, request: 'catch-up', holds: { version, digest } } as const
  const answer = answerOf(request, owner, await ownListOf(tx, list), true)
  if (answer.send !== 'full' && answer.send !== 'incremental') return undefined
  return sendVersion(ports, tx, { list, party, ...answer })
}

/** A list as its owner has it; undefined when nobody declared it. */
export async function ownListOf(tx: Tx, list: string): Promise<OwnList | undefined> {
  const owner = await reference.ownerOf(tx, list)
  if (owner === undefined) return undefined
  const published = (await reference.versionsOf(tx, list))
    .filter(({ state }) => state === 'published')
    .map(({ number, digest }) => ({ version: number, digest }))
  return { published, ...(owner !== null && { owner }) }
}

/** Owes a party a published version, from one that it has or whole, in as many parts as it takes. */
export async function sendVersion(
  ports: CaseworkPorts,
  tx: Tx,
  { list, party, version, previous }: SentVersion,
): Promise<SentVersion> {
  const { directory, exchange } = ports
  const number = (await reference.versionsOf(tx, list)).find((each) => each.number === version)!
  const { added, removed } =
    previous === undefined
      ? { added: await Array.fromAsync(reference.exportList(tx, list, version)), removed: [] }
      : await reference.changesSince(tx, list, previous, version)
  const head = {
    list: { id: list, owner: directory.party },
    version,
    ...(previous !== undefined && { previous }),
    effective: number.effective,
    digest: number.digest,
  }
  const gone = removed.map(({ code, validFrom }) => ({ code, validFrom }))
  const parts = writeReferenceData(head, added, gone)
  await exchange.enqueue(
    tx,
    parts.map((payload) => messageTo(ports, party, list, 'ReferenceData', payload)),
  )
  await reference.noteSent(tx, list, party, version)
  await exchange.journal(tx, [
    {
      kind: 'reference.sent',
      conversation: referenceConversation(list),
      actor: directory.party,
      detail: { list, version, previous: previous ?? null, to: party, parts: parts.length, entries: added.length },
    },
  ])
  return { list, party, version, ...(previous !== undefined && { previous }) }
}
