/** Outside systems of an administration: what they may send, who answers them where, and that nobody else reads it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { text } from '@corridor/procedures'
import { corridorXml, declaration, errorsOf, put, startNode, type TestNode } from './nodes.ts'

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

const exported = (xml = declaration()): string =>
  xml.replace(
    /(<HouseConsignment>[\s\S]*?)(<ConsignmentItem>)/,
    '$1<PreviousDocument><sequenceNumber>1</sequenceNumber><type>N830</type><referenceNumber>26AL000101EXP001A7</referenceNumber></PreviousDocument>$2',
  )

const answerFor = (mrn: string): string => corridorXml('export-answer', { mrn })

test('the answer of the export system is taken from it alone: not from a trader, nor from another system', async () => {
  await al.post('adria', exported())
  const { doc } = await al.lastSent('CC190C')
  const mrn = text(doc, 'TransitOperation.MRN') ?? ''
  assert.equal(text(doc, 'messageRecipient'), 'AES.AL')
  assert.deepEqual(await al.states(), ['departure awaiting-export'])
  const view = await al.view('durres', mrn)
  assert.deepEqual(view?.waitingFor, { party: 'Stand-in for the export system', code: 'aes' })
  for (const stranger of ['adria', 'central-system', 'guarantor']) {
    await al.post(stranger, answerFor(mrn))
    assert.match(errorsOf((await al.lastSent('CC906C')).doc).join(), /14 N0090/, stranger)
    assert.equal((await typesFor(stranger)).at(-1), 'CC906C')
  }
  assert.deepEqual(await al.states(), ['departure awaiting-export'])
  await al.post('export-system', put(answerFor(mrn), 'globalValidationResponse', '0'))
  assert.deepEqual(await al.states(), ['departure export-refused'])
  const rows = (await al.view('durres', mrn))?.messages.filter(({ type }) => type.startsWith('CC19')) ?? []
  assert.deepEqual(
    rows.map(({ type, from, to }) => [type, from.name, to.name]),
    [
      ['CC190C', 'Durrës Port', 'Stand-in for the export system'],
      ['CC191C', 'Adria Spedicion Shpk', 'Durrës Port'],
      ['CC191C', 'Stand-in for the export system', 'Durrës Port'],
    ],
  )
  assert.deepEqual(await al.parked(), [])
})

async function firstOf(account: string): Promise<string> {
  return (await al.casework.mailbox(al.account(account), undefined, 1))[0]!.id
}
