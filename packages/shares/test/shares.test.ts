/** Shares between administrations over a store in a cloud. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Block } from '@corridor/declarations'
import {
  bw as bwParty,
  na as naParty,
  stores,
  type TestStore,
  za as zaParty,
} from '../../carriers/test/object-store/stores.ts'
import { exampleExport } from '../../declarations/test/example.ts'
import { blocks } from '../../declarations/test/tables.ts'
import { writeShare } from '../src/documents.ts'
import type { ContractDraft, RefusalCode, ShareContract } from '../src/index.ts'
import { settle, type ShareNode, startNodes, time } from './nodes.ts'

const dayMs = 86_400_000
const at = (days: number): string => new Date(Date.now() + time.aheadMs + days * dayMs).toISOString()
/** What an import declaration begins with, and no trader's address. */
const elements = [
  ...blocks.elements
    .filter(({ path }) => !path.includes('/'))
    .flatMap(({ path, format }) => (format === '' ? [] : [path])),
  'Declaration/FunctionCode',
  'Declaration/FunctionalReferenceID',
  'Declaration/ID',
  'Declaration/TypeCode',
  'Declaration/GoodsItemQuantity',
  'Declaration/DeclarationOfficeID',
  'Declaration/Declarant',
  'Declaration/Exporter/Name',
  'Declaration/Exporter/ID',
  'Declaration/GoodsShipment/Consignee/Name',
  'Declaration/GoodsShipment/Consignee/ID',
  'Declaration/GoodsShipment/Destination',
  'Declaration/GoodsShipment/ExportCountry',
  'Declaration/GoodsShipment/GovernmentAgencyGoodsItem',
  'Declaration/GoodsShipment/UCR',
]
const draft = (change: Partial<ContractDraft> = {}): ContractDraft => ({
  reader: zaParty,
  purpose: 'Import declarations begin from export declarations',
  legalBasis: 'Memorandum of understanding, article 4 (illustrative)',
  edition: '1.1',
  elements,
  from: at(-1),
  to: at(90),
  retentionDays: 30,
  ...change,
})
const subject = '6SZ200300400-MFC88123'

for (const [name, made] of Object.entries(stores)) {
  const found = await made()
  describe(name, { skip: 'none' in found ? found.none : false }, () => {
    if ('none' in found) return
    let store: TestStore
    let bw: ShareNode, na: ShareNode, za: ShareNode
    before(async () => {
      store = await found.make()
      ;({ bw, na, za } = await startNodes(store))
    })
    afterEach(() => {
      for (const each of [bw, na, za]) assert.deepEqual(each.other, [])
      time.aheadMs = 0
    })
    after(async () => {
      for (const each of [bw, na, za]) await each.end()
      await store.drop()
    })

    async function offered(change: Partial<ContractDraft> = {}): Promise<ShareContract> {
      const outcome = await bw.shares.offer(draft(change), 'lerato')
      assert.equal(outcome.kind, 'offered', JSON.stringify(outcome))
      await settle(bw, za)
      return (outcome as { contract: ShareContract }).contract
    }
    const known = async (node: ShareNode, { id, version }: ShareContract) =>
      (await node.shares.contracts(1_000)).find((each) => each.id === id && each.version === version)
    async function accepted(change: Partial<ContractDraft> = {}): Promise<ShareContract> {
      const contract = await offered(change)
      const { owner, id, version } = contract
      const { digest } = (await known(za, contract))!
      const answer = await za.shares.answer({ owner, id, version, digest, answer: 'accepted' }, 'thabo')
      assert.equal(answer.kind, 'answered', JSON.stringify(answer))
      await settle(bw, za)
      return contract
    }
    /** So that the next test begins without a contract in force. */
    async function withdrawAll(): Promise<void> {
      for (const { id, state, owner } of await bw.shares.contracts(1_000))
        if (state === 'accepted' || state === 'offered')
          await bw.shares.withdraw({ owner, id, reason: 'end of the test' }, 'test')
      await settle(bw, za, na)
    }
    const upload = (block: Block = exampleExport()) =>
      bw.db.transaction((tx) => bw.shares.upload(tx, { reader: zaParty, block, subject }, 'national system'))
    async function uploaded(): Promise<string> {
      const outcome = await upload()
      assert.equal(outcome.kind, 'uploaded', JSON.stringify(outcome))
      return (outcome as { items: { item: string }[] }).items[0]!.item
    }
    const refusedAs = (outcome: { kind: string; code?: string }, code: RefusalCode) =>
      assert.deepEqual([outcome.kind, outcome.code], ['refused', code])
    const refusals = async (node: ShareNode): Promise<unknown[]> =>
      (
        await node.db.query<{ code: string }>(
          "select detail ->> 'code' as code from journal where kind = 'share.refused' order by id desc limit 3",
        )
      ).map(({ code }) => code)
    /** As the node of a party that is not held by its own program would send it. */
    async function send(
      from: ShareNode,
      to: string,
      type: Parameters<typeof writeShare>[0],
      said: object,
      block?: Uint8Array,
    ) {
      const messageId = `${Math.random().toString(36).slice(2)}@forged.test`
      await from.exchange.enqueue(from.db, [
        {
          messageId,
          link: 'partner',
          sender: from.party,
          recipient: to,
          conversation: messageId,
          documentType: type,
          payload: writeShare(type, said as never, block),
        },
      ])
      await settle(bw, na, za)
      return messageId
    }

    test('a contract is made, accepted; a declaration is shared, read, and the owner sees the reading', async () => {
      const contract = await accepted()
      for (const node of [bw, za]) assert.equal((await known(node, contract))?.state, 'accepted')
      assert.deepEqual((await known(za, contract))?.contract, contract)
      const item = await uploaded()
      await settle(bw, za)
      const shown = await za.shares.read({ owner: bwParty, item }, 'thabo')
      assert.ok(shown.kind === 'shown')
      const text = JSON.stringify(shown.block)
      assert.ok(text.includes('Malkerns Fruit Canners') && text.includes('20082000'))
      for (const kept of ['3 Pineapple Road', '48200.50', 'JSD 117 AM', 'CSQU3054383', 'MFC 88123'])
        assert.equal(text.includes(kept), kept === 'MFC 88123', `${kept} left the owner`)
      await za.shares.read({ owner: bwParty, item }, 'naledi')
      await settle(bw, za)
      for (const node of [bw, za]) {
        const readings = await node.shares.readings({ owner: bwParty, id: contract.id }, 10)
        assert.deepEqual(readings.map(({ who }) => who).toSorted(), ['naledi', 'thabo'])
        assert.deepEqual([...new Set(readings.map((each) => each.subject))], [subject])
      }
      const [signed] = await bw.db.query(
        "select count(*)::int as n from inbox join share_reading using (message_id) where document_type = 'ShareReading' and raw <> '' and receipt is not null",
      )
      assert.deepEqual(signed, { n: 2 }, 'the owner keeps each reading as the reader’s node signed it')
      assert.deepEqual(await bw.kinds(), [
        'share.offered',
        'share.accepted',
        'share.uploaded',
        'share.read',
        'share.read',
      ])
      const [left] = await za.db.query(
        "select length(payload) as payload, length(raw) as raw from inbox where document_type = 'SharedBlock'",
      )
      assert.deepEqual(left, { payload: 0, raw: 0 }, 'the data are kept in one place')
      await withdrawAll()
    })

    test('only the elements of the contract are ever uploaded, whatever the block says', async () => {
      await accepted()
      const outcome = await upload({ ...exampleExport(), Unheard: { Of: 'secret' }, WCOTypeName: 'DEC' })
      assert.equal(outcome.kind, 'uploaded')
      const [row] = await bw.db.query<{ message_id: string; payload: Buffer }>(
        "select message_id, payload from outbox where document_type = 'SharedBlock' and length(payload) > 0 order by id desc limit 1",
      )
      const { vaultOf } = await import('../../exchange/test/nodes.ts')
      const bytes = vaultOf(bwParty).open('payload', row!.message_id, row!.payload).toString()
      assert.equal(/secret|Pineapple Road|48200/.test(bytes), false)
      assert.ok(bytes.includes('20082000'))
      await withdrawAll()
    })

    test('withdrawn by the owner: nothing more goes, what lies there is deleted, the reader says so and shows it no more', async () => {
      const contract = await accepted()
      const item = await uploaded()
      await settle(bw, za)
      const lying = await uploaded()
      while (await bw.steps.send());
      const lay = (await store.operator.list(`to/${zaParty}/${bwParty}/`, 10)).objects
      assert.equal(lay.length, 1, 'the second one lies in the store')
      const { owner, id } = contract
      refusedAs(await bw.shares.withdraw({ owner, id, reason: ' ' }, 'lerato'), 'text-missing')
      assert.equal((await bw.shares.withdraw({ owner, id, reason: 'agreement suspended' }, 'lerato')).kind, 'withdrawn')
      assert.deepEqual((await store.operator.list(`to/${zaParty}/${bwParty}/`, 10)).objects, [])
      refusedAs(await upload(), 'not-accepted')
      await settle(bw, za)
      const atReader = await known(za, contract)
      assert.deepEqual(
        [atReader?.state, atReader?.endedBy, atReader?.reason],
        ['withdrawn', bwParty, 'agreement suspended'],
      )
      for (const each of [item, lying])
        refusedAs(await za.shares.read({ owner, item: each }, 'thabo'), each === item ? 'withdrawn' : 'unknown-item')
      const rows = await za.db.query('select block from share_item where contract_id = $1', [id])
      assert.deepEqual(rows, [{ block: null }], 'the data are gone')
      const sent = await bw.db.query(
        'select state, length(payload) as payload, length(sealed) as sealed from outbox where message_id = any ($1) order by id',
        [[item, lying]],
      )
      assert.deepEqual(sent, [
        { state: 'receipted', payload: 0, sealed: 0 },
        { state: 'parked', payload: 0, sealed: 0 },
      ])
      refusedAs(await bw.shares.withdraw({ owner, id, reason: 'again' }, 'lerato'), 'withdrawn')
    })

    test('withdrawn by the reader: the owner uploads no more and takes back what lies there', async () => {
      const contract = await accepted()
      await uploaded()
      while (await bw.steps.send());
      const { owner, id } = contract
      assert.equal((await za.shares.withdraw({ owner, id, reason: 'no need any more' }, 'thabo')).kind, 'withdrawn')
      // The reader's node takes what lies there, refuses it, and keeps nothing of it.
      await settle(za, bw)
      assert.equal((await known(bw, contract))?.state, 'withdrawn')
      assert.equal((await known(bw, contract))?.endedBy, zaParty)
      refusedAs(await upload(), 'not-accepted')
      assert.deepEqual(await za.db.query('select * from share_item where contract_id = $1', [id]), [])
      assert.ok((await refusals(za)).includes('withdrawn'))
      const [kept] = await za.db.query<{ n: number }>(
        "select count(*)::int as n from inbox where document_type = 'SharedBlock' and length(payload) > 0",
      )
      assert.equal(kept?.n, 0)
    })

    test('what was on its way when the contract ended is taken back by the sweep', async () => {
      const contract = await accepted()
      const item = await uploaded()
      const { owner, id } = contract
      await store.stop()
      assert.equal((await bw.shares.withdraw({ owner, id, reason: 'store is away' }, 'lerato')).kind, 'withdrawn')
      time.aheadMs += 61_000
      await bw.db.query('update outbox set sealed_references = $2 where message_id = $1', [
        item,
        JSON.stringify([{ objectId: item, digest: 'x', expiresAt: at(30) }]),
      ])
      await assert.rejects(bw.shares.sweep(), { code: 'store.unreachable' })
      await store.start()
      const { keyOf, metadataOf } = await import('../../carriers/src/object-store/layout.ts')
      const late = {
        id: item,
        sender: bwParty,
        addressee: zaParty,
        kind: 'message' as const,
        expiresAt: new Date(),
        bytes: Buffer.from('x'),
      }
      await store.operator.putNew(keyOf(late), late.bytes, metadataOf(late))
      await bw.shares.sweep()
      assert.equal(await store.operator.get(keyOf(late), 10), undefined)
      await settle(bw, za)
      assert.equal((await known(za, contract))?.state, 'withdrawn')
    })

    test('the period ends, and each object’s retention: what was shared is deleted on time, on both sides', async () => {
      const contract = await accepted({ retentionDays: 5, to: at(20) })
      const item = await uploaded()
      await settle(bw, za)
      time.aheadMs += 5 * dayMs + 1_000
      refusedAs(await za.shares.read({ owner: bwParty, item }, 'thabo'), 'retention-over')
      await za.shares.sweep()
      assert.deepEqual(await za.db.query('select block, end_reason from share_item where item = $1', [item]), [
        { block: null, end_reason: 'retention' },
      ])
      const later = await uploaded()
      await settle(bw, za)
      assert.equal((await za.shares.read({ owner: bwParty, item: later }, 'thabo')).kind, 'shown')
      time.aheadMs += 15 * dayMs
      refusedAs(await za.shares.read({ owner: bwParty, item: later }, 'thabo'), 'expired')
      refusedAs(await upload(), 'not-accepted')
      for (const node of [bw, za]) {
        await node.shares.sweep()
        assert.equal((await known(node, contract))?.state, 'ended')
      }
      assert.deepEqual(await za.db.query('select block from share_item where item = $1', [later]), [{ block: null }])
      await settle(bw, za)
    })

    test('a new version takes the place of the one before when it is accepted, and not earlier', async () => {
      const first = await accepted()
      const item = await uploaded()
      await settle(bw, za)
      const second = await offered({
        replaces: first.id,
        elements: elements.filter((each) => !each.includes('Consignee')),
      })
      assert.equal(second.version, 2)
      assert.equal((await known(bw, first))?.state, 'accepted')
      const { digest } = (await known(za, second))!
      const { owner, id, version } = second
      refusedAs(
        await za.shares.answer({ owner, id, version, digest: '0'.repeat(64), answer: 'accepted' }, 'x'),
        'contract-changed',
      )
      await za.shares.answer({ owner, id, version, digest, answer: 'accepted' }, 'thabo')
      await settle(bw, za)
      for (const node of [bw, za]) assert.equal((await known(node, first))?.state, 'replaced')
      assert.equal(
        (await za.shares.read({ owner, item }, 'thabo')).kind,
        'shown',
        'what was shared before stays until its time',
      )
      const next = await uploaded()
      await settle(bw, za)
      const shown = await za.shares.read({ owner, item: next }, 'thabo')
      assert.ok(shown.kind === 'shown')
      assert.equal(JSON.stringify(shown.block).includes('Nelspruit Grocers'), false)
      await withdrawAll()
      refusedAs(await za.shares.read({ owner, item }, 'thabo'), 'withdrawn')
    })

    test('a contract that is declined covers nothing', async () => {
      const contract = await offered()
      const { owner, id, version } = contract
      const { digest } = (await known(za, contract))!
      refusedAs(await upload(), 'not-accepted')
      await za.shares.answer({ owner, id, version, digest, answer: 'declined', reason: 'purpose too wide' }, 'thabo')
      await settle(bw, za)
      assert.deepEqual(
        [(await known(bw, contract))?.state, (await known(bw, contract))?.reason],
        ['declined', 'purpose too wide'],
      )
      refusedAs(await upload(), 'not-accepted')
      refusedAs(await za.shares.answer({ owner, id, version, digest, answer: 'accepted' }, 'thabo'), 'declined')
    })

    test('what a draft has wrongly is named', async () => {
      const tries: [Partial<ContractDraft>, RefusalCode][] = [
        [{ reader: 'NTA.XX' }, 'not-partner'],
        [{ purpose: '' }, 'text-missing'],
        [{ legalBasis: 'a\u202eb' }, 'text-missing'],
        [{ edition: '9.9' }, 'elements-unknown'],
        [{ elements: [...elements, 'Declaration/Nobody'] }, 'elements-unknown'],
        [{ elements: ['Declaration/ID'] }, 'elements-missing'],
        [{ from: at(2), to: at(1) }, 'period-wrong'],
        [{ to: at(-0.5) }, 'period-wrong'],
        [{ to: 'tomorrow' }, 'period-wrong'],
        [{ to: at(4_000) }, 'period-wrong'],
        [{ retentionDays: 0 }, 'retention-wrong'],
        [{ retentionDays: 1.5 }, 'retention-wrong'],
        [{ replaces: 'nothing' }, 'unknown-contract'],
      ]
      for (const [change, code] of tries) refusedAs(await bw.shares.offer(draft(change), 'lerato'), code)
      refusedAs(await upload(), 'not-accepted')
      const incomplete = exampleExport()
      delete (incomplete['Declaration'] as Block)['TypeCode']
      await accepted()
      refusedAs(await upload(incomplete), 'block-wrong')
      await withdrawAll()
    })

    test('replay of a withdrawn contract, another under its id, an older version: refused and journalled', async () => {
      const contract = await accepted()
      const { owner, id } = contract
      await bw.shares.withdraw({ owner, id, reason: 'over' }, 'lerato')
      await settle(bw, za)
      for (const again of [contract, { ...contract, version: 2 }]) {
        await send(bw, zaParty, 'ShareContract', { contract: again })
        assert.equal((await refusals(za))[0], 'withdrawn')
        assert.equal((await known(za, contract))?.state, 'withdrawn')
      }
      assert.ok((await bw.kinds()).includes('share.refusal'), 'the owner is told')
      const live = await accepted()
      await send(bw, zaParty, 'ShareContract', { contract: { ...live, retentionDays: 3_000 } })
      assert.equal((await refusals(za))[0], 'contract-changed')
      const second = await offered({ replaces: live.id })
      await za.db.query('delete from share_contract where id = $1 and version = 1', [live.id])
      await send(bw, zaParty, 'ShareContract', { contract: live })
      assert.equal((await refusals(za))[0], 'older-version')
      assert.equal((await known(za, second))?.state, 'offered')
      await withdrawAll()
    })

    test('a contract of somebody else’s data, for another reader, or that nobody here would make: refused', async () => {
      const contract = await offered()
      await send(na, zaParty, 'ShareContract', { contract: { ...contract, id: 'x1' } })
      assert.equal((await refusals(za))[0], 'not-owner')
      await send(bw, zaParty, 'ShareContract', { contract: { ...contract, id: 'x2', reader: naParty } })
      assert.equal((await refusals(za))[0], 'not-reader')
      await send(bw, zaParty, 'ShareContract', { contract: { ...contract, id: 'x3', elements: ['Declaration/ID'] } })
      assert.equal((await refusals(za))[0], 'elements-missing')
      await send(bw, zaParty, 'ShareContract', { contract: { ...contract, id: 'x4', to: at(-1), from: at(-2) } })
      assert.equal((await refusals(za))[0], 'period-wrong')
      await send(bw, zaParty, 'ShareContract', { contract: 'none' })
      assert.equal((await refusals(za))[0], 'unreadable')
      const { owner, id, version } = contract
      const { digest } = (await known(za, contract))!
      await send(na, bwParty, 'ShareAnswer', { owner, id, version, digest, answer: 'accepted', reason: '' })
      assert.equal((await refusals(bw))[0], 'not-reader')
      assert.equal((await known(bw, contract))?.state, 'offered')
      await send(na, bwParty, 'ShareWithdrawal', { owner, id, version, reason: 'not mine' })
      assert.equal((await refusals(bw))[0], 'unknown-contract')
      assert.equal((await known(bw, contract))?.state, 'offered')
      await withdrawAll()
    })

    test('data without a contract, beyond it, before or after its period, under another’s: refused, and nothing is kept', async () => {
      const contract = await accepted()
      const { owner, id, version } = contract
      const full = blocks.write(exampleExport())
      const said = { owner, id, version, item: 'i1', subject, sharedAt: at(0) }
      const tries: [ShareNode, object, Uint8Array, RefusalCode][] = [
        [bw, said, full, 'beyond-contract'],
        [bw, { ...said, id: 'nothing' }, full, 'unknown-contract'],
        [bw, { ...said, version: 7 }, full, 'unknown-contract'],
        [bw, said, Buffer.from('{}'), 'block-wrong'],
        [na, said, full, 'not-owner'],
        [na, { ...said, owner: naParty }, full, 'unknown-contract'],
      ]
      for (const [from, words, block, code] of tries) {
        await send(from, zaParty, 'SharedBlock', words, block)
        assert.equal((await refusals(za))[0], code)
      }
      const early = await accepted({ from: at(10) })
      await send(bw, zaParty, 'SharedBlock', { ...said, id: early.id }, full)
      assert.equal((await refusals(za))[0], 'not-yet')
      time.aheadMs += 91 * dayMs
      await send(bw, zaParty, 'SharedBlock', said, full)
      assert.equal((await refusals(za))[0], 'expired')
      assert.deepEqual(await za.db.query("select * from share_item where item = 'i1'"), [])
      assert.deepEqual(
        await za.db.query("select * from inbox where document_type = 'SharedBlock' and length(payload) > 0"),
        [],
      )
      time.aheadMs = 0
      await withdrawAll()
    })

    test('a reading of what is not theirs: at the reader’s node unknown, at the owner’s refused', async () => {
      const contract = await accepted()
      const item = await uploaded()
      await settle(bw, za)
      refusedAs(await na.shares.read({ owner: bwParty, item }, 'stranger'), 'unknown-item')
      refusedAs(await za.shares.read({ owner: naParty, item }, 'thabo'), 'unknown-item')
      refusedAs(await bw.shares.read({ owner: bwParty, item }, 'lerato'), 'not-reader')
      const { owner, id, version } = contract
      const said = { owner, id, version, item, reading: 'r1', who: 'nobody', readAt: at(0) }
      await send(na, bwParty, 'ShareReading', said)
      assert.equal((await refusals(bw))[0], 'not-reader')
      await send(za, bwParty, 'ShareReading', { ...said, item: 'other' })
      assert.equal((await refusals(bw))[0], 'unknown-item')
      assert.deepEqual(await bw.shares.readings({ owner, id }, 10), [])
      await withdrawAll()
    })

    test('the store is away while something is shared, read and withdrawn: all of it arrives when it is back', async () => {
      const contract = await accepted()
      const item = await uploaded()
      await settle(bw, za)
      await store.stop()
      assert.equal((await za.shares.read({ owner: bwParty, item }, 'thabo')).kind, 'shown')
      const { owner, id } = contract
      assert.equal((await za.shares.withdraw({ owner, id, reason: 'over' }, 'thabo')).kind, 'withdrawn')
      refusedAs(await za.shares.read({ owner: bwParty, item }, 'thabo'), 'withdrawn')
      await za.steps.send()
      await store.start()
      time.aheadMs += 3_600_000
      await settle(bw, za)
      assert.equal((await bw.shares.readings({ owner, id }, 10)).length, 1, 'a reading is a fact')
      assert.equal((await known(bw, contract))?.state, 'withdrawn')
    })
  })
}
