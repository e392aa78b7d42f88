import type { Wire } from '@corridor/as4'
import { replace, rewrite } from '../forge.ts'
import { albania, sealed } from '../support.ts'
import { casesOf } from './case.ts'

// How a message says that it is encrypted: algorithms that were not agreed, and descriptions of other things than the
// attachments that are there.

const GCM = 'http://www.w3.org/2009/xmlenc11#aes128-gcm'
const OAEP = 'http://www.w3.org/2009/xmlenc11#rsa-oaep'
const XENC = 'http://www.w3.org/2001/04/xmlenc#'
const KEY = /<xenc:EncryptedKey .*<\/xenc:EncryptedKey>/s
const DATA = /<xenc:EncryptedData .*<\/xenc:EncryptedData>/s

type Change = string | ((found: string) => string)
const header = (what: string | RegExp, by: Change) => (): Wire => rewrite(sealed(), (xml) => replace(xml, what, by))

export const ENCRYPTION_HEADER = casesOf('encryption', [
  ['Triple DES', 'EBMS:0103', header(GCM, `${XENC}tripledes-cbc`)],
  ['no algorithm', 'EBMS:0103', header(` Algorithm="${GCM}"`, '')],
  [
    'a parameter of the algorithm',
    'EBMS:0103',
    header(
      `<xenc:EncryptionMethod Algorithm="${GCM}"/>`,
      `<xenc:EncryptionMethod Algorithm="${GCM}"><xenc:KeySize>64</xenc:KeySize></xenc:EncryptionMethod>`,
    ),
  ],
  ['key transport by PKCS#1 v1.5', 'EBMS:0103', header(OAEP, `${XENC}rsa-1_5`)],
  ['key transport by the old OAEP', 'EBMS:0103', header(OAEP, `${XENC}rsa-oaep-mgf1p`)],
  ['key transport by AES key wrap', 'EBMS:0103', header(OAEP, `${XENC}kw-aes128`)],
  [
    'key transport with a label',
    'EBMS:0103',
    header('<xenc11:MGF', '<xenc:OAEPparams>AAAA</xenc:OAEPparams><xenc11:MGF'),
  ],
  ['key transport without a digest', 'EBMS:0103', header(/<ds:DigestMethod Algorithm="[^"]+"\/>/, '')],
  [
    'key transport with SHA-1',
    'EBMS:0103',
    header(
      /(?<=<xenc:EncryptionMethod[^>]*><ds:DigestMethod Algorithm=")[^"]+/,
      'http://www.w3.org/2000/09/xmldsig#sha1',
    ),
  ],
  ['key transport with a mask by SHA-1', 'EBMS:0103', header('mgf1sha256', 'mgf1sha1')],
  [
    'key transport with two digests',
    'EBMS:0103',
    header(/<ds:DigestMethod Algorithm="[^"]+"\/>/, (found) => found + found),
  ],
  [
    'a wrapped key that is somewhere else',
    'EBMS:0103',
    header(
      /<xenc:CipherData><xenc:CipherValue>.*?<\/xenc:CipherData>/,
      '<xenc:CipherData><xenc:CipherReference URI="http://127.0.0.1:9/"/></xenc:CipherData>',
    ),
  ],
  ['wrapping: two EncryptedKeys', 'EBMS:0009', header(KEY, (found) => found + found.replace(' Id="', ' Id="x'))],
  [
    'wrapping: an EncryptedKey in the KeyInfo of the data',
    'EBMS:0009',
    header(
      /<ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse11.*?<\/ds:KeyInfo>/,
      (found) => `<ds:KeyInfo>${found}<xenc:EncryptedKey></xenc:EncryptedKey></ds:KeyInfo>`,
    ),
  ],
  [
    'wrapping: the EncryptedKey outside of the Security',
    'EBMS:0103',
    () => rewrite(sealed(), (xml) => replace(xml.replace(KEY, ''), '</env:Header>', '<w xmlns="urn:w"/></env:Header>')),
  ],
  [
    'wrapping: the attachment is encrypted twice',
    'EBMS:0103',
    header(DATA, (found) => found + found.replace(' Id="', ' Id="x')),
  ],
  [
    'wrapping: a hundred EncryptedData of one attachment',
    'EBMS:0103',
    header(DATA, (found) => Array.from({ length: 100 }, (_, n) => found.replace(' Id="', ` Id="x${n}`)).join('')),
  ],
  ['wrapping: EncryptedData that is in no list', 'EBMS:0103', header(/(?<=<xenc:DataReference URI="#)ED/, 'XX')],
  [
    'wrapping: a list of more than is there',
    'EBMS:0103',
    header('</xenc:ReferenceList>', '<xenc:DataReference URI="#x"/></xenc:ReferenceList>'),
  ],
  ['wrapping: no list', 'EBMS:0103', header(/<xenc:ReferenceList>.*<\/xenc:ReferenceList>/, '')],
  ['wrapping: data encrypted with a key that is not here', 'EBMS:0103', header(/(?<=<wsse:Reference URI="#)EK/, 'XX')],
  [
    'wrapping: data of another attachment',
    'EBMS:0103',
    header('<xenc:CipherReference URI="cid:doc', '<xenc:CipherReference URI="cid:dog'),
  ],
  [
    'wrapping: data outside of the message',
    'EBMS:0011',
    header(/(?<=<xenc:CipherReference URI=")[^"]+/, 'http://127.0.0.1:9/'),
  ],
  [
    'wrapping: data of an element',
    'EBMS:0103',
    header(/(?<=Type=")[^"]+(?=">\s*<xenc:EncryptionMethod)/, `${XENC}Element`),
  ],
  ['wrapping: data with its MIME header', 'EBMS:0103', header('#Attachment-Content-Only', '#Attachment-Complete')],
  [
    'wrapping: data in the header itself',
    'EBMS:0103',
    header(/<xenc:CipherReference.*<\/xenc:CipherReference>/, '<xenc:CipherValue>AAAA</xenc:CipherValue>'),
  ],
  [
    'wrapping: data with an XPath among its transforms',
    'EBMS:0103',
    header(/(?=<\/xenc:Transforms>)/, '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>'),
  ],
  [
    'wrapping: the Messaging is encrypted',
    'EBMS:0009',
    header(
      /<eb:Messaging.*<\/eb:Messaging>/s,
      () => `<xenc:EncryptedData xmlns:xenc="${XENC}" Type="${XENC}Element"/>`,
    ),
  ],
  [
    'wrapping: the UserMessage is encrypted',
    'EBMS:0009',
    header(
      /<eb:UserMessage>.*<\/eb:UserMessage>/s,
      () => `<xenc:EncryptedData xmlns:xenc="${XENC}" Type="${XENC}Element"/>`,
    ),
  ],
  [
    'wrapping: an encrypted element in the Body',
    'EBMS:0009',
    header('</env:Body>', () => `<xenc:EncryptedData xmlns:xenc="${XENC}" Type="${XENC}Content"/></env:Body>`),
  ],
  [
    'wrapping: an encrypted header',
    'EBMS:0103',
    header(
      '</wsse:Security>',
      () =>
        '<wsse11:EncryptedHeader xmlns:wsse11="http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"/></wsse:Security>',
    ),
  ],
  [
    'said to be XML before it was encrypted',
    'as sent',
    header('MimeType="application/gzip"', 'MimeType="application/xml"'),
  ],
  [
    'said to be text before it was encrypted',
    'as sent',
    header('MimeType="application/gzip"', 'MimeType="text/plain"'),
  ],
  ['said to be nothing before it was encrypted', 'as sent', header(' MimeType="application/gzip"', '')],
  [
    'a recipient’s certificate that is another’s',
    'as sent',
    header(/(?<=wsu:Id="RCPT-[^>]*>)[^<]+/, albania.certificate.raw.toString('base64')),
  ],
])
