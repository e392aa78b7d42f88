import assert from 'node:assert/strict'
import type { Wire } from '@corridor/as4'
import { replace, resignMessaging, rewrite } from '../forge.ts'
import { NOW, sealed } from '../support.ts'
import { casesOf } from './case.ts'

// User messages whose header is wrong although, where it matters, the partner himself signed it.

type Change = string | ((found: string) => string)
const signed = (what: string | RegExp, by: Change) => (): Wire => resignMessaging((xml) => replace(xml, what, by))
const envelope = (what: string | RegExp, by: Change) => (): Wire => rewrite(sealed(), (xml) => replace(xml, what, by))
const twice = (found: string): string => found + found
const messageId = (value: string) => signed('>c0ffee@nta.al<', `>${value}<`)
const timestamp = (value: string) => signed(/(?<=<eb:Timestamp>)[^<]+/, value)
const inDays = (days: number): string => new Date(NOW.getTime() + days * 86_400_000).toISOString()
const header = (attributes: string) => envelope('</env:Header>', `<x xmlns="urn:x" ${attributes}/></env:Header>`)
const MESSAGING = /<eb:Messaging.*<\/eb:Messaging>/s
const PROPERTY = /<eb:Property name="originalSender".*?<\/eb:Property>/
const PART_INFO = /<eb:PartInfo .*<\/eb:PartInfo>/
const many = (count: number, write: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => write(n)).join('')
const ebms2 = 'http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd'

export const EBMS_HEADERS = casesOf('ebMS', [
  ['no Messaging', 'EBMS:0009', envelope(MESSAGING, '')],
  ['two Messagings', 'EBMS:0009', envelope(MESSAGING, (found) => found + found.replace('wsu:Id="', 'wsu:Id="x'))],
  ['an empty Messaging', 'EBMS:0009', signed(/<eb:UserMessage>.*<\/eb:UserMessage>/s, '')],
  [
    'a Messaging in another namespace, which must be understood',
    'EBMS:0008',
    envelope('ebxml-msg/ebms/v3.0/ns/core/200704/" xmlns:env', 'x" xmlns:env'),
  ],
  [
    'a header of ebXML 2 beside it, which must be understood',
    'EBMS:0008',
    envelope('</env:Header>', `<m:MessageHeader xmlns:m="${ebms2}" env:mustUnderstand="1"/></env:Header>`),
  ],
  [
    'the Messaging in the Body',
    'EBMS:0009',
    envelope(/(<eb:Messaging.*<\/eb:Messaging>)(<\/env:Header><env:Body[^>]*>)/s, '$2$1'),
  ],
  ['the Messaging in another header', 'EBMS:0009', envelope(MESSAGING, (found) => `<x xmlns="urn:x">${found}</x>`)],
  ['two UserMessages', 'EBMS:0009', signed(/<eb:UserMessage>.*<\/eb:UserMessage>/s, twice)],
  [
    'a SignalMessage beside the UserMessage',
    'EBMS:0009',
    signed('</eb:UserMessage>', '</eb:UserMessage><eb:SignalMessage></eb:SignalMessage>'),
  ],
  ['a message of an unknown kind', 'EBMS:0009', signed(/eb:UserMessage/g, 'eb:OtherMessage')],
  [
    'SOAP 1.1',
    'EBMS:0009',
    envelope(/http:\/\/www\.w3\.org\/2003\/05\/soap-envelope/g, 'http://schemas.xmlsoap.org/soap/envelope/'),
  ],
  [
    'a Fault in the Body',
    'EBMS:0009',
    envelope('</env:Body>', '<env:Fault><env:Code><env:Value>env:Sender</env:Value></env:Code></env:Fault></env:Body>'),
  ],
  ['a payload in the Body', 'EBMS:0009', envelope('</env:Body>', '<CD001C/></env:Body>')],
  ['a header that must be understood, "true"', 'EBMS:0008', header('env:mustUnderstand="true"')],
  ['a header that must be understood, "1" with spaces', 'EBMS:0008', header('env:mustUnderstand=" 1 "')],
  ['a header that must be understood, misspelt', 'EBMS:0008', header('env:mustUnderstand="TRUE"')],
  [
    'WS-Addressing that must be understood',
    'EBMS:0008',
    envelope(
      '</env:Header>',
      '<wsa:ReplyTo xmlns:wsa="http://www.w3.org/2005/08/addressing" env:mustUnderstand="true"><wsa:Address>http://127.0.0.1:9/</wsa:Address></wsa:ReplyTo></env:Header>',
    ),
  ],
  [
    'WS-Addressing that nobody must understand',
    'as sent',
    envelope(
      '</env:Header>',
      '<wsa:ReplyTo xmlns:wsa="http://www.w3.org/2005/08/addressing"><wsa:Address>http://127.0.0.1:9/</wsa:Address></wsa:ReplyTo></env:Header>',
    ),
  ],
  [
    'a message fragment, which must be understood',
    'EBMS:0008',
    envelope(
      '</env:Header>',
      '<mf:MessageFragment xmlns:mf="http://docs.oasis-open.org/ebxml-msg/ns/ebms/mf/2010/04/" env:mustUnderstand="true"/></env:Header>',
    ),
  ],
  ['a Messaging for another role', 'EBMS:0009', envelope('<eb:Messaging ', '<eb:Messaging env:role="urn:x" ')],
  [
    'a Security for the next role',
    'EBMS:0009',
    envelope('<wsse:Security ', '<wsse:Security env:role="http://www.w3.org/2003/05/soap-envelope/role/next" '),
  ],
  ['no MessageInfo', 'EBMS:0009', signed(/<eb:MessageInfo>.*<\/eb:MessageInfo>/, '')],
  ['no PartyInfo', 'EBMS:0009', signed(/<eb:PartyInfo>.*<\/eb:PartyInfo>/, '')],
  ['no CollaborationInfo', 'EBMS:0009', signed(/<eb:CollaborationInfo>.*<\/eb:CollaborationInfo>/, '')],
  ['no ConversationId', 'EBMS:0009', signed(/<eb:ConversationId>.*<\/eb:ConversationId>/, '')],
  ['two ConversationIds', 'EBMS:0009', signed(/<eb:ConversationId>.*<\/eb:ConversationId>/, twice)],
  ['no To', 'EBMS:0009', signed(/<eb:To>.*<\/eb:To>/, '')],
  ['two Froms', 'EBMS:0009', signed(/<eb:From>.*<\/eb:From>/, twice)],
  ['two PartyIds', 'EBMS:0009', signed(/<eb:PartyId .*?<\/eb:PartyId>/, twice)],
  ['elements in another namespace', 'EBMS:0009', signed(/eb:Action>/g, 'x:Action>')],
  [
    'an element of the profile in no namespace',
    'EBMS:0009',
    signed(/<eb:Action>.*<\/eb:Action>/, '<Action>CD001C</Action>'),
  ],
  ['an unknown sender', 'EBMS:0010', signed('>NTA.AL<', '>NTA.RS<')],
  ['an unknown recipient', 'EBMS:0010', signed('>NTA.XK<', '>NTA.MK<')],
  ['a sender in small letters', 'EBMS:0010', signed('>NTA.AL<', '>nta.al<')],
  ['a sender with a letter that looks the same', 'EBMS:0010', signed('>NTA.AL<', '>NTА.AL<')],
  ['a sender without the type of its id', 'EBMS:0010', signed(/(?<=<eb:From><eb:PartyId) type="[^"]+"/, '')],
  [
    'sender and recipient exchanged',
    'EBMS:0010',
    () =>
      resignMessaging((xml) =>
        xml.replace('>NTA.AL<', '>?<').replace('>NTA.XK<', '>NTA.AL<').replace('>?<', '>NTA.XK<'),
      ),
  ],
  ['an unknown role', 'EBMS:0010', signed('/responder<', '/bystander<')],
  ['an unknown service', 'EBMS:0010', signed('service:transit<', 'service:other<')],
  ['a service of another type', 'EBMS:0010', signed('<eb:Service>', '<eb:Service type="urn:x">')],
  ['an unknown agreement', 'EBMS:0010', signed('agreement:al-xk<', 'agreement:al-mk<')],
  ['no agreement', 'EBMS:0010', signed(/<eb:AgreementRef>.*<\/eb:AgreementRef>/, '')],
  ['an action that is not agreed', 'EBMS:0010', signed('>CD001C<', '>CD999C<'), { pmode: { actions: ['CD001C'] } }],
  [
    'an action named as a property of every object',
    'EBMS:0010',
    signed('>CD001C<', '>constructor<'),
    { pmode: { actions: ['CD001C'] } },
  ],
  [
    'the P-Mode it should go by, told by the sender',
    'as sent',
    signed('<eb:AgreementRef>', '<eb:AgreementRef pmode="open-to-all">'),
  ],
  ['a MessageId without a domain', 'EBMS:0009', messageId('c0ffee')],
  ['a MessageId with two domains', 'EBMS:0009', messageId('a@b@c d')],
  ['a MessageId in brackets', 'EBMS:0009', messageId('&lt;c0ffee@nta.al&gt;')],
  ['a MessageId of a kilobyte', 'EBMS:0009', messageId(`${'c'.repeat(1024)}@nta.al`)],
  ['a MessageId of 256 characters', 'EBMS:0009', messageId(`${'c'.repeat(249)}@nta.al`)],
  ['a MessageId with a line end', 'EBMS:0009', messageId('c0ffee@nta.al&#xD;\nX: y')],
  ['a MessageId with a space', 'EBMS:0009', messageId('c0f fee@nta.al')],
  ['a MessageId beyond ASCII', 'EBMS:0009', messageId('caf\u00e9@nta.al')],
  ['an empty MessageId', 'EBMS:0009', messageId(' ')],
  ['two MessageIds', 'EBMS:0009', signed(/<eb:MessageId>.*<\/eb:MessageId>/, twice)],
  [
    'a MessageId that climbs out',
    'opened',
    messageId('../../etc/passwd@nta.al'),
    { check: (message) => assert.equal(message.messageId, '../../etc/passwd@nta.al') },
  ],
  [
    'a RefToMessageId that is none',
    'EBMS:0009',
    signed('</eb:MessageInfo>', '<eb:RefToMessageId>x</eb:RefToMessageId></eb:MessageInfo>'),
  ],
  [
    'a RefToMessageId of a message that nobody sent',
    'opened',
    signed('</eb:MessageInfo>', '<eb:RefToMessageId>no@body</eb:RefToMessageId></eb:MessageInfo>'),
    { check: (message) => assert.equal(message.refToMessageId, 'no@body') },
  ],
  ['a time a year ahead', 'EBMS:0003', timestamp(inDays(365))],
  ['a time a year ago', 'EBMS:0003', timestamp(inDays(-366))],
  ['a time two days ahead', 'EBMS:0003', timestamp(inDays(2))],
  [
    'a time an hour ahead',
    'opened',
    timestamp(inDays(1 / 24)),
    { check: (message) => assert.equal(message.timestamp.toISOString(), inDays(1 / 24)) },
  ],
  [
    'a time a month ago',
    'opened',
    timestamp(inDays(-30)),
    { check: (message) => assert.equal(message.timestamp.toISOString(), inDays(-30)) },
  ],
  ['a time in the year 1', 'EBMS:0003', timestamp('0001-01-01T00:00:00Z')],
  ['a time in the year 10000', 'EBMS:0009', timestamp('10000-01-01T00:00:00Z')],
  ['a time that is a word', 'EBMS:0009', timestamp('now')],
  ['a 30th of February', 'EBMS:0009', timestamp('2026-02-30T00:00:00Z')],
  ['a 61st second', 'EBMS:0009', timestamp('2026-01-01T00:00:61Z')],
  ['a time with a thousand digits', 'EBMS:0009', timestamp(`2026-01-01T00:00:00.${'0'.repeat(1000)}Z`)],
  ['a time in another script', 'EBMS:0009', timestamp('٢٠٢٦-01-01T00:00:00Z')],
  ['no time', 'EBMS:0009', signed(/<eb:Timestamp>.*<\/eb:Timestamp>/, '')],
  ['an Action with a line end', 'EBMS:0009', signed('>CD001C<', '>CD001C\nx<')],
  ['an Action of 2,000 characters', 'EBMS:0009', signed('>CD001C<', `>${'x'.repeat(2000)}<`)],
  ['an Action with an element in it', 'EBMS:0009', signed('>CD001C<', '><eb:b></eb:b>CD001C<')],
  [
    'an Action that turns the writing around',
    'opened',
    signed('>CD001C<', '>CD\u202E001C<'),
    { check: (message) => assert.equal(message.action, 'CD\u202E001C') },
  ],
  ['no PartInfo although there is a part', 'EBMS:0007', signed(/<eb:PayloadInfo>.*<\/eb:PayloadInfo>/, '')],
  ['the part twice', 'EBMS:0003', signed(PART_INFO, twice)],
  ['a part in the Body', 'EBMS:0003', signed(' href="cid:doc@nta.al"', '')],
  ['a part of the document', 'EBMS:0011', signed('href="cid:doc@nta.al"', 'href="#body"')],
  ['a part by HTTP', 'EBMS:0011', signed('href="cid:doc@nta.al"', 'href="http://127.0.0.1:9/"')],
  ['a part from a file', 'EBMS:0011', signed('href="cid:doc@nta.al"', 'href="file:///etc/passwd"')],
  [
    'a thousand PartInfos',
    'EBMS:0007',
    signed(PART_INFO, (found) => many(1000, (n) => found.replace('doc@', `d${n}@`))),
  ],
  ['a property twice', 'EBMS:0003', signed(PROPERTY, twice)],
  [
    'another original sender beside the first',
    'EBMS:0003',
    signed(PROPERTY, (found) => found + found.replace('AL000101', 'AL000901')),
  ],
  ['a property without a name', 'EBMS:0009', signed('name="originalSender"', 'nome="originalSender"')],
  ['a property without a value', 'EBMS:0009', signed('>AL000101<', '><')],
  [
    'a property named as one of every object',
    'opened',
    signed('name="originalSender"', 'name="__proto__"'),
    { check: ({ properties }) => assert.deepEqual(properties, [{ name: '__proto__', value: 'AL000101' }]) },
  ],
  [
    '10,000 properties',
    'EBMS:0009',
    signed(PROPERTY, () => many(10_000, (n) => `<eb:Property name="p${n}">v</eb:Property>`)),
  ],
  ['a part property twice', 'EBMS:0003', signed(/<eb:Property name="MimeType".*?<\/eb:Property>/, twice)],
  ['compressed, without MimeType', 'EBMS:0303', signed(/<eb:Property name="MimeType".*?<\/eb:Property>/, '')],
  ['compressed in another way', 'EBMS:0303', signed('>application/gzip<', '>application/x-xz<')],
  ['compressed twice over', 'EBMS:0303', signed('>application/gzip<', '>application/gzip, application/gzip<')],
  ['white space between the elements that is not signed', 'EBMS:0101', envelope('<eb:PartyInfo>', '\n<eb:PartyInfo>')],
])
