/** A stage for the tests of shares: three administrations and a store, once over a real store and once over the stand-in. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe } from 'node:test'
import type { Block } from '@corridor/declarations'
import { stores, type TestStore, za as zaParty } from '../../carriers/test/object-store/stores.ts'
import { exampleExport } from '../../declarations/test/example.ts'
import { blocks } from '../../declarations/test/tables.ts'
import { writeShare } from '../src/documents.ts'
import type { ContractDraft, RefusalCode, ShareContract } from '../src/index.ts'
import { settle, type ShareNode, startNodes, time } from './nodes.ts'

export const dayMs = 86_400_000
export const at = (days: number): string => new Date(Date.now() + time.aheadMs + days * dayMs).toISOString()
/** What an import declaration begins with, and no trader's address. */
export const elements = [
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
export const draft = (change: Partial<ContractDraft> = {}): ContractDraft => ({
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
export const subject = '6SZ200300400-MFC88123'

/** Who is on it; set before the first test. */
export interface Stage {
  store: TestStore
  bw: ShareNode
  na: ShareNode
  za: ShareNode
}

/** Runs tests over a real store, where there is one, and over the stand-in. */
export async function onStages(tests: (stage: Stage, acts: ReturnType<typeof actsOn>) => void): Promise<void> {
  for (const [name, made] of Object.entries(stores)) {
    const found = await made()
    describe(name, { skip: 'none' in found ? found.none : false }, () => {
      if ('none' in found) return
      const on = {} as Stage
      before(async () => {
        const store = await found.make()
        Object.assign(on, { store }, await startNodes(store))
      })
      afterEach(() => {
        for (const each of [on.bw, on.na, on.za]) assert.deepEqual([each.other, each.faults.splice(0)], [[], []])
        time.aheadMs = 0
      })
      after(async () => {
        for (const each of [on.bw, on.na, on.za]) await each.end()
        await on.store.drop()
      })
      tests(on, actsOn(on))
    })
  }
}

export const refusedAs = (outcome: { kind: string; code?: string }, code: RefusalCode): void =>
  assert.deepEqual([outcome.kind, outcome.code], ['refused', code])

/** What a node knows of a version of a contract. */
export const known = async (node: ShareNode, { id, version }: ShareContract) =>
  (await node.shares.contracts(1_000)).find((each) => each.id === id && each.version === version)

/** The newest refusals in a node's journal. */
export const refusals = async (node: ShareNode): Promise<unknown[]> =>
  (
    await node.db.query<{ code: string }>(
      "select detail ->> 'code' as code from journal where kind = 'share.refused' order by id desc limit 3",
    )
  ).map(({ code }) => code)

/** What happens in several tests. */
function actsOn(on: Stage) {
  async function offered(change: Partial<ContractDraft> = {}): Promise<ShareContract> {
    const outcome = await on.bw.shares.offer(draft(change), 'lerato')
    assert.equal(outcome.kind, 'offered', JSON.stringify(outcome))
    await settle(on.bw, on.za)
    return (outcome as { contract: ShareContract }).contract
  }
  async function accepted(change: Partial<ContractDraft> = {}): Promise<ShareContract> {
    const contract = await offered(change)
    const { owner, id, version } = contract
    const { digest } = (await known(on.za, contract))!
    const answer = await on.za.shares.answer({ owner, id, version, digest, answer: 'accepted' }, 'thabo')
    assert.equal(answer.kind, 'answered', JSON.stringify(answer))
    await settle(on.bw, on.za)
    return contract
  }
  /** So that the next test begins without a contract in force. */
  async function withdrawAll(): Promise<void> {
    for (const { id, state, owner } of await on.bw.shares.contracts(1_000))
      if (state === 'accepted' || state === 'offered')
        await on.bw.shares.withdraw({ owner, id, reason: 'end of the test' }, 'test')
    await settle(on.bw, on.za, on.na)
  }
  const upload = (block: Block = exampleExport()) =>
    on.bw.db.transaction((tx) => on.bw.shares.upload(tx, { reader: zaParty, block, subject }, 'national system'))
  async function uploaded(): Promise<string> {
    const outcome = await upload()
    assert.equal(outcome.kind, 'uploaded', JSON.stringify(outcome))
    return (outcome as { items: { item: string }[] }).items[0]!.item
  }
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
    await settle(on.bw, on.na, on.za)
    return messageId
  }
  return { offered, accepted, withdrawAll, upload, uploaded, send }
}
