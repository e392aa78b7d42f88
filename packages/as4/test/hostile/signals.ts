import {
  ebmsError,
  type OpenedMessage,
  type Reference,
  sealError,
  sealPullRequest,
  sealReceipt,
  type Wire,
} from '@corridor/as4'
import { replace, resignMessaging, rewrite } from '../forge.ts'
import { albania, authority, kosovo, NOW, openAtKosovo, sealed } from '../support.ts'
import { casesOf, MPC, SENT } from './case.ts'

// Receipts and errors: as answers to a message of ours, and as messages that come by themselves.

const options = { messageId: 'r@nta.xk', timestamp: NOW, identity: kosovo }
const opened = openAtKosovo(SENT) as OpenedMessage
const stranger = await authority.issue({ commonName: 'NTA.RS' })
const zeros = Buffer.alloc(32).toString('base64')

const receipt = (changes: Partial<{ references: Reference[]; messageId: string }> = {}, identity = kosovo): Wire =>
  sealReceipt(
    {
      message: { messageId: changes.messageId ?? SENT.messageId },
      references: changes.references ?? opened.references,
    },
    { ...options, identity },
  )
const error = (ref: string | undefined = SENT.messageId, identity = kosovo): Wire =>
  sealError(ebmsError('EBMS:0004'), { ...options, identity, refToMessageId: ref })
const unsigned = (wire: Wire): Wire => rewrite(wire, (xml) => replace(xml, /<wsse:Security .*<\/wsse:Security>/s, ''))
/** A signal of Kosovo that says something else, and is signed again by Kosovo. */
const signed = (wire: Wire, what: string | RegExp, by: string | ((found: string) => string)) => (): Wire =>
  resignMessaging((xml) => replace(xml, what, by), wire, kosovo)
const text =
  (body: string, contentType = 'application/soap+xml') =>
  (): Wire => ({
    contentType,
    body: Buffer.from(body),
  })
const fault = (namespace: string): string =>
  `<e:Envelope xmlns:e="${namespace}"><e:Body><e:Fault><faultcode>e:Server</faultcode></e:Fault></e:Body></e:Envelope>`
const RECEIPT = /<eb:Receipt>.*<\/eb:Receipt>/s
const INFORMATION = /<ebbp:NonRepudiationInformation.*<\/ebbp:NonRepudiationInformation>/s
const ERROR = /<eb:Error .*<\/eb:Error>/s

export const ANSWERS = casesOf('ebMS', [
  ['receipt for a message that nobody sent', 'unusable', () => receipt({ messageId: 'no@body' })],
  [
    'receipt that repeats another digest',
    'unusable',
    () => receipt({ references: opened.references.map((each) => ({ ...each, digest: zeros })) }),
  ],
  ['receipt that leaves one digest out', 'unusable', () => receipt({ references: opened.references.slice(1) })],
  [
    'receipt that repeats one digest twice',
    'unusable',
    () => receipt({ references: [opened.references[0]!, ...opened.references.slice(0, -1)] }),
  ],
  [
    'receipt with one digest more',
    'unusable',
    () => receipt({ references: [...opened.references, { ...opened.references[0]!, uri: '#more' }] }),
  ],
  [
    'receipt without references',
    'unusable',
    signed(receipt(), /<ebbp:MessagePartNRInformation>.*<\/ebbp:MessagePartNRInformation>/s, ''),
  ],
  ['receipt without non-repudiation information', 'unusable', signed(receipt(), INFORMATION, '')],
  [
    'receipt that holds the whole message instead',
    'unusable',
    signed(receipt(), INFORMATION, '<eb:UserMessage></eb:UserMessage>'),
  ],
  ['receipt with the information twice', 'unusable', signed(receipt(), INFORMATION, (found) => found + found)],
  ['receipt that is not signed', 'unusable', () => unsigned(receipt())],
  ['receipt that another party signed', 'unusable', () => receipt({}, stranger)],
  ['receipt that we signed ourselves', 'unusable', () => receipt({}, albania)],
  [
    'receipt that was changed after it was signed',
    'unusable',
    () => rewrite(receipt(), (xml) => replace(xml, '>r@nta.xk<', '>s@nta.xk<')),
  ],
  [
    'receipt of another message with its id changed',
    'unusable',
    () => rewrite(receipt({ messageId: 'no@body' }), (xml) => replace(xml, '>no@body<', `>${SENT.messageId}<`)),
  ],
  [
    'receipt and error in one',
    'unusable',
    signed(receipt(), RECEIPT, (found) => `${found}<eb:Error errorCode="EBMS:0004" severity="failure"></eb:Error>`),
  ],
  ['two receipts in one', 'unusable', signed(receipt(), RECEIPT, (found) => found + found)],
  [
    'receipt by a certificate that is past',
    'unusable',
    () => receipt(),
    { now: new Date(kosovo.certificate.validToDate.getTime() + 1000) },
  ],
  ['error that is not signed', 'unsigned error', () => unsigned(error())],
  ['error that another party signed', 'unusable', () => error(SENT.messageId, stranger)],
  ['error about another message', 'unusable', () => error('no@body')],
  ['error about another message, not signed', 'unusable', () => unsigned(error('no@body'))],
  [
    'error about no message',
    'unusable',
    () =>
      unsigned(
        rewrite(error('no@body'), (xml) =>
          xml.replace(/<eb:RefToMessageId>.*<\/eb:RefToMessageId>/, '').replace('refToMessageInError="no@body"', ''),
        ),
      ),
  ],
  ['error without a code', 'unusable', signed(error(), ' errorCode="EBMS:0004"', '')],
  ['error with a code of a kilobyte', 'unusable', signed(error(), 'EBMS:0004', 'E'.repeat(1024))],
  ['error of unknown severity', 'unusable', signed(error(), 'severity="failure"', 'severity="fatal"')],
  [
    '30,000 errors',
    'unusable',
    signed(error(), ERROR, () => '<eb:Error errorCode="E" severity="failure"></eb:Error>'.repeat(9_000)),
  ],
  ['our own message sent back', 'unusable', () => SENT],
  ['a user message as an answer', 'unusable', () => sealed({ messageId: 'other@nta.al' })],
  ['a Fault of SOAP 1.2', 'unusable', text(fault('http://www.w3.org/2003/05/soap-envelope'))],
  ['a Fault of SOAP 1.1', 'unusable', text(fault('http://schemas.xmlsoap.org/soap/envelope/'), 'text/xml')],
  ['a page of HTML', 'unusable', text('<html><body>It works!</body></html>', 'text/html')],
  ['a page of HTML said to be SOAP', 'unusable', text('<html><body>It works!</body></html>')],
  ['nothing', 'unusable', text('')],
  ['half a receipt', 'unusable', () => ({ ...receipt(), body: receipt().body.subarray(0, 2000) })],
  [
    'receipt with attachments',
    'unusable',
    () => ({
      contentType: 'multipart/related; boundary=b',
      body: Buffer.concat([
        Buffer.from('--b\r\nContent-Type: application/soap+xml\r\n\r\n'),
        receipt().body,
        Buffer.from('\r\n--b\r\nContent-ID: <a@b>\r\n\r\nx\r\n--b--'),
      ]),
    }),
  ],
])

export const SIGNALS = casesOf('ebMS', [
  ['receipt that comes by itself', 'signal', () => receipt()],
  ['error that comes by itself, not signed', 'signal', () => unsigned(error())],
  ['error about an error', 'signal', () => error('r@nta.xk')],
  [
    'error about itself',
    'signal',
    () => sealError(ebmsError('EBMS:0004'), { ...options, refToMessageId: options.messageId }),
  ],
  ['signal without MessageInfo', 'EBMS:0009', signed(error(), /<eb:MessageInfo>.*<\/eb:MessageInfo>/s, '')],
  ['signal of no known kind', 'EBMS:0009', signed(error(), ERROR, '<eb:Other></eb:Other>')],
  ['signal without content', 'EBMS:0009', signed(error(), ERROR, '')],
  ['signal with a bad RefToMessageId', 'EBMS:0009', signed(error(), /(?<=<eb:RefToMessageId>)[^<]+/, 'x')],
  ['receipt by itself, without non-repudiation information', 'EBMS:0302', signed(receipt(), INFORMATION, '')],
  [
    'error by itself, with attachments',
    'EBMS:0007',
    () => ({
      contentType: 'multipart/related; boundary=b',
      body: Buffer.concat([
        Buffer.from('--b\r\nContent-Type: application/soap+xml\r\n\r\n'),
        error().body,
        Buffer.from('\r\n--b\r\nContent-ID: <a@b>\r\n\r\nx\r\n--b--'),
      ]),
    }),
  ],
])

const pull = (mpc = MPC, identity = albania): Wire =>
  sealPullRequest(mpc, { messageId: 'p@nta.al', timestamp: NOW, identity })
const pulled = (what: string | RegExp, by: string | ((found: string) => string)) => (): Wire =>
  resignMessaging((xml) => replace(xml, what, by), pull())

export const PULLS = casesOf('ebMS', [
  ['pull: by whom it may be, as it should be', 'pull', () => pull()],
  ['pull: from a channel that nobody knows', 'EBMS:0010', () => pull('urn:other')],
  ['pull: from the default channel, by saying nothing', 'EBMS:0010', pulled(` mpc="${MPC}"`, '')],
  ['pull: from the channel of another by a property of every object', 'EBMS:0010', () => pull('__proto__')],
  ['pull: by another partner', 'EBMS:0101', () => pull(MPC, stranger)],
  ['pull: by ourselves', 'EBMS:0101', () => pull(MPC, kosovo)],
  ['pull: not signed', 'EBMS:0103', () => unsigned(pull())],
  [
    'pull: from another channel than was signed',
    'EBMS:0101',
    () => rewrite(pull('urn:other'), (xml) => replace(xml, 'urn:other', MPC)),
  ],
  [
    'pull: with a receipt in it',
    'EBMS:0009',
    pulled('</eb:SignalMessage>', '<eb:Receipt></eb:Receipt></eb:SignalMessage>'),
  ],
  ['pull: twice in one', 'EBMS:0009', pulled(/<eb:PullRequest.*<\/eb:PullRequest>/, (found) => found + found)],
  ['pull: of a channel whose name is a kilobyte', 'EBMS:0009', pulled(MPC, 'x'.repeat(2000))],
  ['pull: with a body', 'EBMS:0009', () => rewrite(pull(), (xml) => replace(xml, '</env:Body>', '<x/></env:Body>'))],
  [
    'pull: with an attachment',
    'EBMS:0007',
    () => ({
      contentType: 'multipart/related; boundary=b',
      body: Buffer.concat([
        Buffer.from('--b\r\nContent-Type: application/soap+xml\r\n\r\n'),
        pull().body,
        Buffer.from('\r\n--b\r\nContent-ID: <a@b>\r\n\r\nx\r\n--b--'),
      ]),
    }),
  ],
])
