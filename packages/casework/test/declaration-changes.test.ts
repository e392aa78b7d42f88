/** What comes of corrections: in the moment in which an import is tied, after it, with another importer, without the goods of an agency. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Block } from '@corridor/declarations'
import {
  changed,
  claim,
  completion,
  exportBlock,
  hand,
  inMailbox,
  journal,
  listed,
  lodge,
  owed,
  type Pair,
  pageOf,
  startPair,
} from './declaration-nodes.ts'
import { consignee, declarant, type TestNode } from './nodes.ts'

let pair: Pair | undefined
afterEach(async () => {
  if (pair) for (const node of [pair.al, pair.xk]) assert.deepEqual(await node.parked(), [], node.id)
  await pair?.stop()
  pair = undefined
})

const item = 'Declaration/GoodsShipment/GovernmentAgencyGoodsItem'
const place = 'Declaration/GoodsShipment/TradeTerms/LocationName'
const importer = 'Declaration/GoodsShipment/Consignee/ID'
const correction = (values: Record<string, string>) => exportBlock({ 'Declaration/FunctionCode': '5', ...values })

/** The import as the national system registers it, from the draft that is kept. */
async function registered(node: TestNode, values: Record<string, string> = {}): Promise<Block> {
  const [row] = await node.db.query<{ draft: Buffer }>('select draft from import_draft')
  const { UtilityBlock } = JSON.parse(row!.draft.toString()) as { UtilityBlock: Block }
  return changed(UtilityBlock, {
    ...completion,
    'Declaration/ID': 'I-77',
    'Declaration/AcceptanceDateTime': '2026-11-24T09:00:00',
    ...values,
  })
}

/** Comes back when so many transactions of a node wait for a lock. */
async function wait(node: TestNode, count: number): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  for (let round = 0; round < 400; round += 1) {
    if ((await node.db.query(waiting)).length >= count) return
    await pause(25)
  }
  assert.fail('nobody waits')
}

test('a correction of the export that comes while its import is corrected is not lost', async () => {
  const { al, xk, carry } = (pair = await startPair())
  await hand(al, exportBlock())
  await carry()
  assert.equal((await hand(xk, await registered(xk))).kind, 'accepted')
  await hand(al, correction({ [place]: 'Durrës' }))
  const [block] = (await owed(al, 0)).slice(-1)
  assert.equal(block?.type, 'UtilityBlock')
  const both: Promise<unknown>[] = []
  await xk.db.transaction(async (tx) => {
    await tx.query(`select 1 from declaration where side = 'partner-export' for update`)
    both.push(xk.take('UtilityBlock', block.payload, block))
    await wait(xk, 1)
    both.push(registered(xk, { [place]: 'Prizren' }).then((import_) => hand(xk, import_)))
    await wait(xk, 2)
  })
  await Promise.all(both)
  assert.deepEqual(await listed(xk, 'prizren'), ['import accepted 2', 'partner-export lodged 2'])
  const page = await pageOf(xk, 'prizren', 'partner-export')
  assert.equal(page.elements.find(({ path }) => path === place)?.exported, 'Durrës')
  assert.equal(page.draft?.isOutdated, true)
})

test('when an import is withdrawn, what came to the export meanwhile counts: the draft is begun anew, or has ended', async () => {
  for (const event of ['released', 'cancelled']) {
    const { al, xk, carry, stop } = (pair = await startPair())
    await hand(al, exportBlock())
    await carry()
    await hand(xk, await registered(xk))
    await hand(al, event === 'released' ? correction({ [place]: 'Durrës' }) : exportBlock(), { event })
    await carry()
    assert.deepEqual(await listed(xk, 'prizren'), ['import accepted 1', 'partner-export lodged 2'])
    await hand(xk, await registered(xk), { event: 'cancelled' })
    await carry()
    const state = event === 'released' ? 'draft' : 'withdrawn'
    assert.deepEqual(await listed(xk, 'prizren'), ['import withdrawn 2', `partner-export ${state} 2`])
    const page = await pageOf(xk, 'prizren', 'partner-export')
    const told = (await inMailbox(xk, consignee)).map(({ type }) => type)
    if (event === 'released') {
      assert.equal(page.draft?.version, 2)
      assert.equal(page.elements.find(({ path }) => path === place)?.draft, 'Durrës')
      assert.deepEqual(told, ['ImportDraft', 'ImportDraft'])
      assert.equal((await lodge(xk, 'sharr', { 'Declaration/FunctionalReferenceID': 'SHARR-2026-10' }, 2)).kind, 'done')
    } else {
      assert.deepEqual(told, ['ImportDraft', 'ImportDraftEnded'])
      assert.equal((await lodge(xk, 'sharr', {}, 1)).kind, 'conflict')
    }
    for (const node of [al, xk]) assert.deepEqual(await node.parked(), [])
    await stop()
    pair = undefined
  }
})

test('a correction that names another importer takes the draft from the one before, who is told so and nothing else', async () => {
  const { al, xk, carry } = (pair = await startPair({}, { traders: new Set([consignee, declarant]) }))
  await hand(al, exportBlock())
  await carry()
  assert.deepEqual(await listed(xk, 'sharr'), ['partner-export draft 1'])
  await hand(al, correction({ [importer]: declarant }))
  await carry()
  assert.deepEqual(await listed(xk, 'sharr'), [])
  assert.equal((await pageOf(xk, 'prizren', 'partner-export')).trader?.id, declarant)
  const [, ended, ...more] = await inMailbox(xk, consignee)
  assert.ok(ended)
  assert.deepEqual([ended.type, more], ['ImportDraftEnded', []])
  const { declaration: _, ...said } = ended.content as Record<string, unknown>
  const ucr = '6ALL12345678A-INV88123'
  assert.deepEqual(said, { ucr, export: '26ALDRS0004711', version: 2, why: 'another-importer' })
  assert.deepEqual(
    (await inMailbox(xk, declarant)).map(({ type }) => type),
    ['ImportDraft'],
  )
  assert.ok((await journal(xk)).includes('draft-importer-changed'))
})

test('whoever claimed a draft keeps it as long as the export names the same importer, and no longer', async () => {
  const { al, xk, carry } = (pair = await startPair({}, { traders: new Set() }))
  await hand(al, exportBlock())
  await carry()
  assert.equal((await claim(xk, 'sharr', '6ALL12345678A-INV88123')).kind, 'done')
  await hand(al, correction({ [place]: 'Durrës' }))
  await carry()
  assert.deepEqual(await listed(xk, 'sharr'), ['partner-export draft 2'])
  await hand(al, correction({ [importer]: declarant }))
  await carry()
  assert.deepEqual(await listed(xk, 'sharr'), [])
  const page = await pageOf(xk, 'prizren', 'partner-export')
  assert.deepEqual([page.state, page.trader, page.draft?.claimedAt], ['draft', null, null])
  assert.equal((await claim(xk, 'unauthorised', '6ALL12345678A-INV88123')).kind, 'done')
})

test('an importer is told that the export of his draft was withdrawn', async () => {
  const { al, xk, carry } = (pair = await startPair())
  await hand(al, exportBlock())
  await hand(al, exportBlock(), { event: 'cancelled' })
  await carry()
  const [, ended] = await inMailbox(xk, consignee)
  assert.deepEqual([ended?.type, (ended?.content as { why?: string })?.why], ['ImportDraftEnded', 'export-withdrawn'])
})

test('an agency is told when its goods leave a declaration, once, on both sides', async () => {
  const agencies = [{ participant: 'agency:food', commodities: ['2009'], elements: ['Declaration/Exporter/Name'] }]
  const { al, xk, carry } = (pair = await startPair({ agencies }, { agencies }))
  const code = `${item}[2]/Commodity/Classification[1]/ID`
  await hand(al, exportBlock())
  await hand(al, correction({ [code]: '20081999' }))
  await hand(al, correction({ [code]: '20081999', [place]: 'Durrës' }))
  await carry()
  for (const node of [al, xk]) {
    const [had, left, ...more] = (await inMailbox(node, 'agency:food')).map(({ content }) => content)
    assert.notEqual((had as { part: unknown }).part, null)
    assert.deepEqual(
      [left, more],
      [{ ...(had as object), event: 'part-withdrawn', part: null }, []],
      JSON.stringify([had, left]),
    )
    const codes = await journal(node)
    assert.equal(codes.filter((each) => each === 'part-withdrawn').length, 1)
  }
})

test('who declared the export sees that the import was lodged, registered, withdrawn, and nothing that is in it', async () => {
  const states = { agreements: new Map([['NTA.AL', { edition: '1.1', tells: 'import' as const }]]) }
  const { al, xk, carry } = (pair = await startPair({}, states))
  await hand(al, exportBlock())
  await carry()
  const account = { ...al.account('durres'), id: 'exporter', role: 'trader' as const, office: null, trader: declarant }
  const seen = async () => {
    const { id } = (await pageOf(al, 'durres', 'export')) ?? assert.fail('none')
    return (await al.casework.declarations!.view(account, id)) ?? assert.fail('not seen')
  }
  assert.equal((await seen()).abroad, null)
  await lodge(xk, 'sharr', { [place]: 'Prizren' })
  await carry()
  const lodged = await seen()
  assert.deepEqual(lodged.abroad, { state: 'lodged', day: '2026-11-24' })
  assert.ok(lodged.elements.every(({ imported }) => imported === null))
  assert.deepEqual(lodged.related, [])
  assert.equal((await hand(xk, await registered(xk))).kind, 'accepted')
  await carry()
  assert.equal((await seen()).abroad?.state, 'registered')
  await hand(xk, await registered(xk), { event: 'cancelled' })
  await carry()
  assert.equal((await seen()).abroad?.state, 'withdrawn')
})

test('a draft says which texts are to be typed, and what is not the importer’s to change', async () => {
  const { al, xk, carry } = (pair = await startPair())
  await hand(al, exportBlock())
  await carry()
  const { draft } = await pageOf(xk, 'sharr', 'partner-export')
  const paths = draft?.blanks.map(({ path }) => path) ?? []
  for (const path of Object.keys(completion)) assert.ok(paths.includes(path), path)
  assert.ok(draft?.fixed.includes('Declaration/GoodsShipment/UCR/ID'))
})
