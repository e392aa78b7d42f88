/** What is refused about shares: each has its reason and stands in the journal. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Block } from '@corridor/declarations'
import { bw as bwParty, na as naParty, za as zaParty } from '../../carriers/test/object-store/stores.ts'
import { exampleExport } from '../../declarations/test/example.ts'
import { blocks } from '../../declarations/test/tables.ts'
import type { ContractDraft, RefusalCode } from '../src/index.ts'
import { settle, time, type ShareNode } from './nodes.ts'
import { at, dayMs, draft, elements, known, onStages, refusals, refusedAs, subject } from './stage.ts'

await onStages((on, { accepted, offered, send, upload, uploaded, withdrawAll }) => {
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
    for (const [change, code] of tries) refusedAs(await on.bw.shares.offer(draft(change), 'lerato'), code)
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
    await on.bw.shares.withdraw({ owner, id, reason: 'over' }, 'lerato')
    await settle(on.bw, on.za)
    for (const again of [contract, { ...contract, version: 2 }]) {
      await send(on.bw, zaParty, 'ShareContract', { contract: again })
      assert.equal((await refusals(on.za))[0], 'withdrawn')
      assert.equal((await known(on.za, contract))?.state, 'withdrawn')
    }
    assert.ok((await on.bw.kinds()).includes('share.refusal'), 'the owner is told')
    // A version that was declined meanwhile hides the withdrawal of the one before it from nobody.
    for (const node of [on.bw, on.za])
      await node.db.query(
        `insert into share_contract overriding user value select (jsonb_populate_record(c, '{"version": 2, "state": "declined"}')).*
         from share_contract c where id = $1`,
        [id],
      )
    refusedAs(await on.bw.shares.offer(draft({ replaces: id }), 'lerato'), 'withdrawn')
    await send(on.bw, zaParty, 'ShareContract', { contract: { ...contract, version: 3 } })
    assert.equal((await refusals(on.za))[0], 'withdrawn')
    const live = await accepted()
    await send(on.bw, zaParty, 'ShareContract', { contract: { ...live, retentionDays: 3_000 } })
    assert.equal((await refusals(on.za))[0], 'contract-changed')
    const second = await offered({ replaces: live.id })
    await on.za.db.query('delete from share_contract where id = $1 and version = 1', [live.id])
    await send(on.bw, zaParty, 'ShareContract', { contract: live })
    assert.equal((await refusals(on.za))[0], 'older-version')
    assert.equal((await known(on.za, second))?.state, 'offered')
    await withdrawAll()
  })

  test('a contract of somebody else’s data, for another reader, or that nobody here would make: refused', async () => {
    const contract = await offered()
    await send(on.na, zaParty, 'ShareContract', { contract: { ...contract, id: 'x1' } })
    assert.equal((await refusals(on.za))[0], 'not-owner')
    await send(on.bw, zaParty, 'ShareContract', { contract: { ...contract, id: 'x2', reader: naParty } })
    assert.equal((await refusals(on.za))[0], 'not-reader')
    await send(on.bw, zaParty, 'ShareContract', { contract: { ...contract, id: 'x3', elements: ['Declaration/ID'] } })
    assert.equal((await refusals(on.za))[0], 'elements-missing')
    await send(on.bw, zaParty, 'ShareContract', { contract: { ...contract, id: 'x4', to: at(-1), from: at(-2) } })
    assert.equal((await refusals(on.za))[0], 'period-wrong')
    await send(on.bw, zaParty, 'ShareContract', { contract: 'none' })
    assert.equal((await refusals(on.za))[0], 'unreadable')
    const { owner, id, version } = contract
    const { digest } = (await known(on.za, contract))!
    await send(on.na, bwParty, 'ShareAnswer', { owner, id, version, digest, answer: 'accepted', reason: '' })
    assert.equal((await refusals(on.bw))[0], 'not-reader')
    assert.equal((await known(on.bw, contract))?.state, 'offered')
    await send(on.na, bwParty, 'ShareWithdrawal', { owner, id, version, reason: 'not mine' })
    assert.equal((await refusals(on.bw))[0], 'unknown-contract')
    assert.equal((await known(on.bw, contract))?.state, 'offered')
    await withdrawAll()
  })

  test('data without a contract, beyond it, before or after its period, under another’s: refused, and nothing is kept', async () => {
    const contract = await accepted()
    const { owner, id, version } = contract
    const full = blocks.write(exampleExport())
    const said = { owner, id, version, item: 'i1', subject, sharedAt: at(0) }
    const tries: [ShareNode, object, Uint8Array, RefusalCode][] = [
      [on.bw, said, full, 'beyond-contract'],
      [on.bw, { ...said, id: 'nothing' }, full, 'unknown-contract'],
      [on.bw, { ...said, version: 7 }, full, 'unknown-contract'],
      [on.bw, said, Buffer.from('{}'), 'block-wrong'],
      [on.na, said, full, 'not-owner'],
      [on.na, { ...said, owner: naParty }, full, 'unknown-contract'],
    ]
    for (const [from, words, block, code] of tries) {
      await send(from, zaParty, 'SharedBlock', words, block)
      assert.equal((await refusals(on.za))[0], code)
    }
    const early = await accepted({ from: at(10) })
    await send(on.bw, zaParty, 'SharedBlock', { ...said, id: early.id }, full)
    assert.equal((await refusals(on.za))[0], 'not-yet')
    time.aheadMs += 91 * dayMs
    await send(on.bw, zaParty, 'SharedBlock', said, full)
    assert.equal((await refusals(on.za))[0], 'expired')
    assert.deepEqual(await on.za.db.query("select * from share_item where item = 'i1'"), [])
    assert.deepEqual(
      await on.za.db.query("select * from inbox where document_type = 'SharedBlock' and length(payload) > 0"),
      [],
    )
    time.aheadMs = 0
    await withdrawAll()
  })

  test('a reading of what is not theirs: at the reader’s node unknown, at the owner’s refused', async () => {
    const contract = await accepted()
    const item = await uploaded()
    await settle(on.bw, on.za)
    refusedAs(await on.na.shares.read({ owner: bwParty, item }, 'stranger'), 'unknown-item')
    refusedAs(await on.za.shares.read({ owner: naParty, item }, 'thabo'), 'unknown-item')
    refusedAs(await on.bw.shares.read({ owner: bwParty, item }, 'lerato'), 'not-reader')
    const { owner, id, version } = contract
    const said = { owner, id, version, item, reading: 'r1', who: 'nobody', readAt: at(0) }
    await send(on.na, bwParty, 'ShareReading', said)
    assert.equal((await refusals(on.bw))[0], 'not-reader')
    await send(on.za, bwParty, 'ShareReading', { ...said, item: 'other' })
    assert.equal((await refusals(on.bw))[0], 'unknown-item')
    assert.deepEqual(await on.bw.shares.readings({ owner, id }, 10), [])
    await withdrawAll()
  })
})
