import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  As4Fault,
  checkPMode,
  checkPModes,
  createPModeStore,
  EBMS,
  FOUR_CORNER,
  fourCornerOf,
  iso6523,
  open,
  type Opened,
  type PMode,
  type PModeFinding,
  readEbCoreType,
  replyMessage,
  sealReceipt,
  sealUserMessage,
  testPModeOf,
  type UserMessage,
  verifyReceipt,
  type Wire,
} from '@corridor/as4'
import { sendMessage } from '@corridor/as4/http'
import { customs, identityOf, messageOf, NOW, pmodeOf, root, trader } from './profile-support.ts'

const PROFILE = 'edelivery-1.15'
const atTrader = pmodeOf(customs, PROFILE)
const atCustoms = pmodeOf(trader, PROFILE)
const isFault = (code: string) => (error: unknown) => error instanceof As4Fault && error.code === code
const places = (findings: readonly PModeFinding[]): string[] => findings.map(({ place }) => place)

const seal = (pmode: PMode, changes: Partial<UserMessage> = {}): Wire =>
  sealUserMessage(messageOf(pmode, changes), pmode, identityOf(trader, PROFILE))

function openWith(wire: Wire, pmodes: readonly PMode[], more: Partial<Parameters<typeof open>[1]> = {}): Opened {
  const store = createPModeStore(pmodes)
  assert.ok(store.ok, JSON.stringify(store))
  const identity = identityOf(customs, PROFILE)
  return open(wire, { identity, findPMode: store.value.find, now: NOW, ...more })
}

const outcome = (opened: Opened): string =>
  opened.kind === 'refused'
    ? `${opened.error.code} ${opened.detail}`
    : opened.kind === 'user'
      ? opened.pmode.id
      : opened.kind

test('selection: by party, role, service, action, agreement and channel, each with its type', () => {
  const agreement = { value: 'a1', type: 't' }
  const variants: PMode[] = [
    { ...atCustoms, id: 'plain' },
    { ...atCustoms, id: 'agreement', agreement },
    { ...atCustoms, id: 'agreement-type', agreement: { value: 'a1' } },
    { ...atCustoms, id: 'service-type', service: { ...atCustoms.service, type: 't' } },
    { ...atCustoms, id: 'role', initiator: { ...atCustoms.initiator, role: 'other' } },
    { ...atCustoms, id: 'party-type', initiator: { ...atCustoms.initiator, type: iso6523('0088') } },
    { ...atCustoms, id: 'responder', responder: { ...atCustoms.responder, id: 'else' } },
    { ...atCustoms, id: 'mpc', mpc: 'urn:mpc' },
    { ...atCustoms, id: 'action-b', service: { value: 's' }, actions: ['B'] },
    { ...atCustoms, id: 'action-c', service: { value: 's' }, actions: ['C', 'D'] },
  ]
  const store = createPModeStore(variants)
  assert.ok(store.ok, JSON.stringify(store))
  for (const pmode of variants) {
    const action = pmode.actions?.[0] ?? 'any'
    const { mpc, agreement: ref } = pmode
    const header = messageOf(pmode, { action, mpc, agreement: ref })
    assert.equal(store.value.find(header)?.id, pmode.id)
    assert.equal(store.value.find({ ...header, service: { value: 'unknown' } }), undefined)
  }
  assert.equal(store.value.find(messageOf(variants[8]!, { action: 'A' })), undefined)
  assert.equal(store.value.findByMpc('urn:mpc')?.id, 'mpc')
})

test('selection needs no pmode attribute of AgreementRef, and ignores one', () => {
  const agreement = { value: 'a1' }
  const wire = seal({ ...atTrader, agreement })
  const text = Buffer.from(wire.body).toString('latin1')
  assert.doesNotMatch(text, /pmode=/)
  assert.equal(outcome(openWith(wire, [{ ...atCustoms, agreement }])), atCustoms.id)
  const changed = text.replace('<eb:AgreementRef>', '<eb:AgreementRef pmode="x">')
  const opened = openWith({ ...wire, body: Buffer.from(changed, 'latin1') }, [{ ...atCustoms, agreement }])
  // It is found all the same; only then the signature tells of the change.
  assert.match(outcome(opened), /EBMS:0101/)
})

test('store: create, read, replace, delete, certificates; what does not pass changes nothing', () => {
  const store = createPModeStore([atCustoms])
  assert.ok(store.ok)
  const { value } = store
  const second = { ...atCustoms, id: 'second', service: { value: 's2' } }
  assert.equal(value.create(second).ok, true)
  const again = value.create({ ...second, service: { value: 's3' } })
  assert.deepEqual(!again.ok && places(again.findings), ['/2/id'])
  const rival = value.create({ ...second, id: 'third' })
  assert.match(!rival.ok ? rival.findings[0]!.text : '', /second/)
  assert.deepEqual(
    value.list().map(({ id }) => id),
    [atCustoms.id, 'second'],
  )
  assert.equal(value.replace({ ...second, actions: ['A'] }).ok, true)
  assert.deepEqual(value.get('second')?.actions, ['A'])
  assert.equal(value.find(messageOf(second, { action: 'B' })), undefined)
  assert.equal(value.replace({ ...second, id: 'unknown' }).ok, false)
  assert.equal(value.setCertificate('second', 'nextPartnerCertificate', customs.rsa.certificate).ok, true)
  assert.equal(value.get('second')?.nextPartnerCertificate, customs.rsa.certificate)
  assert.equal(value.setCertificate('second', 'partnerCertificate', trader.ed25519.certificate).ok, false)
  assert.equal(value.get('second')?.partnerCertificate, trader.rsa.certificate)
  assert.equal(value.setCertificate('unknown', 'partnerCertificate', undefined).ok, false)
  assert.deepEqual(value.delete('second'), { ok: true, value: true })
  assert.deepEqual(value.delete('second'), { ok: true, value: false })
  assert.equal(createPModeStore([second, second]).ok, false)
})

test('the test service: a P-Mode for each agreement, a receipt, and a mark for whoever delivers', () => {
  const ping = testPModeOf(atTrader)!
  assert.deepEqual([ping.service.value, ping.actions], [EBMS.testService, [EBMS.testAction]])
  const sent = seal(ping, { action: EBMS.testAction })
  const opened = openWith(sent, [{ ...atCustoms, requiredProperties: FOUR_CORNER }])
  assert.equal(opened.kind, 'user', outcome(opened))
  assert.deepEqual([opened.test, opened.pmode.id], [true, `${atCustoms.id}#test`])
  const receipt = sealReceipt(opened, { messageId: 'r@c.test', timestamp: NOW, identity: customs.rsa })
  assert.deepEqual(verifyReceipt(receipt, { sent, pmode: ping, now: NOW }), { ok: true })
  const business = openWith(seal(atTrader), [atCustoms])
  assert.equal(business.kind === 'user' && business.test, false)
  assert.match(outcome(openWith(sent, [{ ...atCustoms, testService: false }])), /EBMS:0010/)
  const other = { ...atCustoms, agreement: { value: 'other' } }
  assert.match(outcome(openWith(sent, [other])), /EBMS:0010/)
})

test('the test service may be another one', () => {
  const testService = { service: { value: 'urn:our:test' }, action: 'ping' }
  const ping = testPModeOf({ ...atTrader, testService })!
  const sent = seal(ping, { action: 'ping' })
  const opened = openWith(sent, [{ ...atCustoms, testService }])
  assert.equal(opened.kind === 'user' && opened.test, true)
  assert.match(outcome(openWith(sent, [atCustoms])), /EBMS:0010/)
})

test('two-way: an answer names its request and stays in its conversation', () => {
  const { initiator: from, responder: to } = atCustoms
  const reply = { ...atTrader, id: 'c2t', initiator: to, responder: from, replyTo: atTrader.id }
  const atTraderReply = { ...reply, partnerCertificate: customs.rsa.certificate }
  const sending = { ...reply, partnerCertificate: trader.rsa.certificate }
  const request = messageOf(atTrader, { conversationId: 'c-77' })
  const rest = { messageId: 'answer@customs.test', timestamp: NOW, action: 'IE3R01', properties: [], parts: [] }
  const answer = replyMessage(request, sending, rest)
  assert.deepEqual([answer.refToMessageId, answer.conversationId], [request.messageId, 'c-77'])
  const sealAnswer = (message: UserMessage): Wire => sealUserMessage(message, sending, customs.rsa)
  const openAnswer = (wire: Wire, known: Record<string, { conversationId: string }>): Opened => {
    const store = createPModeStore([atTrader, atTraderReply])
    assert.ok(store.ok, JSON.stringify(store))
    const findRequest = (id: string) => known[id]
    return open(wire, { identity: trader.rsa, findPMode: store.value.find, now: NOW, findRequest })
  }
  const known = { [request.messageId]: request }
  const opened = openAnswer(sealAnswer(answer), known)
  assert.equal(opened.kind, 'user', outcome(opened))
  assert.deepEqual([opened.message.refToMessageId, opened.message.conversationId], [request.messageId, 'c-77'])
  assert.match(outcome(openAnswer(sealAnswer(answer), {})), /EBMS:0003 .*no request/)
  assert.match(outcome(openAnswer(sealAnswer({ ...answer, conversationId: 'x' }), known)), /EBMS:0003 .*conversation/)
  const unrelated = { ...answer, refToMessageId: undefined }
  assert.throws(() => sealAnswer(unrelated), isFault('p-mode-mismatch'))
  const wire = sealUserMessage(unrelated, { ...sending, replyTo: undefined }, customs.rsa)
  assert.match(outcome(openAnswer(wire, known)), /EBMS:0003 .*what it answers/)
})

test('four corners: set by the producer, demanded by the P-Mode, handed to the consumer with their types', () => {
  const agreed = (pmode: PMode): PMode => ({ ...pmode, requiredProperties: FOUR_CORNER })
  const properties = [
    { name: 'originalSender', value: 'C1', type: iso6523('0088') },
    { name: 'finalRecipient', value: 'C4' },
    { name: 'trackingIdentifier', value: 'T-1' },
  ]
  const opened = openWith(seal(agreed(atTrader), { properties }), [agreed(atCustoms)])
  assert.equal(opened.kind, 'user', outcome(opened))
  assert.deepEqual(Object.values(fourCornerOf(opened.message)), properties)
  assert.throws(() => seal(agreed(atTrader), { properties: properties.slice(1) }), isFault('p-mode-mismatch'))
  assert.match(
    outcome(openWith(seal(atTrader, { properties: properties.slice(0, 1) }), [agreed(atCustoms)])),
    /EBMS:0010/,
  )
  const fixed = { ...atCustoms, requiredProperties: [{ name: 'finalRecipient', value: 'C4' }] }
  assert.equal(outcome(openWith(seal(atTrader, { properties }), [fixed])), atCustoms.id)
  const wrong = [{ name: 'finalRecipient', value: 'C5' }]
  assert.match(outcome(openWith(seal(atTrader, { properties: wrong }), [fixed])), /EBMS:0010 .*finalRecipient/)
  const typed = { ...atCustoms, requiredProperties: [{ name: 'finalRecipient', type: 't' }] }
  assert.match(outcome(openWith(seal(atTrader, { properties: wrong }), [typed])), /EBMS:0010/)
  assert.deepEqual(Object.values(fourCornerOf({ properties: [] })), [undefined, undefined, undefined])
})

test('ebCore party identifiers are taken apart, and anything else is none', () => {
  const base = 'urn:oasis:names:tc:ebcore:partyid-type:'
  assert.deepEqual(readEbCoreType(iso6523('0088')), { catalog: 'iso6523', scheme: '0088' })
  assert.deepEqual(readEbCoreType(`${base}iso9735:1`), { catalog: 'iso9735', scheme: '1' })
  assert.deepEqual(readEbCoreType(`${base}unregistered`), { catalog: 'unregistered', scheme: undefined })
  const customsType = { catalog: 'unregistered', scheme: 'eu-customs:EORI' }
  assert.deepEqual(readEbCoreType(`${base}unregistered:eu-customs:EORI`), customsType)
  for (const type of [
    '',
    base,
    `${base}iso6523`,
    `${base}iso6523:`,
    `${base}iso6523:a b`,
    `${base}x:1`,
    'urn:x',
    `x${base}iso6523:1`,
  ]) {
    assert.equal(readEbCoreType(type), undefined, type)
  }
})

test('a P-Mode that is sound has no findings, whatever the profile', () => {
  for (const profile of ['edelivery-1.15', 'edelivery-2.0', 'edelivery-2.0-ec', 'ics2']) {
    assert.deepEqual(checkPMode(pmodeOf(customs, profile), NOW), [], profile)
  }
})

const anchors = [root.certificate]
const CASES: [what: string, changes: Partial<PMode>, place: string][] = [
  ['no id', { id: '' }, '/id'],
  ['an unknown profile', { profile: 'x' }, '/profile'],
  ['a role with a line end', { initiator: { ...atTrader.initiator, role: 'a\nb' } }, '/initiator/role'],
  ['a party without id', { responder: { ...atTrader.responder, id: ' ' } }, '/responder/id'],
  ['a bad ebCore type', { initiator: { ...atTrader.initiator, type: iso6523('') } }, '/initiator/type'],
  ['one party', { responder: atTrader.initiator }, '/responder'],
  ['an empty service', { service: { value: '' } }, '/service/value'],
  ['an empty agreement type', { agreement: { value: 'a', type: '' } }, '/agreement/type'],
  ['no actions', { actions: [] }, '/actions'],
  ['an action twice', { actions: ['A', 'A'] }, '/actions'],
  ['an empty action', { actions: ['A', ''] }, '/actions/1'],
  ['the default channel', { mpc: EBMS.defaultMpc }, '/mpc'],
  ['a property twice', { requiredProperties: [{ name: 'a' }, { name: 'a' }] }, '/requiredProperties'],
  ['an empty property', { requiredProperties: [{ name: '' }] }, '/requiredProperties/0/name'],
  ['an empty test action', { testService: { service: { value: 's' }, action: '' } }, '/testService/action'],
  ['nobody to believe', { partnerCertificate: undefined }, '/partnerCertificate'],
  ['no authorities', { trust: { anchors: [] } }, '/trust/anchors'],
  ['anybody of the authority', { partnerCertificate: undefined, trust: { anchors } }, '/trust/subject'],
  ['a certificate of another kind', { partnerCertificate: customs.ed25519.certificate }, '/partnerCertificate'],
  ['a next one of another kind', { nextPartnerCertificate: customs.ec.certificate }, '/nextPartnerCertificate'],
  [
    'one to encrypt for of another kind',
    { partnerEncryptionCertificate: customs.x25519.certificate },
    '/partnerEncryptionCertificate',
  ],
  ['no token reference', { tokens: { accept: [] } }, '/tokens/accept'],
  [
    'nothing that carries a certificate',
    { partnerCertificate: undefined, trust: { anchors, subject: { CN: 'x' } }, tokens: { accept: ['issuer-serial'] } },
    '/tokens/accept',
  ],
]

for (const [what, changes, place] of CASES) {
  test(`checked at load: ${what}`, () => {
    const findings = checkPMode({ ...atTrader, ...changes })
    assert.deepEqual(places(findings), [place], JSON.stringify(findings))
    for (const { text, remedy } of findings) assert.ok(text.length > 5 && remedy.endsWith('.'))
  })
}

test('checked at load: what ics2 does not have', () => {
  const ics2 = pmodeOf(customs, 'ics2')
  const type = `${ics2.initiator.type}`
  for (const [changes, place] of [
    [{ initiator: { ...ics2.initiator, role: 'Importer' } }, '/initiator/role'],
    [{ initiator: { ...ics2.initiator, type: `${type}x` } }, '/initiator/type'],
    [{ initiator: { ...ics2.initiator, id: 'nl12' } }, '/initiator/id'],
    [{ initiator: { ...ics2.initiator, id: 'longerthantwelve@NL12' } }, '/initiator/id'],
    [{ encrypt: true }, '/encrypt'],
    [{ compress: false }, '/compress'],
    [{ replyTo: 'x' }, '/replyTo'],
    [{ requiredProperties: FOUR_CORNER }, '/requiredProperties'],
  ] as const) {
    assert.deepEqual(places(checkPMode({ ...ics2, ...changes })), [place])
  }
  for (const id of ['NL0987654321', 'sys1@NL0987654321', 'NL0987654321@BE', 'sys1@NL0987654321@BE']) {
    assert.deepEqual(checkPMode({ ...ics2, initiator: { ...ics2.initiator, id } }), [])
  }
})

test('checked at load: certificates that are not valid then', () => {
  const later = new Date(NOW.getTime() + 3 * 365 * 86_400_000)
  assert.deepEqual(places(checkPMode(atTrader, later)), ['/partnerCertificate'])
})

test('checked side by side: rivals, lost first legs, shared channels', () => {
  const base = { ...atTrader, id: 'a' }
  const reply = { ...atTrader, id: 'b', initiator: atTrader.responder, responder: atTrader.initiator, replyTo: 'a' }
  assert.deepEqual(checkPModes([base, reply]), [])
  assert.deepEqual(places(checkPModes([base, { ...base, id: 'b' }])), ['/1'])
  assert.deepEqual(
    checkPModes([
      { ...base, actions: ['A'] },
      { ...base, id: 'b', actions: ['B'] },
    ]),
    [],
  )
  assert.deepEqual(
    places(
      checkPModes([
        { ...base, actions: ['A'] },
        { ...base, id: 'b', actions: ['B', 'A'] },
      ]),
    ),
    ['/1'],
  )
  assert.deepEqual(places(checkPModes([reply])), ['/0/replyTo'])
  assert.deepEqual(places(checkPModes([base, { ...base, id: 'b', service: { value: 's' }, replyTo: 'a' }])), [
    '/1/replyTo',
  ])
  const mpc = 'urn:mpc'
  const elsewhere = { ...base, id: 'b', mpc, responder: { ...base.responder, id: 'x' } }
  assert.deepEqual(places(checkPModes([{ ...base, mpc }, elsewhere])), ['/1/mpc'])
})

test('a P-Mode that was not checked is refused when it is used', () => {
  assert.throws(() => seal({ ...atTrader, partnerCertificate: undefined }), isFault('bad-p-mode'))
  const trust = { anchors, subject: { CN: 'customs' } }
  const unpinned = { ...atTrader, partnerCertificate: undefined, trust }
  assert.throws(() => seal(unpinned), isFault('bad-p-mode'))
  seal({ ...unpinned, partnerEncryptionCertificate: customs.rsa.certificate })
})

test('the P-Mode says how often a message without a receipt is sent again; the missing receipt is told to the sender', async () => {
  const retry = { count: 2, intervalMs: 240_000 }
  const pauses: number[] = []
  const sleep = async (ms: number): Promise<void> => void pauses.push(ms)
  // Port 1 of this machine: nobody listens.
  const options = { pmode: { ...atTrader, retry }, now: () => NOW, sleep }
  const result = await sendMessage('http://127.0.0.1:1/', seal(atTrader), options)
  assert.deepEqual([result.kind, result.attempts, pauses], ['missing-receipt', 3, [240_000, 240_000]])
  assert.equal(result.kind === 'missing-receipt' && result.error.code, 'EBMS:0301')
})
