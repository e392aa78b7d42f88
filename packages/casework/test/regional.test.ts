import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { copyReceiver, readCopy, readCopyTable } from '@corridor/hub'
import { readFileSync } from 'node:fs'
import { accessCode, declarant, declaration, directoryOf, law, released, startNode, type TestNode } from './nodes.ts'

/** The table of a corridor that has a hub. */
const table = readCopyTable(
  readFileSync(new URL('../../../corridors/cemac/copies.tsv', import.meta.url), 'utf8'),
  law.messages,
  'copies.tsv',
)
/** A partner that the test's exchange knows; that it is no hub matters to nobody here. */
const hub = 'NTA.XK'

let al: TestNode
before(async () => {
  al = await startNode('al', directoryOf('al'), { regional: [copyReceiver(hub, table)] })
})
after(() => al.stop())

interface Sent {
  document_type: string
  message_id: string
  conversation: string
  state: string
  payload: Uint8Array
}

async function outbox(): Promise<Sent[]> {
  const rows = await al.db.query<{ id: string }>('select id::text from outbox order by id')
  return Promise.all(
    rows.map(async ({ id }) => {
      const [row] = await al.db.query<Sent>('select * from outbox where id = $1', [id])
      const message = await al.exchange.message('out', id)
      return { ...(row as Sent), payload: message?.payload ?? new Uint8Array() }
    }),
  )
}

const copiesIn = (sent: Sent[]) =>
  sent
    .filter(({ document_type: type }) => type === 'RegionalCopy')
    .map(({ payload }) => {
      const copy = readCopy(table, payload)
      return 'refused' in copy ? assert.fail(copy.refused) : copy
    })

test('what is sent and what happens is copied to the hub with what was agreed, and nothing of a person or of goods', async () => {
  const { mrn } = await released(al)
  const sent = await outbox()
  const copies = copiesIn(sent)
  assert.deepEqual(copies.map(({ messageType }) => messageType).toSorted(), [
    'CD001C',
    'CD050C',
    'CD203C',
    'departure.accepted',
    'departure.released',
  ])
  for (const { sender, mrn: told } of copies) assert.deepEqual([sender, told], ['NTA.AL', mrn])
  const event = copies.find(({ messageType }) => messageType === 'departure.released')
  assert.deepEqual(Object.keys(event?.elements ?? {}).toSorted(), [
    'limitDate',
    'officeOfDeparture',
    'officeOfDestination',
    'officesOfTransit',
    'releaseDate',
  ])
  const texts = sent
    .filter(({ document_type: type }) => type === 'RegionalCopy')
    .map(({ payload }) => Buffer.from(payload).toString())
    .join('\n')
  const personal = [declarant, accessCode, ...namesAndGoods(Buffer.from(declaration()).toString())]
  assert.ok(personal.length > 8, 'the declaration has names, addresses and goods')
  for (const text of personal) assert.ok(!texts.includes(text), text)
})

test('a copy is in the outbox with its original, which does not wait for it', async () => {
  const sent = await outbox()
  const original = sent.find(({ document_type: type }) => type === 'CD001C')
  const copy = sent.find(({ message_id: id }) => id === original?.message_id.replace('@', '.copy@'))
  assert.equal(copy?.document_type, 'RegionalCopy')
  const times = await al.db.query<{ n: number }>(
    'select count(distinct tx)::int as n from journal where message_id = any ($1)',
    [[original?.message_id, copy?.message_id]],
  )
  assert.equal(times[0]?.n, 1, 'one transaction')
})

/** What stands in a declaration that nobody but its addressees should read. */
function namesAndGoods(xml: string): string[] {
  const names = [
    'name',
    'streetAndNumber',
    'city',
    'postcode',
    'descriptionOfGoods',
    'shippingMarks',
    'accessCode',
    'LRN',
  ]
  return names.flatMap((name) =>
    [...xml.matchAll(new RegExp(`<${name}>([^<]{3,})</${name}>`, 'g'))].map(([, value = '']) => value),
  )
}
