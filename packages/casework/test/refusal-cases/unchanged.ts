/** Whether anything has changed at a node, and what it sent meanwhile. */
import assert from 'node:assert/strict'
import { text } from '@corridor/procedures'
import { errorsOf, type SentDocument, type TestNode } from '../nodes.ts'

/** Guarantees whose balances are not those of their entries. */
export const unbalanced = (al: TestNode) =>
  al.db.query(
    `select grn from guarantee where locked < 0 or available < 0 or liable < 0 or available + locked + liable <> reference_amount`,
  )

/** What may change when a document takes effect. */
const everything = async (nodes: TestNode[]): Promise<unknown[]> =>
  Promise.all(
    nodes.map((node) =>
      node.db.query(
        `select (select jsonb_agg(jsonb_build_array(id, state, version, data) order by id) from movement) as movements,
          (select jsonb_agg(jsonb_build_array(grn, available, locked, liable) order by grn) from guarantee) as guarantees,
          (select jsonb_agg(jsonb_build_array(movement, timer, due, paused_at) order by movement, timer) from movement_timer) as timers,
          (select count(*) from guarantee_transaction) as entries`,
      ),
    ),
  )

/** Does something that must change nothing at either node. @returns the documents that were sent meanwhile, by both */
export async function nothingChanges(
  nodes: TestNode[],
  work: () => Promise<unknown>,
): Promise<{ type: string; recipient: string; errors: string[] }[]> {
  const last = await Promise.all(nodes.map(async (node) => (await node.sent()).at(-1)?.id ?? 0))
  const before = await everything(nodes)
  await work()
  await Promise.all(nodes.map((node) => node.settle()))
  assert.deepEqual(await everything(nodes), before)
  const sent = await Promise.all(nodes.map((node, at) => node.sent(last[at])))
  return sent.flat().map(({ type, recipient, doc }) => ({ type, recipient, errors: errorsOf(doc) }))
}

/** How many messages have come to each node. */
export const messagesCome = (nodes: TestNode[]) =>
  Promise.all(nodes.map(({ db }) => db.query('select count(*)::int as messages from inbox')))

/** What a node has had of its partner comes to it once more: under the ids that it had, or under new ones. */
export async function takeAgain(node: TestNode, sent: SentDocument[], underItsIds: boolean): Promise<void> {
  for (const { type, payload, doc, messageId } of sent) {
    const conversation = text(doc, 'TransitOperation.MRN') ?? ''
    await node.take(type, payload, underItsIds ? { conversation, messageId } : { conversation })
  }
}
