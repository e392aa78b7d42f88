import type { RunningCorridor } from '@corridor/node'
import type { Client, MovementPage } from './client.ts'
import type { Story } from './story.ts'

/** What a played story came to. */
export interface Summary {
  ok: boolean
  movements: number
  messages: number
  receipts: number
  discharged: number
  guaranteesReleased: number
  failures: string[]
}

/** How an account's client is had. */
export type ClientOf = (node: string, account: string) => Promise<Client>

/** A movement as every officer of every node that is there sees it, by account. */
export async function pagesOf(
  mrn: string,
  nodes: RunningCorridor['nodes'],
  away: ReadonlySet<string>,
  client: ClientOf,
): Promise<Map<string, MovementPage>> {
  const officers = nodes
    .filter(({ node }) => !away.has(node.id))
    .flatMap(({ node }) => node.accounts.map(({ id, office }) => ({ node: node.id, id, office })))
    .filter(({ office }) => office !== null)
  const asked = officers.map(async ({ node, id }) => [id, await (await client(node, id)).movement(mrn)] as const)
  const pages = new Map<string, MovementPage>()
  for (const [id, page] of await Promise.all(asked)) if (page !== undefined) pages.set(id, page)
  return pages
}

/**
 * Adds up what was played, and checks that nothing was doubled and that guarantees are free again.
 * @param promised how many of the movements the story promises to be discharged
 * @param repeated how often a document may be made for a movement, where that is more than once
 * @param isGuaranteed whether guarantees are held for the movements: a discharge gives one back
 */
export function summaryOf(
  movements: { mrn: string; pages: Map<string, MovementPage> }[],
  promised: number,
  failures: string[],
  repeated: ReadonlyMap<string, number> = new Map(),
  isGuaranteed = true,
): Summary {
  const summary: Summary = {
    ok: false,
    movements: movements.length,
    messages: 0,
    receipts: 0,
    discharged: 0,
    guaranteesReleased: 0,
    failures,
  }
  for (const { mrn, pages } of movements) {
    const rows = [...pages.values()].flatMap(({ messages }) => messages)
    const sent = rows.filter(({ direction }) => direction === 'out')
    const types = new Map(sent.map(({ messageId, type }) => [messageId, type]))
    const receipted = sent.filter((row) => row.receiptMs !== null && isBetweenNodes(row.type))
    summary.messages += new Set(rows.map(({ messageId }) => messageId)).size
    summary.receipts += new Set(receipted.map(({ messageId }) => messageId)).size
    for (const [type, same] of Map.groupBy(types.values(), (each) => each))
      if (same.length > (repeated.get(type) ?? 1)) failures.push(`${type} was made ${same.length} times for ${mrn}`)
    for (const { status, guarantees } of pages.values()) {
      if (status.code !== 'written-off') continue
      summary.discharged += 1
      summary.guaranteesReleased += guarantees.filter(({ state }) => state === 'released').length
    }
  }
  const givenBack = isGuaranteed ? promised : 0
  summary.ok = failures.length === 0 && summary.discharged >= promised && summary.guaranteesReleased >= givenBack
  return summary
}

/** Documents of the common domain that leave the administration; those with an office of guarantee of one's own do not. */
export function isBetweenNodes(type: string): boolean {
  return type.startsWith('CD') && !type.startsWith('CD2')
}

/** How often a story expects each document. */
export function expectedTimes({ steps }: Story): Map<string, number> {
  const types = steps.flatMap(({ expect }) => [
    ...expect.documents,
    ...expect.mailboxes.map(({ type }) => type),
    ...(expect.refused === null ? [] : [expect.refused.by]),
  ])
  return new Map([...Map.groupBy(types, (type) => type)].map(([type, same]) => [type, same.length]))
}
