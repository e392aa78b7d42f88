/** Codes are national in each node and common on the way between them. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { compileCorrespondence, type Correspondence, overlayCodeLists } from '@corridor/customs'
import { accepted, declaration, directoryOf, errorsOf, law, put, startNode, type TestNode } from './nodes.ts'

const head = ['#name\tKinds of packages', '#source\tthis test', '#version\t1', '#status\tillustrative']
const madeFor = (party: string, ...rows: string[]): Correspondence =>
  compileCorrespondence(
    [
      ...head,
      `#from\t${party}\n#to\tcommon\n#owner\t${party}`,
      'list\tfrom\tto\tdirection\tvalidFrom\tvalidTo\tnote',
      ...rows.map((row) => `CL017\t${row}`),
    ].join('\n'),
    party,
  )
const others = '=\t=\tboth\t\t\t'
const albania = madeFor('NTA.AL', 'Q7\tCT\tboth\t\t\t', 'Q5\t\tforward\t\t\tonly within Albania', others)
const withoutQ6 = madeFor('NTA.AL', 'Q7\tCT\tboth\t\t\t', 'Q6\t\tforward\t\t\tgiven up', others)
const kosovo = madeFor('NTA.XK', 'K7\tCT\tboth\t\t\t', '\tBX\tback\t\t\tno boxes in Kosovo', others)

/** The law of a node with codes of its own. */
const lawWith = (...codes: string[]): typeof law => ({
  ...law,
  codeLists: overlayCodeLists(law.codeLists, {
    own: [...head, 'lists\tcode\tvalidFrom\tvalidTo\ttext_en', ...codes.map((code) => `CL017\t${code}`)].join('\n'),
  }),
})

let current = albania
let al: TestNode
let xk: TestNode
before(async () => {
  const changing: Correspondence = { ...albania, translate: (...code) => current.translate(...code) }
  ;[al, xk] = await Promise.all([
    startNode('al', directoryOf('al'), { law: lawWith('Q7', 'Q6', 'Q5'), correspondence: changing }),
    startNode('xk', directoryOf('xk'), { law: lawWith('K7'), correspondence: kosovo }),
  ])
})
after(() => Promise.all([al.stop(), xk.stop()]))

const packedIn = (kind: string) => put(declaration(), 'typeOfPackages', kind)
const kindsIn = (xml: Uint8Array) =>
  [
    ...Buffer.from(xml)
      .toString()
      .matchAll(/typeOfPackages>([^<]+)</g),
  ].map(([, kind]) => kind)
const place = 'Consignment/HouseConsignment[1]/ConsignmentItem[1]/Packaging[1]/typeOfPackages'

test('a national code crosses as the common one and is the partner’s own there; what came is kept as it came', async () => {
  const mrn = await accepted(al, packedIn('Q7'))
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  assert.equal((await al.view('durres', mrn))?.goods[0]?.packageType, 'Q7')
  const record = (await al.lastSent('CD001C')).payload
  assert.deepEqual(kindsIn(record), ['CT', 'CT', 'CT'])
  await xk.take('CD001C', record)
  assert.deepEqual(await xk.sent(), [])
  const view = await xk.view('prizren', mrn)
  assert.deepEqual(
    view?.goods.map(({ packageType }) => packageType),
    ['K7', 'K7', 'K7'],
  )
  const stored = await xk.db.query<{ payload: Buffer }>('select payload from inbox')
  assert.deepEqual(stored.at(-1)?.payload, record)
  // Documents to a trader or an office of the same administration do not cross.
  assert.deepEqual(kindsIn((await al.lastSent('CC029C')).payload)[0], 'Q7')
})

test('a partner’s code without a counterpart is refused, by its path and with its value', async () => {
  const mrn = await accepted(al, packedIn('BX'))
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  await xk.take('CD001C', (await al.lastSent('CD001C')).payload)
  assert.deepEqual(errorsOf((await xk.lastSent('CD906C')).doc), [`/CD001C/${place} 12 N0018 BX`])
  assert.equal(await xk.view('prizren', mrn), undefined)
})

test('a code that is wrong on this side is refused as the partner wrote it', async () => {
  const mrn = await accepted(al, packedIn('Q7'))
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  const record = (await al.lastSent('CD001C')).payload.toString()
  const unknown = await startNode('xk', directoryOf('xk'), { correspondence: kosovo })
  await unknown.take('CD001C', Buffer.from(record))
  assert.equal(errorsOf((await unknown.lastSent('CD906C')).doc)[0], `/CD001C/${place} 12 CL017 CT`)
  await unknown.stop()
})

test('a declaration whose code could not cross is refused before anything is decided', async () => {
  await al.post('adria', packedIn('Q5'))
  assert.deepEqual(errorsOf((await al.lastSent('CC056C')).doc), [`/CC015C/${place} 12 N0019 Q5`])
})

test('a code that lost its counterpart on the way is sent as it is, and the movement says so', async () => {
  const mrn = await accepted(al, packedIn('Q6'))
  current = withoutQ6
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  assert.deepEqual(kindsIn((await al.lastSent('CD001C')).payload), ['Q6', 'CT', 'CT'])
  const trouble = (await al.view('durres', mrn))?.trouble.find(({ code }) => code === 'no-counterpart')
  assert.equal(trouble?.detail, `Q6 /CD001C/${place}`)
  await xk.take('CD001C', (await al.lastSent('CD001C')).payload)
  assert.equal(errorsOf((await xk.lastSent('CD906C')).doc)[0], `/CD001C/${place} 12 CL017 Q6`)
})
