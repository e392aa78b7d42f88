import { EBMS_ERRORS, type EbmsErrorCode, type PMode, sealUserMessage, type Wire } from '@corridor/as4'
import { sendMessage } from '@corridor/as4/http'
import { join } from 'node:path'
import { fieldOf, messageFor, type Scene, senderOptions, textOf, type Wrong } from './exchange.ts'
import { AS4_FACTS } from './peer.ts'
import type { Case } from './plan.ts'
import { certificate, fieldsOf, identityOf, phase4Options, pmodeOf } from './sides.ts'

/** One thing to try about errors. */
export interface ErrorCase {
  name: string
  run: (scene: Scene) => Promise<Wrong>
}

const USUAL: Omit<Case, 'direction'> = {
  profile: 'edelivery1',
  protection: 'sign+encrypt',
  parts: 1,
  compressed: true,
  token: 'x509v3',
  size: '10 kB',
}
const FILE = join(AS4_FACTS, 'wire/p10k.xml')

/** Every code that phase4 has: answered by it, answered by us, posted by it; then refusals for a reason of each side. */
export async function errorCases(scene: Scene): Promise<ErrorCase[]> {
  const codes = (await scene.receiver.ask('codes')).map(([code]) => code)
  return [
    ...codes.map((code) => ({ name: `phase4 answers ${code}`, run: (at: Scene) => phase4Answers(at, code) })),
    ...codes
      .filter((code): code is EbmsErrorCode => Object.hasOwn(EBMS_ERRORS, code))
      .map((code) => ({ name: `we answer ${code}`, run: (at: Scene) => weAnswer(at, code) })),
    ...codes.map((code) => ({ name: `phase4 posts ${code}`, run: (at: Scene) => phase4Posts(at, code) })),
    ...THEIR_REASONS.map(([name, code, change]) => ({
      name: `phase4 refuses ${name} (${code})`,
      run: (at: Scene) => phase4Refuses(at, code, change),
    })),
    ...OUR_REASONS.map(([name, code, change]) => ({
      name: `we refuse ${name} (${code})`,
      run: (at: Scene) => weRefuse(at, code, change),
    })),
  ]
}

async function phase4Answers(scene: Scene, code: string): Promise<Wrong> {
  await receiverIs(scene, { fail: code })
  const pmode = pmodeOf('b', USUAL)
  const sealed = sealUserMessage(messageFor(USUAL), pmode, identityOf('a', USUAL.profile))
  const outcome = await sendMessage(scene.receiverUrl, sealed, { pmode, now: () => new Date() })
  if (outcome.kind !== 'error') return [JSON.stringify({ ...outcome, wire: undefined })]
  const got = outcome.errors.map((each) => each.code).join()
  return got === code && outcome.signed ? [] : [`read as ${got}, ${outcome.signed ? 'signed' : 'not signed'}`]
}

async function weAnswer(scene: Scene, code: EbmsErrorCode): Promise<Wrong> {
  const { ours } = scene
  ours.identity = identityOf('b', USUAL.profile)
  ours.findPMode = () => pmodeOf('a', USUAL)
  ours.onMessage = () => ({ refuse: code, detail: 'as told' })
  await senderIs(scene, {})
  const lines = await scene.sender.ask('send', scene.url, FILE)
  return wrongInError(lines, code)
}

async function phase4Posts(scene: Scene, code: string): Promise<Wrong> {
  scene.ours.reported.length = 0
  await senderIs(scene, { error: code, 'ref-to': 'some@corridor.example' })
  const lines = await scene.sender.ask('error', scene.url)
  const wrong = /\b202\b/.test(fieldOf(lines, 'RESULT') ?? '') ? [] : [`phase4 says: ${textOf(lines)}`]
  const got = scene.ours.reported.join()
  return got === code ? wrong : [...wrong, `read as ${got || 'nothing'}`]
}

type Change = (pmode: PMode) => {
  pmode?: PMode
  action?: string
  wire?: (sealed: Wire) => Wire
  twice?: boolean
  demands?: Record<string, string>
}

/** What phase4 refuses by itself. It cannot tell a broken signature from a failed decryption, and says 0102 for both. */
const THEIR_REASONS: [name: string, code: string, change: Change][] = [
  ['a changed attachment', 'EBMS:0102', () => ({ wire: flip })],
  ['a changed header', 'EBMS:0102', () => ({ wire: (sealed) => replace(sealed, 'conversation-1', 'conversation-2') })],
  [
    'what is encrypted for another',
    'EBMS:0102',
    (pmode) => ({ pmode: { ...pmode, partnerEncryptionCertificate: certificate('a_rsa') } }),
  ],
  [
    'what is not encrypted',
    'EBMS:0103',
    (pmode) => ({ pmode: { ...pmode, encrypt: false }, demands: { 'require-encrypt': 'true' } }),
  ],
  ['an unknown action', 'EBMS:0010', () => ({ action: 'Other', demands: { strict: 'true' } })],
  ['a message that comes twice', 'EBMS:0004', () => ({ twice: true })],
]

async function phase4Refuses(scene: Scene, code: string, change: Change): Promise<Wrong> {
  const usual = pmodeOf('b', USUAL)
  const { pmode = usual, action, wire = (sealed: Wire) => sealed, twice, demands = {} } = change(usual)
  await receiverIs(scene, demands)
  const { actions: _, ...any } = pmode
  const message = messageFor(USUAL)
  const sealed = sealUserMessage({ ...message, action: action ?? message.action }, any, identityOf('a', USUAL.profile))
  const options = { pmode: any, now: () => new Date() }
  const send = () => sendMessage(scene.receiverUrl, { ...sealed, ...wire(sealed) }, options)
  if (twice) await send()
  const outcome = await send()
  const got = outcome.kind === 'error' ? outcome.errors.map((each) => each.code).join() : outcome.kind
  return got === code ? [] : [`phase4 answered ${got}`]
}

type Their = Record<string, string>

/** What we refuse by ourselves when phase4 sends it. */
const OUR_REASONS: [name: string, code: EbmsErrorCode, options: Their][] = [
  ['what is not protected at all', 'EBMS:0103', { sign: 'false', encrypt: 'false' }],
  ['what is encrypted and not signed', 'EBMS:0103', { sign: 'false' }],
  ['what is signed and not encrypted', 'EBMS:0103', { encrypt: 'false' }],
  ['a token that was not agreed', 'EBMS:0103', { 'sign-keyid': 'ISSUER_SERIAL' }],
  ['another signer', 'EBMS:0101', { keystore: join(AS4_FACTS, 'keys/b.p12'), 'sign-alias': 'b_rsa' }],
  ['what is encrypted for another', 'EBMS:0102', { 'recipient-cert': join(AS4_FACTS, 'keys/a_rsa.pem') }],
  ['an unknown action', 'EBMS:0010', { action: 'Other' }],
  ['an unknown sender', 'EBMS:0010', { from: 'party-x' }],
  ['an unknown agreement', 'EBMS:0010', { agreement: 'urn:other' }],
]

async function weRefuse(scene: Scene, code: EbmsErrorCode, options: Their): Promise<Wrong> {
  const { ours } = scene
  let delivered = 0
  ours.identity = identityOf('b', USUAL.profile)
  ours.findPMode = () => pmodeOf('a', USUAL)
  ours.onMessage = () => {
    delivered += 1
  }
  await senderIs(scene, options)
  const lines = await scene.sender.ask('send', scene.url, FILE)
  return [...wrongInError(lines, code), ...(delivered === 0 ? [] : ['it was delivered'])]
}

/** phase4 must have verified our signature on the error, and read its code. */
function wrongInError(lines: Awaited<ReturnType<Scene['sender']['ask']>>, code: EbmsErrorCode): Wrong {
  const [, checked, , got, severity] = lines.find(([word]) => word === 'ERROR') ?? []
  const right = checked === 'true' && got === code && severity === EBMS_ERRORS[code].severity
  return right ? [] : [`phase4 says: ${textOf(lines)}`]
}

async function receiverIs(scene: Scene, options: Record<string, string>): Promise<void> {
  const dir = join(scene.folder, 'phase4')
  await scene.receiver.ask('options', ...fieldsOf({ ...phase4Options('b', USUAL), dir, quiet: 'true', ...options }))
}

async function senderIs(scene: Scene, options: Record<string, string>): Promise<void> {
  const usual = { ...phase4Options('a', USUAL), ...senderOptions(USUAL) }
  await scene.sender.ask('options', ...fieldsOf({ ...usual, ...options }))
}

function flip({ contentType, body }: Wire): Wire {
  const changed = Buffer.from(body)
  const at = changed.length - 200
  changed[at] = changed[at]! ^ 1
  return { contentType, body: changed }
}

function replace({ contentType, body }: Wire, from: string, to: string): Wire {
  const text = Buffer.from(body).toString('latin1')
  return { contentType, body: Buffer.from(text.replace(from, to), 'latin1') }
}
