/** A code list changes while a movement is under way: what was right when the declaration was accepted stays right. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { overlayCodeLists } from '@corridor/customs'
import { accepted, declaration, directoryOf, errorsOf, law, put, startNode, type TestNode } from './nodes.ts'

const dayMs = 86_400_000
const today = Date.UTC(2026, 10, 24, 14)
let aheadMs = 0
const clock = (): Date => new Date(today + aheadMs)

/** Packages of the kind Q9 are declared until the 24th, of the kind Q8 from the 25th. */
const changing: typeof law = {
  ...law,
  codeLists: overlayCodeLists(law.codeLists, {
    packages: [
      '#name\tKinds of packages that change',
      '#source\tthis test',
      '#version\t1',
      '#status\tillustrative',
      'lists\tcode\tvalidFrom\tvalidTo\ttext_en',
      'CL017\tQ9\t\t2026-11-24\told',
      'CL017\tQ8\t2026-11-25\t\tnew',
    ].join('\n'),
  }),
}

let al: TestNode
let xk: TestNode

before(async () => {
  const around = { clock, law: changing }
  ;[al, xk] = await Promise.all([
    startNode('al', directoryOf('al'), around),
    startNode('xk', directoryOf('xk'), around),
  ])
})
after(() => Promise.all([al.stop(), xk.stop()]))

const packedIn = (kind: string) => put(declaration(), 'typeOfPackages', kind)
const pointer = '/CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/Packaging[1]/typeOfPackages'

test('F64 a code that ends after the acceptance is taken by the offices on the way, and a new declaration with it is refused', async () => {
  const mrn = await accepted(al, packedIn('Q9'))
  aheadMs = dayMs
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  const record = (await al.lastSent('CD001C')).payload
  assert.match(record.toString(), /<typeOfPackages>Q9</)
  await xk.take('CD001C', record)
  assert.deepEqual(await xk.sent(), [])
  assert.equal((await xk.view('prizren', mrn))?.status.code, 'expected')

  await al.post('adria', packedIn('Q9'))
  assert.deepEqual(errorsOf((await al.lastSent('CC056C')).doc), [`${pointer} 12 CL017 Q9`])
  assert.ok(await accepted(al, packedIn('Q8')))
})

test('F64 the day of the law is that of the offices: after midnight in Tirana a code that begins is taken, here and on the way', async () => {
  // Half past eleven in the evening of the 24th in UTC.
  aheadMs = 9.5 * 3_600_000
  const mrn = await accepted(al, packedIn('Q8'))
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  const record = (await al.lastSent('CD001C')).payload
  assert.match(record.toString(), /<declarationAcceptanceDate>2026-11-25</)
  await xk.take('CD001C', record)
  assert.equal((await xk.view('prizren', mrn))?.status.code, 'expected')
  await al.post('adria', packedIn('Q9'))
  assert.deepEqual(errorsOf((await al.lastSent('CC056C')).doc), [`${pointer} 12 CL017 Q9`])
})

test('F64 a code that begins after the acceptance is not taken for a movement from before', async () => {
  aheadMs = 0
  const mrn = await accepted(al, packedIn('Q9'))
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  const record = (await al.lastSent('CD001C')).payload.toString()
  aheadMs = dayMs
  await xk.take('CD001C', Buffer.from(put(record, 'typeOfPackages', 'Q8')))
  const [error] = errorsOf((await xk.lastSent('CD906C')).doc)
  assert.match(error ?? '', /typeOfPackages 12 CL017 Q8$/)
})
