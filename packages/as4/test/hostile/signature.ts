import { createHmac, createHash, privateEncrypt, constants, sign } from 'node:crypto'
import type { Wire } from '@corridor/as4'
import { find, replace, resign, resignMessaging, rewrite } from '../forge.ts'
import { albania, sealed } from '../support.ts'
import { casesOf } from './case.ts'

// Algorithms, references, canonicalisation, keys and certificates of the signature.

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const TRANSFORM = `<ds:Transform Algorithm="${EXC}"></ds:Transform>`
const FIRST = /<ds:Reference URI="#MSG.*?<\/ds:Reference>/
const LAST = /<ds:Reference URI="cid:[^>]*>.*<\/ds:Reference>(?=<\/ds:SignedInfo>)/
const REFERENCES = /<ds:Reference .*<\/ds:Reference>/s
const VALUE = /(?<=<ds:SignatureValue>)[^<]+/

type Change = string | ((found: string) => string)
/** What a partner signs himself. */
const signed = (what: string | RegExp, by: Change) => (): Wire => resign(sealed(), (info) => replace(info, what, by))
/** What anybody changes. */
const changed = (what: string | RegExp, by: Change) => (): Wire => rewrite(sealed(), (xml) => replace(xml, what, by))
const method = (uri: string) => signed(`${MORE}rsa-sha256`, uri)
const digest = (uri: string) => signed(SHA256, uri)
const transform = (uri: string) => signed(TRANSFORM, `<ds:Transform Algorithm="${uri}"></ds:Transform>`)
const uri = (value: string) => signed(/URI="#MSG[^"]*"/, value)
const twice = (found: string): string => found + found
const parameter = (list: string) =>
  `<ec:InclusiveNamespaces xmlns:ec="${EXC}" PrefixList="${list}"></ec:InclusiveNamespaces>`
const prefixes = (list: string) => signed(`Method Algorithm="${EXC}">`, (found) => found + parameter(list))
/** A signature value made from the octets of SignedInfo. */
const valued = (make: (signedInfo: Buffer) => Buffer | string) => (): Wire =>
  rewrite(sealed(), (xml) => {
    const value = make(Buffer.from(find(xml, /<ds:SignedInfo.*<\/ds:SignedInfo>/s)))
    return replace(xml, VALUE, typeof value === 'string' ? value : value.toString('base64'))
  })
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex')
const NO_NULL = Buffer.from('302f300b06096086480165030402010420', 'hex')
/** The right hash in a block that is padded as PKCS#1 v1.5 does not have it (the key encrypts whatever it is given). */
const padded = (block: (hash: Buffer) => Buffer[]) =>
  valued((info) => {
    const parts = Buffer.concat(block(createHash('sha256').update(info).digest()))
    const whole = Buffer.concat([parts, Buffer.alloc(Math.max(0, 256 - parts.length))])
    return privateEncrypt({ key: albania.privateKey, padding: constants.RSA_NO_PADDING }, whole)
  })
const fill = (length: number): Buffer =>
  Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(length, 0xff), Buffer.from([0])])
const header = (attributes: string) => (): Wire =>
  rewrite(sealed(), (xml) => replace(xml, '<env:Envelope ', `<env:Envelope ${attributes} `))

export const SIGNATURE = casesOf('signature', [
  ['no Security', 'EBMS:0103', changed(/<wsse:Security .*<\/wsse:Security>/s, '')],
  ['no signature', 'EBMS:0103', changed(/<ds:Signature .*<\/ds:Signature>/s, '')],
  ['an empty Reference list', 'EBMS:0103', signed(REFERENCES, '')],
  [
    'only the Body is signed',
    'EBMS:0103',
    signed(REFERENCES, (found) => find(found, /<ds:Reference URI="#BODY.*?<\/ds:Reference>/)),
  ],
  ['the attachment is not signed', 'EBMS:0103', signed(LAST, '')],
  ['the Messaging is not signed', 'EBMS:0103', signed(FIRST, '')],
  ['the Body is not signed', 'EBMS:0103', signed(/<ds:Reference URI="#BODY.*?<\/ds:Reference>/, '')],
  ['the Messaging is signed twice', 'EBMS:0103', signed(FIRST, twice)],
  ['the attachment is signed twice', 'EBMS:0103', signed(LAST, twice)],
  ['an attachment more is signed', 'EBMS:0103', signed(LAST, (found) => found + found.replace('cid:doc@', 'cid:dog@'))],
  [
    'a thousand references',
    'EBMS:0103',
    signed(LAST, (found) => Array.from({ length: 1000 }, (_, n) => found.replace('cid:doc@', `cid:d${n}@`)).join('')),
  ],
  [
    'the KeyInfo is signed',
    'EBMS:0103',
    () => resign(sealed(), (info) => info.replace(FIRST, (found) => found.replace(/#MSG[^"]*/, '#KI'))),
  ],
  ['reference: the whole document', 'EBMS:0103', uri('URI=""')],
  ['reference: nothing', 'EBMS:0103', uri('')],
  ['reference: by HTTP', 'EBMS:0103', uri('URI="http://127.0.0.1:9/"')],
  ['reference: a file', 'EBMS:0103', uri('URI="file:///etc/passwd"')],
  ['reference: by XPointer to the root', 'EBMS:0103', uri('URI="#xpointer(/)"')],
  ['reference: by XPointer to an id', 'EBMS:0103', uri(`URI="#xpointer(id('MSG'))"`)],
  ['reference: to an id that is not there', 'EBMS:0103', uri('URI="#gone"')],
  ['reference: an id with escapes', 'EBMS:0103', signed(/(?<=URI="#)MSG/, '%4DSG')],
  ['reference: another kind of cid', 'EBMS:0103', signed('URI="cid:doc', 'URI="mid:doc')],
  ['transform: enveloped signature', 'EBMS:0103', transform(`${DSIG}enveloped-signature`)],
  ['transform: XPath', 'EBMS:0103', transform('http://www.w3.org/TR/1999/REC-xpath-19991116')],
  ['transform: XPath filter 2', 'EBMS:0103', transform('http://www.w3.org/2002/06/xmldsig-filter2')],
  ['transform: XSLT', 'EBMS:0103', transform('http://www.w3.org/TR/1999/REC-xslt-19991116')],
  ['transform: base64', 'EBMS:0103', transform(`${DSIG}base64`)],
  ['transform: inclusive C14N', 'EBMS:0103', transform('http://www.w3.org/TR/2001/REC-xml-c14n-20010315')],
  ['transform: exclusive C14N with comments', 'EBMS:0103', transform(`${EXC}WithComments`)],
  [
    'transform: STR-Transform',
    'EBMS:0103',
    transform('http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform'),
  ],
  ['transform: none', 'EBMS:0103', signed(TRANSFORM, '')],
  ['transform: two', 'EBMS:0103', signed(TRANSFORM, twice)],
  ['transform: 1,000', 'EBMS:0103', signed(TRANSFORM, (found) => found.repeat(1000))],
  [
    'transform: that of attachments on an element',
    'EBMS:0103',
    transform('http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform'),
  ],
  [
    'transform: of an attachment with its header',
    'EBMS:0103',
    signed('#Attachment-Content-Signature-Transform', '#Attachment-Complete-Signature-Transform'),
  ],
  [
    'transform: with an XPath inside',
    'EBMS:0103',
    signed(TRANSFORM, TRANSFORM.replace('></', '><ds:XPath>//x</ds:XPath></')),
  ],
  [
    'SignedInfo in inclusive C14N',
    'EBMS:0103',
    signed(
      `CanonicalizationMethod Algorithm="${EXC}"`,
      'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
    ),
  ],
  [
    'SignedInfo in C14N 1.1',
    'EBMS:0103',
    signed(
      `CanonicalizationMethod Algorithm="${EXC}"`,
      'CanonicalizationMethod Algorithm="http://www.w3.org/2006/12/xml-c14n11"',
    ),
  ],
  [
    'SignedInfo in C14N with comments',
    'EBMS:0103',
    signed(`CanonicalizationMethod Algorithm="${EXC}"`, `CanonicalizationMethod Algorithm="${EXC}WithComments"`),
  ],
  ['rsa-sha1', 'EBMS:0103', method(`${DSIG}rsa-sha1`)],
  ['rsa-md5', 'EBMS:0103', method(`${MORE}rsa-md5`)],
  ['rsa-sha512', 'EBMS:0103', method(`${MORE}rsa-sha512`)],
  ['RSA-PSS', 'EBMS:0103', method('http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1')],
  ['DSA', 'EBMS:0103', method(`${DSIG}dsa-sha1`)],
  ['ECDSA', 'EBMS:0103', method(`${MORE}ecdsa-sha256`)],
  ['an algorithm that nobody knows', 'EBMS:0103', method('urn:none')],
  ['an empty algorithm', 'EBMS:0103', method('')],
  [
    'HMAC with the public key as its secret',
    'EBMS:0103',
    () => {
      const wire = resign(sealed(), (info) => replace(info, `${MORE}rsa-sha256`, `${MORE}hmac-sha256`))
      return rewrite(wire, (xml) => {
        const info = find(xml, /<ds:SignedInfo.*<\/ds:SignedInfo>/s)
        const secret = albania.certificate.publicKey.export({ type: 'spki', format: 'pem' })
        return replace(xml, VALUE, createHmac('sha256', secret).update(info).digest('base64'))
      })
    },
  ],
  [
    'HMAC cut to nothing',
    'EBMS:0103',
    signed('#rsa-sha256">', '#rsa-sha256"><ds:HMACOutputLength>0</ds:HMACOutputLength>'),
  ],
  ['digest: SHA-1', 'EBMS:0103', digest(`${DSIG}sha1`)],
  ['digest: MD5', 'EBMS:0103', digest(`${MORE}md5`)],
  ['digest: SHA-512', 'EBMS:0103', digest('http://www.w3.org/2001/04/xmlenc#sha512')],
  ['digest: cut short', 'EBMS:0103', signed(/(?<=<ds:DigestValue>)[^<]+/, 'AAAA')],
  ['digest: empty', 'EBMS:0103', signed(/(?<=<ds:DigestValue>)[^<]+/, '')],
  ['digest: of something else', 'EBMS:0101', signed(/(?<=<ds:DigestValue>)[^<]+/, Buffer.alloc(32).toString('base64'))],
  [
    'digest: with a comment in it',
    'EBMS:0009',
    changed(/(?<=<ds:DigestValue>)[^<]+/, (found) => `<!--${found}-->${Buffer.alloc(32).toString('base64')}`),
  ],
  ['digest: with an instruction in it', 'EBMS:0009', changed(/(?<=<ds:DigestValue>)/, '<?x ?>')],
  ['digest: with an element in it', 'EBMS:0103', changed(/(?<=<ds:DigestValue>)[^<]+/, (found) => `<x/>${found}`)],
  [
    'digest: in base64 with other last bits',
    'EBMS:0101',
    changed(/(?<=<ds:DigestValue>)[^<]+/, (found) => found.replace(/.=$/, (end) => `${end[0] === 'B' ? 'C' : 'B'}=`)),
  ],
  ['comment in the SignedInfo', 'EBMS:0009', changed('<ds:SignatureMethod', '<!--x--><ds:SignatureMethod')],
  ['comment in the signature value', 'EBMS:0009', changed(/(?<=<ds:SignatureValue>)/, '<!--x-->')],
  ['comment that splits a signed text', 'EBMS:0009', changed('>CD001C<', '>CD0<!--x-->01C<')],
  ['instruction in a signed text', 'EBMS:0009', changed('>CD001C<', '><?not ?>CD001C<')],
  ['CDATA in a signed text', 'EBMS:0009', changed('>CD001C<', '><![CDATA[CD001C]]><')],
  ['a text in the SignedInfo', 'EBMS:0009', changed('<ds:SignatureMethod', 'x<ds:SignatureMethod')],
  ['white space in the SignedInfo', 'EBMS:0101', changed('<ds:SignatureMethod', '\n<ds:SignatureMethod')],
  ['prefix list: of what is not there to be signed', 'EBMS:0101', prefixes('env wsse gone')],
  ['prefix list: of the default namespace', 'as sent', prefixes('#default')],
  ['prefix list: of names that mean nothing', 'as sent', prefixes('xmlns xml __proto__ toString')],
  ['prefix list: 33 prefixes', 'EBMS:0103', prefixes(Array.from({ length: 33 }, (_, n) => `p${n}`).join(' '))],
  ['prefix list: 100 kB', 'EBMS:0103', prefixes('p '.repeat(50_000))],
  ['prefix list: twice', 'EBMS:0103', signed(`Method Algorithm="${EXC}">`, (found) => found + twice(parameter('a')))],
  [
    'prefix list: with something inside',
    'EBMS:0103',
    signed(`Method Algorithm="${EXC}">`, (found) => found + parameter('a').replace('></', '><x></x></')),
  ],
  [
    'prefix list: on the attachment',
    'EBMS:0103',
    signed('#Attachment-Content-Signature-Transform">', (found) => found + parameter('a')),
  ],
  ['context: a prefix that is not used, around it all', 'as sent', header('xmlns:unused="urn:x"')],
  ['context: xml:lang and xml:space around it all', 'as sent', header('xml:lang="en" xml:space="preserve"')],
  ['context: a default namespace around it all', 'as sent', header('xmlns="urn:x"')],
  ['context: xml:lang on the signed element', 'EBMS:0101', changed('<eb:Messaging ', '<eb:Messaging xml:lang="en" ')],
  [
    'context: a default namespace for an element that has none',
    'EBMS:0101',
    changed('<eb:Messaging ', '<eb:Messaging xmlns:eb2="urn:x" eb2:a="" '),
  ],
  [
    'context: another prefix for the same namespace',
    'EBMS:0101',
    () => rewrite(sealed(), (xml) => xml.replaceAll(/(<\/?)eb:/g, '$1e:').replaceAll('xmlns:eb=', 'xmlns:e=')),
  ],
  [
    'context: the prefix bound to another namespace further in',
    'EBMS:0009',
    changed('<eb:PartyInfo>', '<eb:PartyInfo xmlns:eb="urn:x">'),
  ],
  [
    'context: a namespace name that needs escapes',
    'as sent',
    () =>
      resignMessaging((xml) =>
        replace(
          replace(xml, ' xmlns:wsu=', ' xmlns:q="urn:a&amp;&quot;&lt;>b" xmlns:wsu='),
          'env:mustUnderstand="true"',
          'env:mustUnderstand="true" q:x=""',
        ),
      ),
  ],
  [
    'other spelling, same canonical form: attributes in another order',
    'as sent',
    changed(/(<eb:Messaging) (xmlns:eb="[^"]+") (xmlns:env="[^"]+")/, (found) =>
      found.replace(/(xmlns:eb="[^"]+") (xmlns:env="[^"]+")/, '$2  $1'),
    ),
  ],
  ['other spelling, same canonical form: character references', 'as sent', changed('>CD001C<', '>&#67;&#x44;001C<')],
  ['value: empty', 'EBMS:0103', changed(VALUE, '')],
  ['value: not base64', 'EBMS:0103', changed(VALUE, '****')],
  ['value: in base64url', 'EBMS:0103', changed(VALUE, `${'-_'.repeat(171)}==`)],
  ['value: folded in lines', 'as sent', changed(VALUE, (found) => found.replaceAll(/.{76}/g, '$&\n'))],
  ['value: of zeros', 'EBMS:0101', valued(() => Buffer.alloc(256))],
  ['value: of one octet', 'EBMS:0101', valued(() => Buffer.from([1]))],
  ['value: of a megabit', 'EBMS:0101', valued(() => Buffer.alloc(131_072, 1))],
  [
    'value: with an octet of zero before it',
    'EBMS:0101',
    valued((info) => Buffer.concat([Buffer.alloc(1), sign('sha256', info, albania.privateKey)])),
  ],
  ['value: cut by an octet', 'EBMS:0101', valued((info) => sign('sha256', info, albania.privateKey).subarray(0, 255))],
  ['value: with SHA-1 inside', 'EBMS:0101', valued((info) => sign('sha1', info, albania.privateKey))],
  [
    'value: RSA-PSS inside',
    'EBMS:0101',
    valued((info) => sign('sha256', info, { key: albania.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })),
  ],
  [
    'padding: short, with rubbish after the hash',
    'EBMS:0101',
    padded((hash) => [fill(8), DIGEST_INFO, hash, Buffer.alloc(194, 1)]),
  ],
  [
    'padding: rubbish in the middle',
    'EBMS:0101',
    padded((hash) => [Buffer.from([0, 1]), Buffer.alloc(201, 0xaa), Buffer.from([0]), DIGEST_INFO, hash]),
  ],
  ['padding: none', 'EBMS:0101', padded((hash) => [Buffer.alloc(205), DIGEST_INFO, hash])],
  [
    'padding: of encryption',
    'EBMS:0101',
    padded((hash) => [Buffer.from([0, 2]), Buffer.alloc(202, 0xff), Buffer.from([0]), DIGEST_INFO, hash]),
  ],
  ['padding: the hash without its algorithm', 'EBMS:0101', padded((hash) => [fill(221), hash])],
  ['padding: the algorithm without its NULL', 'EBMS:0101', padded((hash) => [fill(204), NO_NULL, hash])],
])
