import assert from 'node:assert/strict'
import { constants, publicEncrypt, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { refused, replace, resign, rewrite } from './forge.ts'
import { kosovo, sealed } from './support.ts'

// A partner, whose key signs whatever it likes, still cannot leave the profile.

const LAST = /<ds:Reference URI="cid:[^>]*>.*<\/ds:Reference>(?=<\/ds:SignedInfo>)/
const EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const EXC_TRANSFORM = `<ds:Transform Algorithm="${EXC}"></ds:Transform>`
const CONTENT = 'SwAProfile-1.1#Attachment-Content-Signature-Transform'

for (const [what, pattern, by] of [
  ['the attachment is not signed', LAST, ''],
  ['Messaging is not signed', /<ds:Reference URI="#MSG.*?<\/ds:Reference>/, ''],
  ['the Body is not signed', /<ds:Reference URI="#BODY.*?<\/ds:Reference>/, ''],
  ['nothing is signed', /<ds:Reference .*<\/ds:Reference>/, ''],
  ['the attachment is signed twice', LAST, (found: string) => found + found],
  ['Messaging is signed twice', /<ds:Reference URI="#MSG.*?<\/ds:Reference>/, (found: string) => found + found],
  ['another attachment is signed', 'URI="cid:doc@', 'URI="cid:dog@'],
  ['a reference by name of the whole document', /URI="#MSG[^"]*"/, 'URI=""'],
  ['a reference without URI', /URI="#MSG[^"]*"/, ''],
  ['a reference to the outside', /URI="#MSG[^"]*"/, 'URI="https://127.0.0.1/"'],
  ['a reference by XPointer', /URI="#MSG[^"]*"/, 'URI="#xpointer(/)"'],
  ['a reference to something else', /URI="#MSG[^"]*"/, 'URI="#gone"'],
  ['SHA-1 digests', 'http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'],
  ['rsa-sha1', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'],
  ['an HMAC', 'xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256'],
  ['ECDSA', 'xmldsig-more#rsa-sha256', 'xmldsig-more#ecdsa-sha256'],
  [
    'inclusive C14N',
    `CanonicalizationMethod Algorithm="${EXC}"`,
    'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
  ],
  [
    'C14N with comments',
    `CanonicalizationMethod Algorithm="${EXC}"`,
    `CanonicalizationMethod Algorithm="${EXC}WithComments"`,
  ],
  [
    'an enveloped signature',
    EXC_TRANSFORM,
    `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>${EXC_TRANSFORM}`,
  ],
  [
    'an XPath transform',
    EXC_TRANSFORM,
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"></ds:Transform>',
  ],
  [
    'an XSLT transform',
    EXC_TRANSFORM,
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></ds:Transform>',
  ],
  ['no transform', EXC_TRANSFORM, ''],
  ['a transform for the complete attachment', CONTENT, 'SwAProfile-1.1#Attachment-Complete-Signature-Transform'],
  [
    'a transform for attachments on an element',
    EXC_TRANSFORM,
    `<ds:Transform Algorithm="http://docs.oasis-open.org/wss/oasis-wss-${CONTENT}"></ds:Transform>`,
  ],
  ['a parameter of the signature method', '#rsa-sha256">', '#rsa-sha256"><ds:HMACOutputLength>0</ds:HMACOutputLength>'],
  ['a digest that is cut short', /(?<=<ds:DigestValue>)[^<]+/, 'AAAA'],
  ['a digest that is not base64', /(?<=<ds:DigestValue>)[^<]/, '*'],
] as const) {
  test(`refused, though signed: ${what}`, () => {
    const wire = resign(sealed(), (info) => replace(info, pattern, by))
    refused(wire, 'EBMS:0103')
  })
}

test('a signature is read whatever the prefixes of its PrefixList', () => {
  const list = '<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="env wsse gone">'
  // Canonical form then has the declarations of env and wsse, which this SignedInfo has not: the value is wrong.
  const wire = resign(sealed(), (info) =>
    replace(info, `Method Algorithm="${EXC}">`, (found) => `${found}${list}</ec:InclusiveNamespaces>`),
  )
  assert.match(refused(wire, 'EBMS:0101'), /signature/)
  const long = replace(list, 'gone', Array.from({ length: 33 }, (_, n) => `p${n}`).join(' '))
  refused(
    resign(sealed(), (info) =>
      replace(info, `Method Algorithm="${EXC}">`, (found) => `${found}${long}</ec:InclusiveNamespaces>`),
    ),
    'EBMS:0103',
  )
})

const reference = /(?<=<ds:KeyInfo Id="KI-[^>]*>).*(?=<\/ds:KeyInfo><\/ds:Signature>)/
const withKey = (by: string) =>
  rewrite(sealed(), (envelope) =>
    replace(envelope, reference, `<wsse:SecurityTokenReference>${by}</wsse:SecurityTokenReference>`),
  )
const x509 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0'
const ski = (value: string) =>
  `<wsse:KeyIdentifier ValueType="${x509}#X509SubjectKeyIdentifier">${value}</wsse:KeyIdentifier>`
const serial = (value: string) =>
  `<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>${value}</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>`

test('a token of the signer that does not agree with the pin is refused', () => {
  refused(withKey(ski(Buffer.alloc(20).toString('base64'))), 'EBMS:0101')
  refused(withKey(serial('1')), 'EBMS:0101')
  refused(withKey(serial('x')), 'EBMS:0101')
  refused(withKey('<wsse:Reference URI="#gone"/>'), 'EBMS:0101')
  refused(withKey(ski('').replace('#X509SubjectKeyIdentifier', '#Other')), 'EBMS:0103')
  refused(withKey('<ds:KeyName>NTA.AL</ds:KeyName>'), 'EBMS:0103')
  refused(withKey(''), 'EBMS:0103')
  const other = kosovo.certificate.raw.toString('base64')
  const swapped = rewrite(sealed(), (envelope) => replace(envelope, /(?<=wsu:Id="X509-[^>]*>)[^<]+/, other))
  refused(swapped, 'EBMS:0101')
  const keyValue = rewrite(sealed(), (envelope) =>
    replace(envelope, reference, '<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>'),
  )
  refused(keyValue, 'EBMS:0103')
})

const GCM = 'http://www.w3.org/2009/xmlenc11#aes128-gcm'
for (const [what, pattern, by] of [
  ['AES-CBC', GCM, 'http://www.w3.org/2001/04/xmlenc#aes128-cbc'],
  ['AES-256-GCM', GCM, 'http://www.w3.org/2009/xmlenc11#aes256-gcm'],
  ['RSA with PKCS#1 v1.5', 'http://www.w3.org/2009/xmlenc11#rsa-oaep', 'http://www.w3.org/2001/04/xmlenc#rsa-1_5'],
  [
    'OAEP with SHA-1',
    '#rsa-oaep"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"',
    '#rsa-oaep"><ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"',
  ],
  ['MGF1 with SHA-1', 'mgf1sha256', 'mgf1sha1'],
  ['no MGF', /<xenc11:MGF[^>]*>/, ''],
  ['a complete attachment', '#Attachment-Content-Only', '#Attachment-Complete'],
  ['no type', /Type="[^"]*#Attachment-Content-Only"/, ''],
  ['another transform', '#Attachment-Ciphertext-Transform', '#Other'],
  ['another key', /(?<=<wsse:Reference URI="#)EK/, 'XX'],
  ['another list', /(?<=<xenc:DataReference URI="#)ED/, 'XX'],
  ['a longer list', '</xenc:ReferenceList>', '<xenc:DataReference URI="#x"/></xenc:ReferenceList>'],
  ['another attachment', '<xenc:CipherReference URI="cid:doc', '<xenc:CipherReference URI="cid:dog'],
  [
    'a cipher value in the header',
    /<xenc:CipherReference.*<\/xenc:CipherReference>/,
    '<xenc:CipherValue>AAAA</xenc:CipherValue>',
  ],
  ['a timestamp', '<xenc:EncryptedKey', '<wsu:Timestamp/><xenc:EncryptedKey'],
  [
    'a token of another kind',
    'x509-token-profile-1.0#X509v3" wsu:Id="RCPT',
    'username-token-profile-1.0#UsernameToken" wsu:Id="RCPT',
  ],
] as const) {
  test(`refused, where encryption says: ${what}`, () => {
    refused(
      rewrite(sealed(), (envelope) => replace(envelope, pattern, by)),
      'EBMS:0103',
    )
  })
}

const wrap = (key: Uint8Array) =>
  publicEncrypt(
    { key: kosovo.certificate.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    key,
  ).toString('base64')

test('a content key that is not for us, of another length or damaged is one and the same refusal', () => {
  const details = [
    wrap(randomBytes(16)),
    wrap(randomBytes(32)),
    wrap(Buffer.alloc(0)),
    randomBytes(256).toString('base64'),
    'AAAA',
  ].map((value) =>
    refused(
      rewrite(sealed(), (envelope) => replace(envelope, /(?<=<xenc:CipherValue>)[^<]+/, value)),
      'EBMS:0102',
    ),
  )
  assert.equal(new Set(details).size, 1)
})
