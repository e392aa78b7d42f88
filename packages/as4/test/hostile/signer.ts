import { type Identity, sealUserMessage, type Wire } from '@corridor/as4'
import { makeAuthority } from '@corridor/as4/testing'
import { find, replace, resign, rewrite } from '../forge.ts'
import { atAlbania, authority, kosovo, messageOf, NOW, sealed } from '../support.ts'
import { casesOf } from './case.ts'

// Whose signature it is: certificates, and what a message says of its key.

const namesake = await authority.issue({ commonName: 'NTA.AL' })
const stranger = await authority.issue({ commonName: 'NTA.RS' })
const elsewhere = await (await makeAuthority('Test Authority of Albania')).issue({ commonName: 'NTA.AL' })
const weak = await authority.issue({ commonName: 'NTA.AL', modulusLength: 1024 })
const past = await authority.issue({ commonName: 'NTA.AL', notAfter: new Date(NOW.getTime() - 1000) })
const future = await authority.issue({ commonName: 'NTA.AL', notBefore: new Date(NOW.getTime() + 3_600_000) })

const TOKEN = /(?<=<wsse:BinarySecurityToken[^>]* wsu:Id="X509-[^>]*>)[^<]+/
const KEY_INFO = /(?<=<ds:KeyInfo Id="KI-[^>]*>).*(?=<\/ds:KeyInfo><\/ds:Signature>)/
type Change = string | ((found: string) => string)
/** What anybody changes. */
const changed = (what: string | RegExp, by: Change) => (): Wire => rewrite(sealed(), (xml) => replace(xml, what, by))
const twice = (found: string): string => found + found
const keyInfo = (content: string) => changed(KEY_INFO, () => content)
const reference = (content: string) => keyInfo(`<wsse:SecurityTokenReference>${content}</wsse:SecurityTokenReference>`)
/** Another's signature, with the certificate that belongs to it. */
const signedBy = (signer: Identity) => (): Wire =>
  resign(
    rewrite(sealed(), (xml) => replace(xml, TOKEN, signer.certificate.raw.toString('base64'))),
    (info) => info,
    signer,
  )
const X509 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0'
const identifier = (type: string, value: string): string =>
  `<wsse:KeyIdentifier ValueType="${type}">${value}</wsse:KeyIdentifier>`
const serial = (value: string): string =>
  `<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>${value}</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>`

export const SIGNER = casesOf('signature', [
  ['certificate: of another party', 'EBMS:0101', () => sealUserMessage(messageOf(), atAlbania, stranger)],
  ['certificate: of our own', 'EBMS:0101', () => sealUserMessage(messageOf(), atAlbania, kosovo)],
  ['certificate: another of the same name and authority', 'EBMS:0101', signedBy(namesake)],
  ['certificate: of the same name from an authority of the same name', 'EBMS:0101', signedBy(elsewhere)],
  [
    'certificate: the partner’s, over another’s signature',
    'EBMS:0101',
    () => resign(sealed(), (info) => info, stranger),
  ],
  [
    'certificate: another’s, over the partner’s signature',
    'EBMS:0101',
    changed(TOKEN, stranger.certificate.raw.toString('base64')),
  ],
  [
    'certificate: RSA of 1,024 bits, though agreed',
    'EBMS:0101',
    signedBy(weak),
    { pmode: { partnerCertificate: weak.certificate } },
  ],
  [
    'certificate: past, though agreed',
    'EBMS:0101',
    signedBy(past),
    { pmode: { partnerCertificate: past.certificate } },
  ],
  [
    'certificate: not yet valid, though agreed',
    'EBMS:0101',
    signedBy(future),
    { pmode: { partnerCertificate: future.certificate } },
  ],
  [
    'certificate: one with a changed octet',
    'EBMS:0101',
    changed(TOKEN, (found) => `${found.slice(0, 400)}${found[400] === 'A' ? 'B' : 'A'}${found.slice(401)}`),
  ],
  ['certificate: none at all', 'EBMS:0103', changed(TOKEN, '')],
  ['certificate: rubbish', 'EBMS:0101', changed(TOKEN, Buffer.from('rubbish!!').toString('base64'))],
  [
    'key: in the message itself',
    'EBMS:0103',
    keyInfo(
      '<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AAAA</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>',
    ),
  ],
  ['key: by its name', 'EBMS:0103', keyInfo('<ds:KeyName>NTA.AL</ds:KeyName>')],
  ['key: by HTTP', 'EBMS:0103', keyInfo('<ds:RetrievalMethod URI="http://127.0.0.1:9/"/>')],
  [
    'key: a certificate in the KeyInfo',
    'EBMS:0103',
    keyInfo(
      `<ds:X509Data><ds:X509Certificate>${stranger.certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data>`,
    ),
  ],
  ['key: nothing', 'EBMS:0103', keyInfo('')],
  ['key: two references', 'EBMS:0103', changed(KEY_INFO, twice)],
  ['token: by HTTP', 'EBMS:0101', reference('<wsse:Reference URI="http://127.0.0.1:9/"/>')],
  ['token: one that is not there', 'EBMS:0101', reference('<wsse:Reference URI="#gone"/>')],
  [
    'token: the recipient’s',
    'EBMS:0101',
    () =>
      rewrite(sealed(), (xml) =>
        replace(
          xml,
          KEY_INFO,
          () =>
            `<wsse:SecurityTokenReference><wsse:Reference URI="#${find(xml, /RCPT-[^"]+/)}"/></wsse:SecurityTokenReference>`,
        ),
      ),
  ],
  [
    'token: the wrapped key',
    'EBMS:0101',
    () =>
      rewrite(sealed(), (xml) =>
        replace(
          xml,
          KEY_INFO,
          () =>
            `<wsse:SecurityTokenReference><wsse:Reference URI="#${find(xml, /EK-[^"]+/)}"/></wsse:SecurityTokenReference>`,
        ),
      ),
  ],
  [
    'token: by another’s key identifier',
    'EBMS:0101',
    reference(identifier(`${X509}#X509SubjectKeyIdentifier`, Buffer.alloc(20).toString('base64'))),
  ],
  ['token: by another’s serial number', 'EBMS:0101', reference(serial('12345'))],
  ['token: by a serial number of a megabyte', 'EBMS:0101', reference(serial('1'.repeat(300_000)))],
  ['token: by a negative serial number', 'EBMS:0101', reference(serial('-1'))],
  [
    'token: a user name and password',
    'EBMS:0103',
    changed(
      '<wsse:BinarySecurityToken',
      '<wsse:UsernameToken><wsse:Username>x</wsse:Username></wsse:UsernameToken><wsse:BinarySecurityToken',
    ),
  ],
  ['token: embedded', 'EBMS:0103', reference('<wsse:Embedded></wsse:Embedded>')],
])
