/** Documents on paper: who may have which of them, when, in which languages. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Account } from '@corridor/registry'
import type { PaperOutcome } from '../src/index.ts'
import {
  accepted,
  accessCode,
  carrier,
  consignee,
  corridorXml,
  declarant,
  grn,
  released,
  startNode,
  type TestNode,
} from './nodes.ts'

let al: TestNode
let xk: TestNode
let carry: ReturnType<typeof carrier>

before(async () => {
  const surroundings = { languageOf: (country: string) => ({ AL: 'sq', XK: 'fr' })[country] }
  ;[al, xk] = await Promise.all([startNode('al', undefined, surroundings), startNode('xk', undefined, surroundings)])
  carry = carrier(al, xk)
})
after(() => Promise.all([al.stop(), xk.stop()]))

const kinds = ['accompanying-document', 'unloading-permission'] as const
const tad = (node: TestNode, account: string | Account, mrn: string, wish = {}) =>
  node.casework.movementPaper(typeof account === 'string' ? node.account(account) : account, mrn, kinds[0], wish)
const note = (account: string, mrn: string) => xk.casework.movementPaper(xk.account(account), mrn, kinds[1])
const pageOf = (outcome: PaperOutcome): string =>
  outcome.kind === 'paper' ? outcome.html : assert.fail(JSON.stringify(outcome))
const languageOf = (page: string): (string | undefined)[] => [
  /<html lang="([^"]+)"/.exec(page)?.[1],
  /class="second" lang="([^"]+)"/.exec(page)?.[1],
]
const papersIn = async (node: TestNode, account: string, mrn: string) => (await node.view(account, mrn))?.papers

test('the accompanying document is there from the release on, for the office of departure and the declarant alone', async () => {
  const waiting = await accepted(al)
  assert.deepEqual(await papersIn(al, 'durres', waiting), [])
  const early = await tad(al, 'durres', waiting)
  assert.ok(early.kind === 'conflict' && /when the goods are released/.test(early.detail))
  assert.equal((await tad(al, 'adria', waiting)).kind, 'conflict')

  const { mrn } = await released(al)
  assert.deepEqual(await papersIn(al, 'durres', mrn), ['accompanying-document'])
  const page = pageOf(await tad(al, 'durres', mrn))
  // Of the holder the declaration has the number alone; his name comes from the register.
  for (const value of [mrn, 'Adria Spedicion Shpk', 'Kopshti i Korçës', 'AA366XF', 'AL-204871', grn, '5000.00 EUR'])
    assert.ok(page.includes(value), value)
  assert.ok(
    page.includes(`>${/\d{4}-\d\d-\d\d/.exec((await al.lastSent('CC029C')).payload.toString())?.[0]}<`),
    'a day',
  )
  assert.ok(!page.includes(accessCode), 'no access code on paper')
  assert.equal(pageOf(await tad(al, 'adria', mrn)), page)
  for (const other of ['tirana', 'durres-arrivals', 'morine', 'guarantor'])
    assert.equal((await tad(al, other, mrn)).kind, 'not-found', other)
  assert.equal((await tad(al, { ...al.account('durres'), office: 'AL000202' }, mrn)).kind, 'not-found')
  assert.equal((await tad(al, 'durres', '26ALABCDEFGHIJK1J6')).kind, 'not-found')
  assert.equal((await tad(xk, 'prizren', mrn)).kind, 'not-found')
})

test('the languages are those of the reader and of the country that the goods go to; they may be chosen', async () => {
  const { mrn } = await released(al)
  const by = async (locale: string, wish = {}) =>
    languageOf(pageOf(await tad(al, { ...al.account('durres'), locale }, mrn, wish)))
  assert.deepEqual(await by('en'), ['en', 'fr'])
  assert.deepEqual(await by('fr'), ['fr', 'sq'], 'the country of departure, when both are the same')
  assert.deepEqual(await by('fa-AF'), ['fa-AF', 'fr'])
  assert.deepEqual(await by('en', { languages: ['ru', 'ar'] }), ['ru', 'ar'])
  assert.deepEqual(await by('en', { languages: ['en'] }), ['en', undefined])
})

test('nothing travels with the document of a movement that was invalidated', async () => {
  const { mrn } = await released(al)
  await carry()
  await al.post('adria', corridorXml('invalidation-request', { sender: declarant, mrn }))
  assert.equal((await al.act('durres', mrn, 'invalidate', { text: 'Sold elsewhere' })).kind, 'done')
  assert.deepEqual(await papersIn(al, 'durres', mrn), [])
  const outcome = await tad(al, 'durres', mrn)
  assert.ok(outcome.kind === 'conflict' && /invalidated/.test(outcome.detail), JSON.stringify(outcome))
})

test('the note of an unloading permission is there when unloading is permitted, for the office and the trader there', async () => {
  const { mrn } = await released(al)
  await carry()
  assert.equal((await note('prizren', mrn)).kind, 'conflict')
  assert.equal((await note('sharr', mrn)).kind, 'not-found', 'he has not told of an arrival yet')
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  await carry()
  assert.deepEqual(await papersIn(xk, 'prizren', mrn), [])
  assert.equal((await note('sharr', mrn)).kind, 'conflict')
  assert.equal((await xk.act('prizren', mrn, 'permit-unloading')).kind, 'done')
  assert.deepEqual(await papersIn(xk, 'prizren', mrn), ['unloading-permission'])
  const page = pageOf(await note('prizren', mrn))
  for (const value of [mrn, 'Sharr Cargo Sh.p.k.', 'Prizren', 'Wooden furniture', 'AL-204872'])
    assert.ok(page.includes(value), value)
  assert.equal(pageOf(await note('sharr', mrn)), page)
  for (const other of ['vermice', 'peja', 'prishtina', 'unauthorised'])
    assert.equal((await note(other, mrn)).kind, 'not-found', other)
  await xk.post('sharr', corridorXml('unloading-remarks', { sender: consignee, mrn }))
  assert.equal((await note('prizren', mrn)).kind, 'paper', 'it can be printed again')
})

test('the receipt of a guarantee is for its office and its holder; of an open amount when one is named', async () => {
  const { mrn } = await released(al)
  const receipt = (account: string, number = grn, wish = {}) =>
    al.casework.guaranteePaper(al.account(account), number, wish)
  const page = pageOf(await receipt('tirana'))
  for (const value of [grn, 'Adria Spedicion Shpk', '250000.00 EUR', mrn, 'AL000901'])
    assert.ok(page.includes(value), value)
  assert.ok(!page.includes(accessCode))
  assert.ok(pageOf(await receipt('adria')).includes(mrn))
  const one = pageOf(await receipt('tirana', grn, { mrn }))
  assert.equal(one.match(/26AL[A-Z0-9]{14}</g)?.length, 1, 'that movement alone')
  assert.equal((await receipt('tirana', grn, { mrn: '26ALABCDEFGHIJK1J6' })).kind, 'conflict')
  assert.equal((await receipt('adria', '26AL0009010000037')).kind, 'not-found', 'of another holder')
  assert.equal((await receipt('tirana', '26AL0009010000037')).kind, 'paper')
  for (const other of ['durres', 'guarantor', 'morine']) assert.equal((await receipt(other)).kind, 'not-found', other)
  assert.equal((await receipt('tirana', '26AL0009010000091')).kind, 'not-found')
})

test('the receipt for one movement has its amount, however many others were open before', async () => {
  const other = '26AL0009010000037'
  const one = '26AL000000000601J0'
  await al.db.query(
    `with entered as (
       insert into guarantee_transaction
         (grn, op, debit, credit, amount, currency, mrn, office, document_type, reason, actor, at, available_after, locked_after, liable_after)
       select $1, 'lock', 'available', 'locked', 1, 'EUR', '26AL000000000' || n || 'J0', 'AL000301', '', '', 'test', now(), 0, n, 0
       from generate_series(100, 601) as n order by n
       returning id, mrn
     )
     insert into guarantee_lock (id, grn, mrn, amount, state) select id, $1, mrn, 1, 'locked' from entered`,
    [other],
  )
  const receipt = (wish = {}) => al.casework.guaranteePaper(al.account('tirana'), other, wish)
  assert.ok(!pageOf(await receipt()).includes(one), 'it is the last of 502')
  const page = pageOf(await receipt({ mrn: one }))
  assert.equal(page.match(/26AL000000000\d{3}J0</g)?.join(), `${one}<`)
})
