/** Builds that are broken on purpose: the production code as it is, over a database that lies to it. */
import { type Database, type Statement, statement, type Tx } from '@corridor/database'
import type { WorldOptions } from '../src/index.ts'

type Break = NonNullable<WorldOptions['wrapDatabase']>

const isNamed = ({ name }: Statement, stem: string): boolean => name.startsWith(`${stem}.`)

/** Runs `instead` for the statements of a file of this name. */
function replacing(
  db: Database,
  stem: string,
  instead: <Row>(tx: Tx, statement: Statement, values: readonly unknown[] | undefined) => Promise<Row[]>,
): Database {
  const over = (tx: Pick<Database, 'run' | 'query'>): Pick<Database, 'run' | 'query'> => ({
    query: (text, values) => tx.query(text, values),
    run: (one, values, settings) => (isNamed(one, stem) ? instead(tx, one, values) : tx.run(one, values, settings)),
  })
  return {
    ...db,
    ...over(db),
    transaction: (work, options) => db.transaction((tx) => work(over(tx)), options),
    session: (work) => db.session((connection) => work(over(connection))),
  }
}

/** A message from a partner is said to be taken on, and gets its receipt; it is written down with the statement after it. */
export const receiptBeforeCommit: Break = (db) => {
  let owed: (() => Promise<unknown>) | undefined
  const pay = async (): Promise<void> => {
    const last = owed
    owed = undefined
    await last?.()
  }
  const lying = replacing(db, 'accept', async <Row>(tx: Tx, one: Statement, values: readonly unknown[] | undefined) => {
    await pay()
    const [senders, , links] = values as [string[], string[], string[]]
    if (links[0] !== 'as4') return tx.run<Row>(one, values)
    owed = () => db.run(one, values)
    const taken = { id: '0', outcome: 'taken', receipt: null, receipt_content_type: null }
    return senders.map((_, n) => ({ place: n + 1, ...taken })) as Row[]
  })
  return {
    ...lying,
    transaction: async (work, options) => {
      await pay()
      return lying.transaction(work, options)
    },
  }
}

/** A message that is there already is written down once more. */
export const duplicateNotDetected: Break = (db) =>
  replacing(db, 'accept', async (tx, one, values) => {
    const text = one.text
      .replace('on conflict (sender, message_id) do nothing', '')
      .replace('where sender = given.sender and message_id = given.message_id limit 1', 'where false limit 1')
    return tx.run(statement('accept-broken', text), values)
  })

/** What is needed for it: nothing in the table says no. */
export const withoutUniqueMessages = 'alter table inbox drop constraint inbox_sender_message_id_key'

/** What a movement has locked is given back twice. */
export const ledgerCreditTwice: Break = (db) =>
  replacing(db, 'close', async (tx, one, values) => {
    const text = one.text
      .replace(
        "and state <> 'closed' and state = case $3 when 'liberation' then 'liable' else 'locked' end and not exists (select from known)",
        '',
      )
      .replace('select id, amount, state from', "select id, amount, 'locked'::text as state from")
    await tx.run(one, values)
    return tx.run(statement('close-broken', text), values)
  })

/** What is needed for it: nothing in the table says no. */
export const withoutUniqueEntries = 'drop index guarantee_transaction_once'
