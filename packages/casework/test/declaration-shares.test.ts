/** Exports under a share, where a share ends, or is agreed, or no more, while something is on its way. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { afterEach, test } from 'node:test'
import type { Block } from '@corridor/declarations'
import type { DeclarationAgreement, DeclarationShares, ShareHindrance } from '../src/index.ts'
import {
  blocks,
  changed,
  completion,
  exportBlock,
  hand,
  journal,
  listed,
  lodge,
  type Pair,
  pageOf,
  startPair,
} from './declaration-nodes.ts'
import type { TestNode } from './nodes.ts'

const [owner, reader] = ['NTA.AL', 'NTA.XK']
const place = 'Declaration/GoodsShipment/TradeTerms/LocationName'
const none: ShareHindrance = { code: 'none', text: 'There is none.', about: [] }
const agreement: DeclarationAgreement = { edition: '1.1', tells: 'import' }
const withShare: DeclarationAgreement = { ...agreement, purpose: 'imports' }

let pair: Pair | undefined
afterEach(async () => {
  if (pair) for (const node of [pair.al, pair.xk]) assert.deepEqual(await node.parked(), [], node.id)
  await pair?.stop()
  pair = undefined
})

type Revision = Parameters<DeclarationShares['upload']>[1]['revision']

/** One place for what is shared, as both see it. */
class Store {
  /** In force; '' while none is. */
  contract = ''
  /** What goes of a block. */
  filter = (block: Block): Block => block
  readonly items: { item: string; contract: string; block: Block; revision: Revision; isOver: boolean }[] = []
  readonly shares: DeclarationShares = {
    upload: (_, { block, revision }) => {
      if (this.contract === '') return Promise.resolve({ kind: 'kept-back', why: none, under: '' })
      const item = `${randomUUID()}@al.test`
      this.items.push({ item, contract: this.contract, block: this.filter(block), revision, isOver: false })
      return Promise.resolve({ kind: 'uploaded', messageId: item })
    },
    under: () => Promise.resolve(this.contract),
    whyNot: () => Promise.resolve(this.contract === '' ? none : undefined),
    read: (_, { item }) => {
      const found = this.items.find((each) => each.item === item)
      if (found === undefined || found.isOver) return Promise.resolve({ kind: 'hidden', why: none })
      const { block } = found
      const digest = createHash('sha256').update(blocks.write(block)).digest('hex')
      return Promise.resolve({ kind: 'shown', block, digest })
    },
    contractOf: (_, { item }) => {
      const found = this.items.find((each) => each.item === item)
      return Promise.resolve(found && { owner, id: found.contract })
    },
  }

  /** What was shared last comes to its reader. */
  async bring({ db, casework }: TestNode): Promise<void> {
    const { item, revision } = this.items.at(-1)!
    const message = {
      id: '1',
      link: 'partner' as const,
      sender: owner,
      recipient: reader,
      conversation: item,
      documentType: 'SharedBlock',
      messageId: item,
      payload: Buffer.from(''),
      payloadDigest: Buffer.from(''),
      receivedAt: new Date(),
      tries: 0,
      waits: 0,
      lastTry: false,
    }
    await db.transaction((tx) => casework.declarations!.takeShared(tx, message, { owner, item, revision }))
  }

  /** A node hears that a contract is over. */
  async end({ db, casework, id }: TestNode, contract: string): Promise<void> {
    const items = this.items.filter((each) => each.contract === contract)
    if (id === 'xk') for (const each of items) each.isOver = true
    const ids = items.map(({ item }) => item)
    await db.transaction((tx) => casework.declarations!.forgetShared(tx, { owner, reader }, ids, false))
  }
}

/** Both, with what they agreed, which may change. */
async function start(atOwner = withShare, atReader = withShare) {
  const store = new Store()
  const agreed = new Map([[reader, atOwner]])
  pair = await startPair(
    { shares: store.shares, agreements: agreed },
    { shares: store.shares, agreements: new Map([[owner, atReader]]) },
  )
  const { al, xk, carry } = pair
  return { store, agreed, al, xk, carry, send: () => al.casework.declarations!.sendKeptBack() }
}

test('an answer that was on its way when the share ended counts: the version does not go again', async () => {
  const { store, al, xk, carry, send } = await start()
  store.contract = 'A'
  await hand(al, exportBlock())
  await store.bring(xk)
  store.contract = ''
  await store.end(al, 'A')
  assert.deepEqual(await listed(al, 'durres'), ['export waiting 1'])
  await carry()
  await store.end(xk, 'A')
  assert.deepEqual(await listed(al, 'durres'), ['export taken 1'])
  assert.deepEqual(await listed(xk, 'prizren'), ['partner-export ended 1'])
  store.contract = 'B'
  assert.equal(await send(), false)
  assert.equal((await pageOf(al, 'durres', 'export')).standing?.keptBack ?? null, null)
})

test('a version that goes again under another share is taken again, with what that one says', async () => {
  const { store, al, xk, carry, send } = await start()
  store.contract = 'A'
  await hand(al, exportBlock())
  await store.bring(xk)
  await store.end(al, 'A')
  await store.end(xk, 'A')
  store.contract = 'B'
  store.filter = (block) => changed(block, { [place]: 'Durrës' })
  assert.equal(await send(), true)
  await store.bring(xk)
  assert.deepEqual(await listed(xk, 'prizren'), ['partner-export draft 1'])
  await carry()
  assert.deepEqual(await listed(al, 'durres'), ['export taken 1'])
  const page = await pageOf(xk, 'prizren', 'partner-export')
  assert.equal(page.elements.find(({ path }) => path === place)?.draft, 'Durrës')
  assert.equal((await lodge(xk, 'sharr')).kind, 'done')
  await store.end(xk, 'B')
  assert.equal(page.standing?.share?.id, 'B')
})

test('a version that comes again before its reader hears of the end of its share lies under the other one', async () => {
  const { store, al, xk, send } = await start()
  store.contract = 'A'
  await hand(al, exportBlock())
  await store.bring(xk)
  await store.end(al, 'A')
  store.contract = 'B'
  assert.equal(await send(), true)
  await store.bring(xk)
  await store.end(xk, 'A')
  assert.deepEqual(await listed(xk, 'prizren'), ['partner-export draft 1'])
  await store.end(xk, 'B')
  assert.deepEqual(await listed(xk, 'prizren'), ['partner-export ended 1'])
})

test('when an import is withdrawn whose export came again meanwhile, the draft begins anew', async () => {
  const { store, al, xk, send } = await start()
  store.contract = 'A'
  await hand(al, exportBlock())
  await store.bring(xk)
  const [row] = await xk.db.query<{ draft: Buffer }>('select draft from import_draft')
  const { UtilityBlock } = JSON.parse(row!.draft.toString()) as { UtilityBlock: Block }
  const imported = changed(UtilityBlock, {
    ...completion,
    'Declaration/ID': 'I-77',
    'Declaration/AcceptanceDateTime': '2026-11-24T09:00:00',
  })
  await hand(xk, imported)
  await store.end(al, 'A')
  await store.end(xk, 'A')
  store.contract = 'B'
  assert.equal(await send(), true)
  await store.bring(xk)
  assert.deepEqual(await listed(xk, 'prizren'), ['import accepted 1', 'partner-export lodged 1'])
  await hand(xk, imported, { event: 'cancelled' })
  assert.deepEqual(await listed(xk, 'prizren'), ['import withdrawn 2', 'partner-export draft 1'])
})

test('an export that came by itself where a share is agreed is refused, waits for the share, and goes under it', async () => {
  const { store, agreed, al, xk, carry, send } = await start(agreement)
  await hand(al, exportBlock())
  assert.deepEqual(await carry(), ['UtilityBlock', 'UtilityBlockAnswer'])
  assert.deepEqual([await listed(al, 'durres'), await listed(xk, 'prizren')], [['export waiting 1'], []])
  const [told] = await al.db.query<{ rules: string }>(
    `select answer -> 'findings' -> 0 ->> 'rule' as rules from declaration_version`,
  )
  assert.equal(told?.rules, 'D12')
  assert.equal(await send(), false, 'not at once')
  agreed.set(reader, withShare)
  assert.equal(await send(), false, 'nothing is in force')
  store.contract = 'A'
  assert.equal(await send(), true)
  await store.bring(xk)
  await carry()
  assert.deepEqual(await listed(al, 'durres'), ['export taken 1'])
  assert.deepEqual(await listed(xk, 'prizren'), ['partner-export draft 1'])
})

test('while its sender has agreed on no share it goes once an hour, and after a day the refusal stands', async () => {
  const { al, carry, send } = await start(agreement)
  const hourLater = () => al.db.query(`update declaration set changed_at = changed_at - interval '61 minutes'`)
  await hand(al, exportBlock())
  await carry()
  await hourLater()
  assert.equal(await send(), true)
  assert.equal(await send(), false)
  await carry()
  assert.deepEqual(await listed(al, 'durres'), ['export waiting 1'])
  await al.db.query(`update declaration_version set answer = answer || '{"at":"2026-11-20T08:00:00.000Z"}'`)
  await hourLater()
  assert.equal(await send(), true)
  await carry()
  assert.deepEqual(await listed(al, 'durres'), ['export refused 1'])
  await hourLater()
  assert.equal(await send(), false)
  assert.equal((await journal(al)).filter((code) => code === 'declaration-refused').length, 1)
})

test('where a share is agreed no more, what waited goes by itself, also what its reader had under a share', async () => {
  for (const contract of ['', 'A']) {
    const { store, agreed, al, xk, carry, send } = await start(withShare, agreement)
    store.contract = contract
    await hand(al, exportBlock())
    if (contract !== '') {
      await store.bring(xk)
      await store.end(al, contract)
      await store.end(xk, contract)
    }
    assert.deepEqual(await listed(al, 'durres'), ['export waiting 1'])
    agreed.set(reader, agreement)
    assert.equal(await send(), true)
    await carry()
    assert.deepEqual(await listed(al, 'durres'), ['export taken 1'])
    assert.deepEqual(await listed(xk, 'prizren'), ['partner-export draft 1'])
    assert.equal((await lodge(xk, 'sharr')).kind, 'done')
    await pair?.stop()
    pair = undefined
  }
})
