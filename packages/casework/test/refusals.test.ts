/** Bad input: every document that cannot be served is answered by the refusal that the procedure has, and changes nothing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMrn } from '@corridor/customs'
import { groups, text } from '@corridor/procedures'
import {
  accepted,
  accessCode,
  consignee,
  corridorXml,
  declarant,
  declaration,
  errorsOf,
  law,
  newLrn,
  put,
  readDocument,
  released,
  type SentDocument,
  startNode,
  type TestNode,
} from './nodes.ts'

let al: TestNode
let xk: TestNode

before(async () => {
  ;[al, xk] = await Promise.all([startNode('al'), startNode('xk')])
})
after(() => Promise.all([al.stop(), xk.stop()]))

/** Does something at a node that must lead to one document, and to no change of any record. */
async function oneAnswer(node: TestNode, work: () => Promise<void>): Promise<SentDocument> {
  const last = (await node.sent()).at(-1)?.id ?? 0
  const records = await node.db.query('select id, version, state from movement order by id')
  await work()
  const answers = await node.sent(last)
  assert.deepEqual(answers.map(({ type }) => type).length, 1, answers.map(({ type }) => type).join(' '))
  assert.deepEqual(await node.db.query('select id, version, state from movement order by id'), records)
  assert.deepEqual(await node.parked(), [])
  return answers[0] ?? assert.fail()
}

test('a declaration that breaks a rule: CC056C with pointer, code, reason, value and remedy, in the mailbox of its sender', async () => {
  const lrn = newLrn()
  const xml = put(declaration({ lrn }), 'typeOfPackages', 'Q1')
  const answer = await oneAnswer(al, () => al.post('adria', xml))
  assert.deepEqual([answer.type, answer.link, answer.recipient], ['CC056C', 'mailbox', declarant])
  assert.deepEqual(errorsOf(answer.doc), [
    '/CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/Packaging[1]/typeOfPackages 12 CL017 Q1',
  ])
  const said = text(answer.doc, 'TransitOperation.rejectionReason') ?? ''
  assert.match(said, /^Give a code of CL017 \(.*\) that is valid on 2026-11-2\d\.$/)
  assert.equal(text(answer.doc, 'TransitOperation.LRN'), lrn)
  assert.equal(text(answer.doc, 'correlationIdentifier'), /<messageIdentification>(M\d+)/.exec(xml)?.[1])
  const mailbox = await al.casework.mailbox(al.account('adria'), undefined, 100)
  const item = mailbox.at(-1)
  assert.deepEqual([item?.type, item?.lrn, item?.mrn], ['CC056C', lrn, null])
  const [journal] = await al.db.query<{ detail: Record<string, string> }>(
    `select detail from journal where kind = 'movement' order by id desc limit 1`,
  )
  assert.deepEqual([journal?.detail['code'], journal?.detail['state']], ['refused-document', '-'])
  // A refused LRN is free: the mended declaration is taken.
  assert.ok(await accepted(al, declaration({ lrn })))
})

test('what is not well-formed, unknown or of wrong structure: CC917C with line, column, pointer, text and remedy', async () => {
  const good = declaration()
  const cases: [name: string, xml: string | Uint8Array, error: (string | RegExp)[]][] = [
    ['cut off', good.slice(0, 700), ['52', '/CC015C', /./]],
    ['entity', `<!DOCTYPE x [<!ENTITY a "b">]>${good.replace(/<\?xml.*\?>/, '')}`, [/18|52/, /^\/(CC015C)?$/, /./]],
    ['no XML', 'a declaration, in words', ['18', '/', /^This is no XML document .*Send one of the documents/]],
    ['nothing', '', ['18', '/', /./]],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00, 0x3c]), ['18', '/', /./]],
    ['unknown root', good.replaceAll('CC015C', 'CC999C'), ['18', '/CC999C', /CC999C is none that is taken here/]],
    ['not served', '<ncts:CC190C xmlns:ncts="http://ncts.dgtaxud.ec"/>', ['18', '/CC190C', /./]],
    ['wrong namespace', good.replace('http://ncts.dgtaxud.ec', 'http://example.org'), ['15', '/CC015C', /namespace/]],
    [
      'missing element',
      good.replace(/<security>.*<\/security>/, ''),
      ['13', '/CC015C/TransitOperation/security', /^security is required and missing\. .*Add security\./],
    ],
    [
      'too long',
      put(good, 'LRN', 'L'.repeat(23)),
      ['39', '/CC015C/TransitOperation/LRN', /1 to 22 characters.*Shorten/],
    ],
    [
      'unknown element',
      good.replace('<LRN>', '<ERN>1</ERN><LRN>'),
      ['15', '/CC015C/TransitOperation/ERN', /Remove ERN/],
    ],
  ]
  for (const [name, xml, [code = '', pointer = '', words = '']] of cases) {
    const answer = await oneAnswer(al, () => al.post('adria', xml))
    assert.deepEqual([answer.type, answer.recipient], ['CC917C', declarant], name)
    const [error] = groups(answer.doc, 'XMLError')
    const said = (field: string) => text(error, field) ?? ''
    assert.match(said('errorCode'), new RegExp(`^(${typeof code === 'string' ? code : code.source})$`), name)
    if (typeof pointer === 'string') assert.equal(said('errorPointer'), pointer, name)
    else assert.match(said('errorPointer'), pointer, name)
    assert.match(said('errorText'), new RegExp(words), name)
    assert.match(said('errorLineNumber'), /^\d+$/, name)
    assert.match(said('errorColumnNumber'), /^\d+$/, name)
  }
  const twoFaults = put(put(good, 'security', 'XX'), 'reducedDatasetIndicator', 'X')
  const { doc } = await oneAnswer(al, () => al.post('adria', twoFaults))
  assert.deepEqual(
    groups(doc, 'XMLError').map((error) => [text(error, 'errorLineNumber'), text(error, 'originalAttributeValue')]),
    [
      ['12', 'XX'],
      ['13', 'X'],
    ],
  )
})

test('between administrations: CD917C for what cannot be read, CD906C for what breaks a rule, to the party that sent it', async () => {
  const { mrn, CD001C } = await released(al)
  const record = CD001C.toString()
  const torn = await oneAnswer(xk, () => xk.take('CD001C', Buffer.from(record.slice(0, 900))))
  assert.deepEqual([torn.type, torn.link, torn.recipient], ['CD917C', 'as4', 'NTA.AL'])
  assert.match(text(groups(torn.doc, 'XMLError')[0], 'errorText') ?? '', /./)

  const misnamed = await oneAnswer(xk, () => xk.take('CD050C', CD001C))
  assert.deepEqual([misnamed.type, text(groups(misnamed.doc, 'XMLError')[0], 'errorPointer')], ['CD917C', '/CD001C'])

  const faulty = await oneAnswer(xk, () => xk.take('CD001C', Buffer.from(put(record, 'messageType', 'CD050C'))))
  assert.deepEqual([faulty.type, faulty.link, faulty.recipient], ['CD906C', 'as4', 'NTA.AL'])
  assert.deepEqual(errorsOf(faulty.doc), ['/CD001C/messageType 14 CL060 CD050C'])
  assert.equal(text(faulty.doc, 'Header.MRN'), mrn)

  const unread = await oneAnswer(al, () => al.take('CD018C', Buffer.from('<CD018C/>')))
  assert.deepEqual([unread.type, unread.recipient], ['CD917C', 'NTA.XK'])
})

test('N0009: a partner speaks for its own offices only', async () => {
  const { mrn, CD001C } = await released(al)
  // Kosovo's node gets a record that says it is from Albania, sent by somebody who proved to be another.
  const answer = await oneAnswer(al, () =>
    al.take(
      'CD118C',
      {
        messageSender: 'NTA.XK',
        messageRecipient: 'NTA.AL',
        preparationDateAndTime: '2026-11-24T14:00:00',
        messageIdentification: 'X1',
        messageType: 'CD118C',
        TransitOperation: { MRN: mrn, passageDate: '2026-11-24' },
        CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' },
        CustomsOfficeOfTransitActual: { referenceNumber: 'XK000201' },
      },
      { sender: 'NTA.AL' },
    ),
  )
  assert.deepEqual(
    [answer.type, errorsOf(answer.doc)],
    ['CD906C', ['/*/CustomsOfficeOfTransitActual/referenceNumber 14 N0009 XK000201']],
  )
  const record = readDocument('CD001C', CD001C)
  const claimed = await oneAnswer(xk, () => xk.take('CD001C', record, { sender: 'NTA.XK' }))
  assert.deepEqual(errorsOf(claimed.doc), ['/*/CustomsOfficeOfDeparture/referenceNumber 14 N0009 AL000101'])
})

test('93: an MRN from a partner whose check digit is wrong is misspelt, whether there is such a movement or not', async () => {
  const { mrn, CD001C } = await released(al)
  const wrong = `${mrn.slice(0, 17)}${(Number(mrn[17]) + 1) % 10}`
  const answer = await oneAnswer(xk, () =>
    xk.take('CD001C', Buffer.from(put(Buffer.from(CD001C).toString(), 'MRN', wrong))),
  )
  assert.deepEqual([answer.type, errorsOf(answer.doc)], ['CD906C', [`/*/TransitOperation/MRN 93 93 ${wrong}`]])
})

test('N0008: a document of the common domain from a trader is refused by CC906C; N0007: one of a trader from a partner by CD906C', async () => {
  const { CD001C, mrn } = await released(al)
  const fromTrader = await oneAnswer(xk, () => xk.post('sharr', CD001C))
  assert.deepEqual([fromTrader.type, fromTrader.link, fromTrader.recipient], ['CC906C', 'mailbox', consignee])
  assert.deepEqual(
    [text(fromTrader.doc, 'Header.MRN'), errorsOf(fromTrader.doc)],
    [mrn, ['/*/messageSender 14 N0008 NTA.AL']],
  )
  const torn = await oneAnswer(xk, () => xk.post('sharr', CD001C.subarray(0, 900)))
  assert.deepEqual([torn.type, torn.link], ['CC917C', 'mailbox'])

  const xml = declaration()
  const fromPartner = await oneAnswer(al, () => al.take('CC015C', Buffer.from(xml)))
  assert.deepEqual([fromPartner.type, fromPartner.link, fromPartner.recipient], ['CD906C', 'as4', 'NTA.XK'])
  assert.ok(errorsOf(fromPartner.doc).includes(`/*/messageSender 14 N0007 ${declarant}`))
})

test('N0010: a document for an office that is not ours says so, in the name of the office that was asked', async () => {
  const answer = await oneAnswer(al, () => al.post('adria', put(declaration(), 'referenceNumber', 'XK000301')))
  assert.equal(answer.type, 'CC056C')
  assert.ok(
    errorsOf(answer.doc).includes('/*/CustomsOfficeOfDeparture/referenceNumber 12 N0010 NTA'),
    errorsOf(answer.doc).join('\n'),
  )
  assert.equal(text(answer.doc, 'CustomsOfficeOfDeparture.referenceNumber'), 'XK000301')
})

test('refusals by a partner are noted on the movement and never answered; a trader cannot note any', async () => {
  const { mrn } = await released(al)
  const last = (await al.sent()).at(-1)?.id ?? 0
  const header = {
    messageSender: 'NTA.XK',
    messageRecipient: 'NTA.AL',
    preparationDateAndTime: '2026-11-24T14:00:00',
    messageIdentification: 'X1',
  }
  const errors = Array.from({ length: 9_999 }, () => ({ errorPointer: '/CD001C/x', errorCode: '14' }))
  await al.take('CD906C', { ...header, messageType: 'CD906C', Header: { MRN: mrn }, FunctionalError: errors })
  const xmlError = { errorLineNumber: '1', errorColumnNumber: '1', errorCode: '18', errorText: 'What is this?' }
  await al.take('CD917C', { ...header, messageType: 'CD917C', Header: { MRN: mrn }, XMLError: [xmlError] })
  await al.take('CD917C', Buffer.from('not even XML'), { conversation: mrn })
  await al.take('CD906C', Buffer.from('<CD906C/>'), { conversation: mrn })
  assert.deepEqual(await al.sent(last), [])
  assert.deepEqual(await al.parked(), [])
  const view = await al.view('durres', mrn)
  assert.deepEqual(
    view?.trouble.map(({ code }) => code),
    ['partner-refused', 'partner-refused', 'partner-refused', 'partner-refused'],
  )
  assert.ok((view?.trouble[0]?.detail.length ?? 0) <= 2_000)

  const forged = law.messages.get('CD906C')!.write({
    ...header,
    messageType: 'CD906C',
    Header: { MRN: mrn },
    FunctionalError: [{ errorPointer: '/', errorCode: '14' }],
  })
  const answer = await oneAnswer(al, () => al.post('adria', forged))
  assert.equal(answer.type, 'CC917C')
  assert.equal((await al.view('durres', mrn))?.trouble.length, 4)
})

test('N0001: an LRN twice is one movement; the second is refused, also when both come at the same moment', async () => {
  const lrn = newLrn()
  await Promise.all(
    [1, 2, 3].map(() => al.casework.submitTraderMessage(al.account('adria'), Buffer.from(declaration({ lrn })))),
  )
  await al.settle()
  const [row] = await al.db.query<{ n: number }>('select count(*) as n from movement where role = $1 and lrn = $2', [
    'departure',
    lrn,
  ])
  assert.equal(row?.n, 1)
  const refusals = (await al.sent()).filter(({ doc }) =>
    errorsOf(doc).includes(`/CC015C/TransitOperation/LRN 14 N0001 ${lrn}`),
  )
  assert.deepEqual(
    refusals.map(({ type }) => type),
    ['CC056C', 'CC056C'],
  )
})

test('N0005: the simplified procedure is for a consignee with the authorisation C522', async () => {
  const { mrn, CD001C } = await released(al)
  await xk.take('CD001C', CD001C, { conversation: mrn })
  const sender = 'XK820000002'
  const answer = await oneAnswer(xk, () => xk.post('unauthorised', corridorXml('arrival', { sender, mrn })))
  assert.deepEqual([answer.type, answer.recipient], ['CC057C', sender])
  assert.deepEqual(errorsOf(answer.doc), ['/CC007C/Authorisation/type 14 N0005 C522'])
  assert.match(text(answer.doc, 'TransitOperation.rejectionReason') ?? '', /needs an authorisation C522/)
  const other = await oneAnswer(xk, () => xk.post('unauthorised', corridorXml('arrival', { sender: consignee, mrn })))
  assert.deepEqual(
    [other.recipient, errorsOf(other.doc)],
    [sender, [`/*/TraderAtDestination/identificationNumber 14 N0004 ${consignee}`]],
  )
  assert.equal((await xk.view('prizren', mrn))?.status.code, 'expected')
})

test('no refusal carries an access code, whatever is wrong with it', async () => {
  const last = (await al.sent()).at(-1)?.id ?? 0
  for (const [from, to] of [
    [`<accessCode>${accessCode}<`, `<accessCode>${accessCode}${accessCode}<`],
    ['<amountToBeCovered>', '<amountToBeCovered>x'],
    ['<guaranteeType>1<', '<guaranteeType>5<'],
    ['>T1<', '>T9<'],
  ] as const)
    await al.post('adria', declaration().replace(from, to))
  const answers = await al.sent(last)
  assert.equal(answers.length, 4)
  for (const { payload } of answers) assert.ok(!payload.toString().includes(accessCode))
  const [journal] = await al.db.query<{ all: string }>(`select string_agg(detail::text, ' ') as all from journal`)
  assert.ok(!journal?.all.includes(accessCode))
})

test('F29 an arrival before its record asks departure for it; one of no partner is refused by CC057C 90 at once', async () => {
  const mrn = '26ALABCDEFGHIJK1J6'
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  assert.equal(text((await xk.lastSent('CD002C')).doc, 'TransitOperation.MRN'), mrn)
  const strange = makeMrn('26', 'DE', 'ABCDEFGHIJK1', 'J')
  const answer = await oneAnswer(xk, () =>
    xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn: strange })),
  )
  assert.deepEqual([answer.type, answer.recipient], ['CC057C', consignee])
  assert.deepEqual(errorsOf(answer.doc), [`/*/TransitOperation/MRN 90 90 ${strange}`])
})
