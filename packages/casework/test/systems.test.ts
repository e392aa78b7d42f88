/** Outside systems of an administration: what they may send, who answers them where, and that nobody else reads it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { errorsOf, declaration, startNode, type TestNode } from './nodes.ts'

let al: TestNode

before(async () => {
  al = await startNode('al')
})
after(() => al.stop())

const typesFor = async (account: string): Promise<string[]> =>
  (await al.casework.mailbox(al.account(account), undefined, 100)).map(({ type }) => type)

test('a system cannot do what traders do: the refusal is in its own mailbox, and in no other', async () => {
  await al.post('export-system', declaration())
  const answer = await al.lastSent('CC906C')
  assert.deepEqual([answer.link, answer.recipient], ['mailbox', 'system:aes'])
  assert.match(errorsOf(answer.doc).join(), /14 N0007/)
  assert.deepEqual(await typesFor('export-system'), ['CC906C'])
  for (const other of ['central-system', 'adria', 'guarantor']) assert.deepEqual(await typesFor(other), [], other)
  const [item] = await al.casework.mailbox(al.account('export-system'), undefined, 1)
  assert.equal(await al.casework.mailboxMessage(al.account('adria'), item!.id), undefined)
  assert.ok(await al.casework.mailboxMessage(al.account('export-system'), item!.id))
  assert.deepEqual(await al.states(), [])
})

test('what a system cannot read is answered where it reads; what it refuses is noted and never answered', async () => {
  await al.post('central-system', 'no document')
  assert.deepEqual(await typesFor('central-system'), ['CC917C'])
  const sentBefore = (await al.sent()).length
  const refusal = Buffer.from(
    (await al.casework.mailboxMessage(al.account('export-system'), await firstOf('export-system')))!,
  )
  await al.post('export-system', refusal)
  assert.equal((await al.sent()).length, sentBefore)
  const [line] = await al.db.query<{ detail: { code: string } }>(
    `select detail from journal where kind = 'movement' order by id desc limit 1`,
  )
  assert.equal(line?.detail.code, 'partner-refused')
})

async function firstOf(account: string): Promise<string> {
  return (await al.casework.mailbox(al.account(account), undefined, 1))[0]!.id
}
