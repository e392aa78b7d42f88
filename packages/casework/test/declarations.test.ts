import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
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
  number,
  owed,
  type Pair,
  pageOf,
  results,
  startPair,
  summaries,
  ucr,
} from './declaration-nodes.ts'
import { consignee, declarant } from './nodes.ts'

let pair: Pair | undefined
afterEach(async () => {
  if (pair) for (const node of [pair.al, pair.xk]) assert.deepEqual(await node.parked(), [], node.id)
  await pair?.stop()
  pair = undefined
})
const item = 'Declaration/GoodsShipment/GovernmentAgencyGoodsItem'

test('an export becomes a draft on the other side, the importer completes and lodges it, and the export side hears of it', async () => {
  const { al, xk, carry } = (pair = await startPair())
  assert.equal((await hand(al, exportBlock())).kind, 'accepted')
  assert.deepEqual(await listed(al, 'durres'), ['export sent 1'])
  assert.deepEqual(await carry(), ['UtilityBlock', 'UtilityBlockAnswer'])
  assert.deepEqual(await listed(al, 'durres'), ['export taken 1'])
  assert.deepEqual(await listed(xk, 'prizren'), ['partner-export draft 1'])
  const begun = await pageOf(xk, 'sharr', 'partner-export')
  assert.equal(begun.draft?.mayLodge, true)
  assert.deepEqual([begun.ucr, begun.number, begun.trader?.id], [ucr, number, consignee])
  assert.ok(begun.draft?.complete.some(({ path }) => path === 'Declaration/DeclarationOfficeID'))
  const told = await inMailbox(xk, consignee)
  assert.deepEqual(
    told.map(({ type }) => type),
    ['ImportDraft'],
  )
  const refused = await xk.casework.declarations!.lodge(xk.account('sharr'), begun.id, {
    version: 1,
    values: {},
    idempotency: { accountId: 'sharr', key: 'empty', requestDigest: Buffer.alloc(32) },
  })
  assert.equal(refused.kind, 'invalid')
  const outcome = await lodge(xk, 'sharr', { [`${item}[1]/Commodity/Classification[1]/ID`]: '20082019' })
  assert.equal(outcome.kind, 'done')
  assert.deepEqual(await listed(xk, 'prizren'), ['import lodged 1', 'partner-export lodged 1'])
  assert.deepEqual(await carry(), ['DeclarationStatus'])
  assert.deepEqual(await listed(al, 'durres'), ['export lodged 1', 'partner-import told 1'])
  const page = await pageOf(xk, 'prizren', 'import')
  const code = page.elements.find(({ path }) => path === `${item}[1]/Commodity/Classification[1]/ID`)
  assert.deepEqual(
    [code?.exported, code?.draft, code?.imported, code?.change, code?.differs],
    ['20082000', '200820', '20082019', 'changed', true],
  )
  assert.deepEqual(
    page.draft?.changes?.filter(({ kind }) => kind === 'completed').map(({ path }) => path.replace('Declaration/', '')),
    ['FunctionalReferenceID', 'DeclarationOfficeID', 'Declarant/ID', 'Declarant/Name'],
  )
  const ours = await pageOf(al, 'durres', 'export')
  assert.equal(
    ours.elements.find(({ path }) => path === `${item}[1]/Commodity/Classification[1]/ID`)?.imported,
    '20082019',
  )
})

test('the same handed over again has no second effect, whatever its id', async () => {
  const { al, xk, carry } = (pair = await startPair())
  await hand(al, exportBlock(), { id: 'one' })
  assert.equal((await hand(al, exportBlock(), { id: 'one' })).kind, 'again')
  assert.equal((await hand(al, exportBlock(), { id: 'two' })).kind, 'again')
  assert.equal((await hand(al, exportBlock({ 'Declaration/ID': 'E9' }), { id: 'one' })).kind, 'key-reused')
  const unknown = await hand(al, exportBlock({ 'Declaration/ID': 'E9' }), { event: 'rejected' })
  assert.deepEqual(unknown.kind === 'wrong' && unknown.findings.map(({ rule, value }) => [rule, value]), [
    ['D11', 'rejected'],
  ])
  const both = await Promise.all([1, 2, 3].map((each) => hand(al, exportBlock({ 'Declaration/ID': `26AL${each}` }))))
  assert.deepEqual(
    both.map(({ kind }) => kind),
    ['accepted', 'accepted', 'accepted'],
  )
  const types = await carry()
  assert.equal(types.filter((type) => type === 'UtilityBlock').length, 4)
  assert.equal((await summaries(xk, 'prizren')).length, 4)
})

test('corrections and a withdrawal count in their order, in whichever order they come', async () => {
  for (const backwards of [false, true]) {
    const { al, xk, carry, stop } = await startPair()
    await hand(al, exportBlock())
    const total = 'Declaration/GoodsShipment/TradeTerms/LocationName'
    await hand(al, exportBlock({ [total]: 'Durrës', 'Declaration/FunctionCode': '5' }))
    await carry({ backwards })
    assert.deepEqual(await listed(xk, 'prizren'), ['partner-export draft 2'])
    assert.deepEqual(await listed(al, 'durres'), ['export taken 2'])
    const page = await pageOf(xk, 'prizren', 'partner-export')
    assert.equal(page.elements.find(({ path }) => path === total)?.draft, 'Durrës')
    assert.equal(page.versions.length, 2)
    assert.equal((await lodge(xk, 'sharr', {}, 1)).kind, 'conflict')
    await hand(al, exportBlock({ [total]: 'Durrës' }), { event: 'cancelled' })
    assert.deepEqual(await listed(al, 'durres'), ['export withdrawn 3'])
    await carry({ backwards })
    assert.deepEqual(await listed(xk, 'prizren'), ['partner-export withdrawn 3'])
    assert.equal((await lodge(xk, 'sharr', {}, 2)).kind, 'conflict')
    const after = await hand(al, exportBlock())
    assert.deepEqual(after.kind === 'wrong' && after.findings.map(({ rule }) => rule), ['D02'])
    for (const node of [al, xk]) assert.deepEqual(await node.parked(), [])
    await stop()
  }
})

test('a withdrawal that comes before what it withdraws leaves no draft', async () => {
  const { al, xk, carry } = (pair = await startPair())
  await hand(al, exportBlock())
  await hand(al, exportBlock(), { event: 'cancelled' })
  await carry({ backwards: true })
  assert.deepEqual(await listed(xk, 'prizren'), ['partner-export withdrawn 2'])
  assert.deepEqual(await inMailbox(xk, consignee), [])
  assert.deepEqual(await journal(xk), ['declaration-withdrawn', 'declaration-late'])
})

test('what is wrong with a block is answered with rule, path, value and remedy; a correction is taken', async () => {
  const { al, xk, carry } = (pair = await startPair())
  await hand(al, exportBlock())
  await carry({
    change: ({ type, payload }) =>
      type === 'UtilityBlock'
        ? Buffer.from(Buffer.from(payload).toString().replace('"GoodsItemQuantity":"2"', '"GoodsItemQuantity":"7"'))
        : payload,
  })
  assert.deepEqual(await listed(al, 'durres'), ['export refused 1'])
  assert.deepEqual(await listed(xk, 'prizren'), [])
  const [version] = (await pageOf(al, 'durres', 'export')).versions
  const [finding] = version?.answer?.findings ?? []
  assert.deepEqual(
    [finding?.rule, finding?.path, finding?.value],
    ['U001', '/UtilityBlock/Declaration/GoodsItemQuantity', '7'],
  )
  assert.match(finding?.remedy ?? '', /items/)
  await hand(al, exportBlock({ 'Declaration/FunctionCode': '5' }))
  await carry()
  assert.deepEqual(await listed(al, 'durres'), ['export taken 2'])
})

test('a block of another country, for another country, of no kind, or not as its head says, is refused', async () => {
  const { al, xk, carry } = (pair = await startPair())
  await hand(al, exportBlock())
  const cases: [Record<string, string>, string | undefined][] = [
    [{ '"ResponsibleCountryCode":"AL"': '"ResponsibleCountryCode":"XK"' }, 'D03'],
    [{ '"Destination":{"CountryCode":"XK"}': '"Destination":{"CountryCode":"MK"}' }, 'D04'],
    [{ '"TypeCode":"EX"': '"TypeCode":"IM"', '"Invoice":{': '"Importer":{"Name":"x"},"Invoice":{' }, 'D07'],
    [{ [`"ID":"${number}","InvoiceAmount"`]: '"ID":"other","InvoiceAmount"' }, 'D01'],
    [{ [`"UCR":{"ID":"${ucr}"`]: '"UCR":{"ID":"6AL-other"' }, 'D05'],
    [{ '"FunctionCode":"9"': '"FunctionCode":"1"' }, 'D10'],
    [{ '"event":"released"': '"event":"withdrawn"' }, 'D10'],
    [{ '"version":1': '"version":0' }, undefined],
    [{ 'urn:corridor:declarations:1': 'urn:else' }, undefined],
    [{ '{"extension"': '\u0000{"extension"' }, undefined],
  ]
  const [sent] = await owed(al, 0)
  const seen: (string | undefined)[] = []
  for (const [replacements] of cases) {
    let text = Buffer.from(sent!.payload).toString()
    for (const [from, to] of Object.entries(replacements)) {
      assert.ok(text.includes(from), from)
      text = text.replace(from, to)
    }
    const before = (await owed(xk, 0)).length
    await xk.take('UtilityBlock', Buffer.from(text), { conversation: sent!.conversation })
    const [answer] = (await owed(xk, 0)).slice(before)
    seen.push(/"rule":"(\w+)"/.exec(Buffer.from(answer?.payload ?? []).toString())?.[1])
  }
  assert.deepEqual(
    seen,
    cases.map(([, rule]) => rule),
  )
  assert.deepEqual(await listed(xk, 'prizren'), [])
  await carry()
  assert.deepEqual(await listed(xk, 'prizren'), ['partner-export draft 1'])
})

test('an importer whom nobody knows claims his draft by its UCR, and nobody else gets it then', async () => {
  const { al, xk, carry } = (pair = await startPair({}, { traders: new Set() }))
  await hand(al, exportBlock())
  await carry()
  assert.deepEqual(await listed(xk, 'sharr'), [])
  assert.equal((await claim(xk, 'sharr', 'another')).kind, 'not-found')
  assert.equal((await claim(xk, 'prizren', ucr)).kind, 'forbidden')
  assert.equal((await claim(xk, 'sharr', ucr)).kind, 'done')
  assert.equal((await claim(xk, 'sharr', ucr)).kind, 'done')
  assert.equal((await claim(xk, 'unauthorised', ucr)).kind, 'not-found')
  assert.deepEqual(await listed(xk, 'unauthorised'), [])
  assert.deepEqual(await listed(xk, 'sharr'), ['partner-export draft 1'])
  const { id } = (await summaries(xk, 'sharr'))[0]!
  assert.equal(await xk.casework.declarations!.view(xk.account('unauthorised'), id), undefined)
  assert.equal((await lodge(xk, 'sharr')).kind, 'done')
})

test('an importer changes elements of the block only, and not what ties both declarations', async () => {
  const { al, xk, carry } = (pair = await startPair())
  await hand(al, exportBlock())
  await carry()
  for (const path of [
    'Declaration/GoodsShipment/UCR/ID',
    'Declaration/ID',
    'Declaration/__proto__/x',
    'Declaration/Exporter',
    `${item}/SequenceNumeric`,
    `${item}[1000]/SequenceNumeric`,
    'constructor',
  ]) {
    const outcome = await lodge(xk, 'sharr', { [path]: 'x' })
    assert.deepEqual(outcome.kind === 'invalid' && outcome.errors.map(({ field }) => field), [path])
  }
  const another = await lodge(xk, 'sharr', { 'Declaration/GoodsShipment/Importer/ID': declarant })
  assert.deepEqual(another.kind === 'invalid' && another.errors.map(({ field, value }) => [field, value]), [
    ['Declaration/GoodsShipment/Importer/ID', declarant],
  ])
  const twice = await Promise.all([lodge(xk, 'sharr'), lodge(xk, 'sharr')])
  assert.deepEqual(twice.map(({ kind }) => kind).toSorted(), ['conflict', 'done'])
})

test('with a national system on each side: it hears answers, gets the draft, and registers the import', async () => {
  const { al, xk, carry } = (pair = await startPair({ hasNationalSystem: true }, { hasNationalSystem: true }))
  await hand(al, exportBlock())
  await carry()
  assert.deepEqual(await results(al), [`receipt ${number}`])
  assert.deepEqual(await results(xk), ['import-draft'])
  await lodge(xk, 'sharr')
  assert.deepEqual(await results(xk), ['import-draft', 'import'])
  const [lodged] = await xk.db.query<{ block: Buffer }>(`select block from national_result where kind = 'import'`)
  const { UtilityBlock } = JSON.parse(lodged!.block.toString()) as { UtilityBlock: Parameters<typeof changed>[0] }
  const registered = changed(UtilityBlock, {
    'Declaration/ID': 'I-77',
    'Declaration/AcceptanceDateTime': '2026-11-24T09:00:00',
    'Declaration/TotalPackageQuantity': '840',
  })
  assert.equal((await hand(xk, registered)).kind, 'accepted')
  await carry()
  assert.deepEqual(await listed(xk, 'prizren'), ['import accepted 2', 'partner-export lodged 1'])
  assert.deepEqual(await listed(al, 'durres'), ['export lodged 1', 'partner-import told 2'])
  assert.equal((await pageOf(al, 'durres', 'partner-import')).number, 'I-77')
  await hand(xk, registered, { event: 'cancelled' })
  await carry()
  assert.deepEqual(await listed(xk, 'prizren'), ['import withdrawn 3', 'partner-export draft 1'])
  assert.deepEqual(await listed(al, 'durres'), ['export taken 1', 'partner-import withdrawn 3'])
})

test('who declares under the reference of another neither moves his draft nor sees anything of him', async () => {
  const { al, xk, carry } = (pair = await startPair({}, { traders: new Set([consignee, declarant]) }))
  await hand(al, exportBlock())
  await carry()
  const draft = (await xk.db.query<{ draft: Buffer }>(`select draft from import_draft`))[0]!.draft
  const { UtilityBlock } = JSON.parse(draft.toString()) as { UtilityBlock: Parameters<typeof changed>[0] }
  const forged = changed(UtilityBlock, {
    ...completion,
    'Declaration/ID': 'I-1',
    'Declaration/AcceptanceDateTime': '2026-11-24T09:00:00',
    'Declaration/GoodsShipment/Importer/ID': declarant,
    'Declaration/FunctionalReferenceID': 'FORGED',
  })
  assert.equal((await hand(xk, forged)).kind, 'accepted')
  assert.deepEqual(await listed(xk, 'prizren'), ['import accepted 1', 'partner-export draft 1'])
  const { id } = (await summaries(xk, 'prizren')).find(({ side }) => side === 'import')!
  const seenBy = (trader: string) => xk.casework.declarations!.view({ ...xk.account('sharr'), id: trader, trader }, id)
  const seen = await seenBy(declarant)
  assert.ok(seen?.elements.every(({ exported, draft: begun }) => exported === null && begun === null))
  assert.deepEqual([seen?.draft, seen?.related], [null, []])
  assert.equal(await seenBy(consignee), undefined)
  assert.equal((await lodge(xk, 'sharr')).kind, 'done')
  assert.equal((await hand(xk, forged, { event: 'cancelled' })).kind, 'accepted')
  assert.deepEqual(await listed(xk, 'prizren'), ['import lodged 1', 'import withdrawn 2', 'partner-export lodged 1'])
})

test('what crosses is what was agreed: an older edition, a state without the import, nothing at all', async () => {
  const older = { agreements: new Map([['NTA.XK', { edition: '1.0', tells: 'nothing' as const }]]) }
  const state = { agreements: new Map([['NTA.AL', { edition: '1.1', tells: 'state' as const }]]) }
  const { al, xk, carry } = (pair = await startPair(older, state))
  await hand(al, exportBlock())
  await carry()
  const page = await pageOf(xk, 'prizren', 'partner-export')
  assert.equal(page.elements.find(({ path }) => path === 'Declaration/GoodsShipment/ExitDateTime')?.exported, undefined)
  assert.ok((await journal(al)).includes('declaration-older-edition'))
  await lodge(xk, 'sharr')
  await carry()
  assert.deepEqual(await listed(al, 'durres'), ['export lodged 1'])
  const elsewhere = exportBlock({
    'Declaration/ID': 'E2',
    'Declaration/GoodsShipment/Destination/CountryCode': 'MK',
  })
  assert.equal((await hand(al, elsewhere)).kind, 'not-shared')
  assert.equal((await summaries(al, 'durres')).length, 1)
})

test('another agency gets its goods and its elements, and nothing else', async () => {
  const agencies = [
    { participant: 'agency:food', commodities: ['2009'], elements: ['Declaration/Exporter/Name', `${item}/Origin`] },
    { participant: 'agency:arms', commodities: ['93'], elements: ['Declaration'] },
  ]
  const { al, xk, carry } = (pair = await startPair({}, { agencies }))
  await hand(al, exportBlock())
  await carry()
  assert.deepEqual(await inMailbox(xk, 'agency:arms'), [])
  const [got, ...more] = await inMailbox(xk, 'agency:food')
  assert.deepEqual(more, [])
  assert.ok(got)
  assert.deepEqual((got.content as { part: object }).part, {
    UtilityBlock: {
      ResponsibleCountryCode: 'AL',
      Declaration: {
        FunctionCode: '9',
        ID: number,
        TypeCode: 'EX',
        Exporter: { Name: 'Malkerns Fruit Canners' },
        GoodsShipment: {
          UCR: { ID: ucr },
          GovernmentAgencyGoodsItem: [
            {
              SequenceNumeric: '2',
              Commodity: { Classification: [{ ID: '20091200', IdentificationTypeCode: 'HS' }] },
              Origin: [{ CountryCode: 'SZ' }],
            },
          ],
        },
      },
    },
  })
})

test('mirror data: what agrees, differs, and is missing on either side, by direction, period and chapter', async () => {
  const { al, xk, carry } = (pair = await startPair())
  const value = `${item}[1]/Commodity/InvoiceLine/ItemChargeAmount`
  const lost = '2026-10-01T08:00:00'
  await hand(al, exportBlock())
  await hand(
    al,
    exportBlock({
      'Declaration/ID': 'E2',
      'Declaration/GoodsShipment/UCR/ID': '6AL-LOST',
      'Declaration/AcceptanceDateTime': lost,
    }),
  )
  await carry()
  const page = (await summaries(xk, 'sharr')).find((each) => each.ucr === ucr)!
  const account = xk.account('sharr')
  const outcome = await xk.casework.declarations!.lodge(account, page.id, {
    version: 1,
    values: {
      'Declaration/FunctionalReferenceID': 'R',
      'Declaration/DeclarationOfficeID': 'XK000301',
      'Declaration/Declarant/ID': consignee,
      [value]: '20000.50',
      'Declaration/InvoiceAmount': '28200.50',
    },
    idempotency: { accountId: 'sharr', key: 'lodge', requestDigest: Buffer.alloc(32) },
  })
  assert.equal(outcome.kind, 'done')
  await carry()
  const period = { from: '2026-10-01', to: '2026-11-30' }
  for (const [node, party, direction] of [
    [al, 'NTA.XK', 'out'],
    [xk, 'NTA.AL', 'in'],
  ] as const) {
    const report = await node.casework.declarations!.mirror({ id: 'test' }, { party, direction, ...period })
    assert.ok(typeof report === 'object')
    const { agrees, differs, ...missing } = report.counts
    assert.deepEqual([agrees, differs, missing['no-import'], missing['no-export']], [0, 1, 1, 0])
    const pairs = report.pairs.map(({ state, exported, imported }) => [state, exported.value, imported.value])
    assert.deepEqual(pairs, [
      ['no-import', '2410.03', '0.00'],
      ['differs', '2410.03', '1410.03'],
    ])
    const november = { from: '2026-11-01', to: '2026-11-30' }
    const ofNovember = await node.casework.declarations!.mirror({ id: 'test' }, { party, direction, ...november })
    assert.equal(typeof ofNovember === 'object' && ofNovember.pairs.length, 1)
    const nothing = { party, direction, ...period, chapter: '99' }
    const juice = await node.casework.declarations!.mirror({ id: 'test' }, nothing)
    assert.equal(typeof juice === 'object' && juice.pairs.length, 0)
  }
  const elsewhere = { party: 'NTA.MK', direction: 'out', ...period } as const
  assert.equal(await al.casework.declarations!.mirror({ id: 'test' }, elsewhere), undefined)
})
