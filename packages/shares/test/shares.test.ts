/** Shares between administrations over a store in a cloud. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Block } from '@corridor/declarations'
import { bw as bwParty, za as zaParty } from '../../carriers/test/object-store/stores.ts'
import { exampleExport } from '../../declarations/test/example.ts'
import { settle, time } from './nodes.ts'
import { at, dayMs, elements, known, onStages, refusals, refusedAs, subject } from './stage.ts'

await onStages((on, { accepted, offered, upload, uploaded, withdrawAll }) => {
  test('a contract is made, accepted; a declaration is shared, read, and the owner sees the reading', async () => {
    const contract = await accepted()
    for (const node of [on.bw, on.za]) assert.equal((await known(node, contract))?.state, 'accepted')
    assert.deepEqual((await known(on.za, contract))?.contract, contract)
    const item = await uploaded()
    await settle(on.bw, on.za)
    const shown = await on.za.shares.read({ owner: bwParty, item }, 'thabo')
    assert.ok(shown.kind === 'shown')
    const text = JSON.stringify(shown.block)
    assert.ok(text.includes('Malkerns Fruit Canners') && text.includes('20082000'))
    for (const kept of ['3 Pineapple Road', '48200.50', 'JSD 117 AM', 'CSQU3054383', 'MFC 88123'])
      assert.equal(text.includes(kept), kept === 'MFC 88123', `${kept} left the owner`)
    await on.za.shares.read({ owner: bwParty, item }, 'naledi')
    await settle(on.bw, on.za)
    for (const node of [on.bw, on.za]) {
      const readings = await node.shares.readings({ owner: bwParty, id: contract.id }, 10)
      assert.deepEqual(readings.map(({ who }) => who).toSorted(), ['naledi', 'thabo'])
      assert.deepEqual([...new Set(readings.map((each) => each.subject))], [subject])
    }
    const [signed] = await on.bw.db.query(
      "select count(*)::int as n from inbox join share_reading using (message_id) where document_type = 'ShareReading' and raw <> '' and receipt is not null",
    )
    assert.deepEqual(signed, { n: 2 }, 'the owner keeps each reading as the reader’s node signed it')
    assert.deepEqual(await on.bw.kinds(), [
      'share.offered',
      'share.accepted',
      'share.uploaded',
      'share.read',
      'share.read',
    ])
    const [left] = await on.za.db.query(
      "select length(payload) as payload, length(raw) as raw from inbox where document_type = 'SharedBlock'",
    )
    assert.deepEqual(left, { payload: 0, raw: 0 }, 'the data are kept in one place')
    await withdrawAll()
  })

  test('only the elements of the contract are ever uploaded, whatever the block says', async () => {
    await accepted()
    const outcome = await upload({ ...exampleExport(), Unheard: { Of: 'secret' }, WCOTypeName: 'DEC' })
    assert.equal(outcome.kind, 'uploaded')
    const [row] = await on.bw.db.query<{ message_id: string; payload: Buffer }>(
      "select message_id, payload from outbox where document_type = 'SharedBlock' and length(payload) > 0 order by id desc limit 1",
    )
    const { vaultOf } = await import('../../exchange/test/nodes.ts')
    const bytes = vaultOf(bwParty).open('payload', row!.message_id, row!.payload).toString()
    assert.equal(/secret|Pineapple Road|48200/.test(bytes), false)
    assert.ok(bytes.includes('20082000'))
    await withdrawAll()
  })

  test('what one contract refuses goes under none', async () => {
    const gross = 'Declaration/TotalGrossMassMeasure'
    await accepted()
    await accepted({ elements: [...elements, gross] })
    await accepted()
    const block = exampleExport()
    const declaration = block['Declaration'] as Block
    // Under the contracts that do not name the sum nothing is wrong with it.
    const wrong = { ...block, Declaration: { ...declaration, TotalGrossMassMeasure: '1' } }
    const counted = () =>
      on.bw.db.query('select (select count(*) from share_item) as items, (select count(*) from outbox) as owed')
    const before = await counted()
    refusedAs(await upload(wrong), 'block-wrong')
    assert.deepEqual(await counted(), before)
    const outcome = await upload()
    assert.equal(outcome.kind === 'uploaded' && outcome.items.length, 3)
    await withdrawAll()
  })

  test('withdrawn by the owner: nothing more goes, what lies there is deleted, the reader says so and shows it no more', async () => {
    const contract = await accepted()
    const item = await uploaded()
    await settle(on.bw, on.za)
    const lying = await uploaded()
    while (await on.bw.steps.send());
    const lay = (await on.store.operator.list(`to/${zaParty}/${bwParty}/`, 10)).objects
    assert.equal(lay.length, 1, 'the second one lies in the store')
    const { owner, id } = contract
    refusedAs(await on.bw.shares.withdraw({ owner, id, reason: ' ' }, 'lerato'), 'text-missing')
    assert.equal(
      (await on.bw.shares.withdraw({ owner, id, reason: 'agreement suspended' }, 'lerato')).kind,
      'withdrawn',
    )
    assert.deepEqual((await on.store.operator.list(`to/${zaParty}/${bwParty}/`, 10)).objects, [])
    refusedAs(await upload(), 'not-accepted')
    await settle(on.bw, on.za)
    const atReader = await known(on.za, contract)
    assert.deepEqual(
      [atReader?.state, atReader?.endedBy, atReader?.reason],
      ['withdrawn', bwParty, 'agreement suspended'],
    )
    for (const each of [item, lying])
      refusedAs(await on.za.shares.read({ owner, item: each }, 'thabo'), each === item ? 'withdrawn' : 'unknown-item')
    const rows = await on.za.db.query('select block from share_item where contract_id = $1', [id])
    assert.deepEqual(rows, [{ block: null }], 'the data are gone')
    const sent = await on.bw.db.query(
      'select state, length(payload) as payload, length(sealed) as sealed from outbox where message_id = any ($1) order by id',
      [[item, lying]],
    )
    assert.deepEqual(sent, [
      { state: 'receipted', payload: 0, sealed: 0 },
      { state: 'parked', payload: 0, sealed: 0 },
    ])
    refusedAs(await on.bw.shares.withdraw({ owner, id, reason: 'again' }, 'lerato'), 'withdrawn')
  })

  test('withdrawn by the reader: the owner uploads no more and takes back what lies there', async () => {
    const contract = await accepted()
    await uploaded()
    while (await on.bw.steps.send());
    const { owner, id } = contract
    assert.equal((await on.za.shares.withdraw({ owner, id, reason: 'no need any more' }, 'thabo')).kind, 'withdrawn')
    // The reader's node takes what lies there, refuses it, and keeps nothing of it.
    await settle(on.za, on.bw)
    assert.equal((await known(on.bw, contract))?.state, 'withdrawn')
    assert.equal((await known(on.bw, contract))?.endedBy, zaParty)
    refusedAs(await upload(), 'not-accepted')
    assert.deepEqual(await on.za.db.query('select * from share_item where contract_id = $1', [id]), [])
    assert.ok((await refusals(on.za)).includes('withdrawn'))
    const [kept] = await on.za.db.query<{ n: number }>(
      "select count(*)::int as n from inbox where document_type = 'SharedBlock' and length(payload) > 0",
    )
    assert.equal(kept?.n, 0)
  })

  test('what was on its way when the contract ended is taken back by the sweep', async () => {
    const contract = await accepted()
    const item = await uploaded()
    const { owner, id } = contract
    await on.store.stop()
    assert.equal((await on.bw.shares.withdraw({ owner, id, reason: 'store is away' }, 'lerato')).kind, 'withdrawn')
    time.aheadMs += 61_000
    await on.bw.db.query('update outbox set sealed_references = $2 where message_id = $1', [
      item,
      JSON.stringify([{ objectId: item, digest: 'x', expiresAt: at(30) }]),
    ])
    const takenBack = () =>
      on.bw.db.query('select taken_back_at is not null as done from share_item where item = $1', [item])
    await on.bw.shares.sweep()
    assert.deepEqual(await takenBack(), [{ done: false }])
    await on.store.start()
    const { keyOf, metadataOf } = await import('../../carriers/src/object-store/layout.ts')
    const late = {
      id: item,
      sender: bwParty,
      addressee: zaParty,
      kind: 'message' as const,
      expiresAt: new Date(),
      bytes: Buffer.from('x'),
    }
    await on.store.operator.putNew(keyOf(late), late.bytes, metadataOf(late))
    await on.bw.shares.sweep()
    assert.equal(await on.store.operator.get(keyOf(late), 10), undefined)
    assert.deepEqual(await takenBack(), [{ done: true }])
    await settle(on.bw, on.za)
    assert.equal((await known(on.za, contract))?.state, 'withdrawn')
  })

  test('the period ends, and each object’s retention: what was shared is deleted on time, on both sides', async () => {
    const contract = await accepted({ retentionDays: 5, to: at(20) })
    const item = await uploaded()
    await settle(on.bw, on.za)
    time.aheadMs += 5 * dayMs + 1_000
    refusedAs(await on.za.shares.read({ owner: bwParty, item }, 'thabo'), 'retention-over')
    await on.za.shares.sweep()
    assert.deepEqual(await on.za.db.query('select block, end_reason from share_item where item = $1', [item]), [
      { block: null, end_reason: 'retention' },
    ])
    const later = await uploaded()
    await settle(on.bw, on.za)
    assert.equal((await on.za.shares.read({ owner: bwParty, item: later }, 'thabo')).kind, 'shown')
    time.aheadMs += 15 * dayMs
    refusedAs(await on.za.shares.read({ owner: bwParty, item: later }, 'thabo'), 'expired')
    refusedAs(await upload(), 'not-accepted')
    for (const node of [on.bw, on.za]) {
      await node.shares.sweep()
      assert.equal((await known(node, contract))?.state, 'ended')
    }
    assert.deepEqual(await on.za.db.query('select block from share_item where item = $1', [later]), [{ block: null }])
    await settle(on.bw, on.za)
  })

  test('a contract that cannot be ended keeps nothing else from being deleted on time', async () => {
    const [bad, good] = [await accepted({ to: at(20) }), await accepted({ to: at(20) })]
    time.aheadMs += 20 * dayMs + 1_000
    await on.bw.db.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'not this one'; end $$`,
    )
    await on.bw.db.query(
      `create trigger refuse before update on share_contract for each row when (old.id = '${bad.id}') execute function refuse()`,
    )
    await on.bw.shares.sweep()
    assert.deepEqual(on.bw.faults.splice(0).map(String), ['error: not this one'])
    assert.deepEqual([(await known(on.bw, bad))?.state, (await known(on.bw, good))?.state], ['accepted', 'ended'])
    await on.bw.db.query('drop function refuse cascade')
    await on.bw.shares.sweep()
    assert.equal((await known(on.bw, bad))?.state, 'ended')
    await on.za.shares.sweep()
    await settle(on.bw, on.za)
  })

  test('a new version takes the place of the one before when it is accepted, and not earlier', async () => {
    const first = await accepted()
    const item = await uploaded()
    await settle(on.bw, on.za)
    const second = await offered({
      replaces: first.id,
      elements: elements.filter((each) => !each.includes('Consignee')),
    })
    assert.equal(second.version, 2)
    assert.equal((await known(on.bw, first))?.state, 'accepted')
    const { digest } = (await known(on.za, second))!
    const { owner, id, version } = second
    refusedAs(
      await on.za.shares.answer({ owner, id, version, digest: '0'.repeat(64), answer: 'accepted' }, 'x'),
      'contract-changed',
    )
    await on.za.shares.answer({ owner, id, version, digest, answer: 'accepted' }, 'thabo')
    await settle(on.bw, on.za)
    for (const node of [on.bw, on.za]) assert.equal((await known(node, first))?.state, 'replaced')
    assert.equal(
      (await on.za.shares.read({ owner, item }, 'thabo')).kind,
      'shown',
      'what was shared before stays until its time',
    )
    const next = await uploaded()
    await settle(on.bw, on.za)
    const shown = await on.za.shares.read({ owner, item: next }, 'thabo')
    assert.ok(shown.kind === 'shown')
    assert.equal(JSON.stringify(shown.block).includes('Nelspruit Grocers'), false)
    await withdrawAll()
    refusedAs(await on.za.shares.read({ owner, item }, 'thabo'), 'withdrawn')
  })

  test('a contract that is declined covers nothing', async () => {
    const contract = await offered()
    const { owner, id, version } = contract
    const { digest } = (await known(on.za, contract))!
    refusedAs(await upload(), 'not-accepted')
    await on.za.shares.answer({ owner, id, version, digest, answer: 'declined', reason: 'purpose too wide' }, 'thabo')
    await settle(on.bw, on.za)
    assert.deepEqual(
      [(await known(on.bw, contract))?.state, (await known(on.bw, contract))?.reason],
      ['declined', 'purpose too wide'],
    )
    refusedAs(await upload(), 'not-accepted')
    refusedAs(await on.za.shares.answer({ owner, id, version, digest, answer: 'accepted' }, 'thabo'), 'declined')
  })

  test('the store is away while something is shared, read and withdrawn: all of it arrives when it is back', async () => {
    const contract = await accepted()
    const item = await uploaded()
    await settle(on.bw, on.za)
    await on.store.stop()
    assert.equal((await on.za.shares.read({ owner: bwParty, item }, 'thabo')).kind, 'shown')
    const { owner, id } = contract
    assert.equal((await on.za.shares.withdraw({ owner, id, reason: 'over' }, 'thabo')).kind, 'withdrawn')
    refusedAs(await on.za.shares.read({ owner: bwParty, item }, 'thabo'), 'withdrawn')
    await on.za.steps.send()
    await on.store.start()
    time.aheadMs += 3_600_000
    await settle(on.bw, on.za)
    assert.equal((await on.bw.shares.readings({ owner, id }, 10)).length, 1, 'a reading is a fact')
    assert.equal((await known(on.bw, contract))?.state, 'withdrawn')
  })
})
