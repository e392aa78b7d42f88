import type { Tx } from '@corridor/database'
import { createHash } from 'node:crypto'
import { sql, type Context } from './context.ts'
import { ExchangeFault } from './faults.ts'
import type { LinkKind, Outgoing } from './model.ts'
import { keyColumns } from './repair/keys.ts'

/**
 * Writes what a decision owes to others, in the decision's transaction. Messages to partners leave after its commit; those to our own
 * offices are in the inbox with it; those to traders lie in their mailbox. Fault `exchange.unknown-partner`; a message id that was
 * used before is PostgreSQL's unique violation (23505).
 */
export async function enqueue(context: Context, tx: Tx, messages: readonly Outgoing[]): Promise<void> {
  if (messages.length === 0) return
  context.trials.get(tx)?.push(...messages)
  const links = messages.map((message) => linkOf(context, message))
  const column = <Name extends keyof Outgoing>(name: Name) => messages.map((message) => message[name] ?? null)
  const owed = tx.run(sql.enqueue, [
    column('messageId'),
    links,
    column('sender'),
    column('recipient'),
    column('conversation'),
    column('documentType'),
    column('refTo'),
    messages.map(({ messageId, payload }) => context.vault.seal('payload', messageId, payload)),
    messages.map(({ payload }) => createHash('sha256').update(payload).digest()),
    context.clock(),
    column('dueAt'),
    ...keysOf(context, messages),
  ])
  // Not waited for in between: both travel to the database together.
  const forMailboxes = messages.filter(({ link }) => link === 'mailbox')
  await Promise.all([owed, forMailboxes.length > 0 && context.onMailbox(tx, forMailboxes)])
}

/** What the messages can be found by: their ids, kinds and values. */
function keysOf({ keyDigest }: Context, messages: readonly Outgoing[]): [string[], string[], string[]] {
  const columns = messages.map(({ keys = [] }) => keyColumns(keyDigest, keys))
  return [
    columns.flatMap(({ kinds }, at) => kinds.map(() => messages[at]?.messageId ?? '')),
    columns.flatMap(({ kinds }) => kinds),
    columns.flatMap(({ values }) => values),
  ]
}

/** How a message goes. Fault `exchange.unknown-partner`. */
function linkOf({ partners, carried }: Context, { link, recipient }: Outgoing): LinkKind {
  if (link !== 'partner') return link
  if (partners.has(recipient)) return 'as4'
  if (carried.has(recipient)) return 'carried'
  throw new ExchangeFault('exchange.unknown-partner', recipient)
}
