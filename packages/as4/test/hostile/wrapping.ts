import type { Wire } from '@corridor/as4'
import { find, replace, rewrite, rewriteBody } from '../forge.ts'
import { messageOf, sealed } from '../support.ts'
import { casesOf } from './case.ts'

// Signature wrapping (the eight ways that are known from SAML, for the parts that AS4 signs) and games with ids: no key
// is needed for any of them, only a message that the partner once signed.

const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'
const DS = 'http://www.w3.org/2000/09/xmldsig#'
const MESSAGING = /<eb:Messaging.*<\/eb:Messaging>/s
const BODY = /<env:Body.*<\/env:Body>/s

/** Puts a forged element in the place of a signed one, which goes where `hide` puts it. */
const wrapped =
  (what: RegExp, forge: (signed: string) => string, hide: (xml: string, signed: string) => string) => (): Wire =>
    rewrite(sealed(), (xml) => {
      const signed = find(xml, what)
      const forged = forge(signed)
      return hide(
        xml.replace(signed, () => forged),
        signed,
      )
    })
const other = (signed: string): string =>
  signed.replace('>CD001C<', '>CD999C<').replace(/wsu:Id="[^"]+"/, 'wsu:Id="forged"')
const sameId = (signed: string): string => signed.replace('>CD001C<', '>CD999C<')
const noId = (signed: string): string => signed.replace('>CD001C<', '>CD999C<').replace(/ wsu:Id="[^"]+"/, '')
const fullBody = (signed: string): string =>
  other(signed).replace('></env:Body>', '><CD999C xmlns=""></CD999C></env:Body>')
const before = (mark: string) => (xml: string, signed: string) => replace(xml, mark, () => signed + mark)
const after = (mark: string) => (xml: string, signed: string) => replace(xml, mark, () => mark + signed)
const inside = (mark: string, open: string, close: string) => (xml: string, signed: string) =>
  replace(xml, mark, () => `${open}${signed}${close}${mark}`)
const inObject = inside('</ds:Signature>', '<ds:Object>', '</ds:Object>')
const inWrapper = inside('</env:Header>', '<w:Wrapper xmlns:w="urn:w">', '</w:Wrapper>')
const inFirstHeader = (xml: string, signed: string) =>
  replace(xml, '<env:Header>', () => `<env:Header><w:Extensions xmlns:w="urn:w">${signed}</w:Extensions>`)
/** The signed element goes into the forged one, which thus contains it. */
const around = (what: RegExp, end: string) => (): Wire =>
  rewrite(sealed(), (xml) => {
    const signed = find(xml, what)
    return xml.replace(signed, () => replace(other(signed), end, () => signed + end))
  })
const withId = (attribute: string, of: RegExp) => (): Wire =>
  rewrite(sealed(), (xml) => {
    const id = find(find(xml, of), /(?<=wsu:Id=")[^"]+/)
    return replace(xml, '</env:Header>', `<w xmlns="urn:w" xmlns:wsu="${WSU}" ${attribute}="${id}"/></env:Header>`)
  })
const two = () =>
  sealed({
    parts: ['one', 'two'].map((id, n) => ({
      ...messageOf().parts[0]!,
      contentId: `${id}@nta.al`,
      bytes: Buffer.from(`<n>${n}</n>`),
    })),
  })

export const WRAPPING = casesOf('signature', [
  [
    'wrapping 1: the signed Messaging inside the signature',
    'EBMS:0009',
    wrapped(MESSAGING, other, before('</ds:Signature>')),
  ],
  [
    'wrapping 2: the signed Messaging beside the signature',
    'EBMS:0009',
    wrapped(MESSAGING, other, before('</wsse:Security>')),
  ],
  [
    'wrapping 3: the forged Messaging before the signed one',
    'EBMS:0009',
    wrapped(MESSAGING, other, before('</env:Header>')),
  ],
  ['wrapping 4: the forged Messaging around the signed one', 'EBMS:0009', around(MESSAGING, '</eb:Messaging>')],
  [
    'wrapping 5: the signed Messaging at the end of the envelope',
    'EBMS:0009',
    wrapped(MESSAGING, other, before('</env:Envelope>')),
  ],
  [
    'wrapping 6: the signed Messaging in the KeyInfo',
    'EBMS:0009',
    wrapped(MESSAGING, other, before('</ds:KeyInfo></ds:Signature>')),
  ],
  ['wrapping 7: the signed Messaging in an extension before it', 'EBMS:0009', wrapped(MESSAGING, other, inFirstHeader)],
  ['wrapping 8: the signed Messaging in an Object of the signature', 'EBMS:0009', wrapped(MESSAGING, other, inObject)],
  ['the signed Messaging in the Body', 'EBMS:0009', wrapped(MESSAGING, other, before('</env:Body>'))],
  ['the signed Messaging before the forged one', 'EBMS:0009', wrapped(MESSAGING, other, after('<env:Header>'))],
  ['the forged Messaging with the id of the signed one', 'EBMS:0009', wrapped(MESSAGING, sameId, inWrapper)],
  ['the forged Messaging without an id', 'EBMS:0009', wrapped(MESSAGING, noId, inWrapper)],
  ['the forged Messaging alone', 'EBMS:0103', wrapped(MESSAGING, other, (xml) => xml)],
  ['the forged Messaging alone, with the id of the signed one', 'EBMS:0101', wrapped(MESSAGING, sameId, (xml) => xml)],
  [
    'the forged UserMessage before the signed one',
    'EBMS:0009',
    wrapped(/<eb:UserMessage>.*<\/eb:UserMessage>/s, sameId, (xml, signed) =>
      replace(xml, '</eb:Messaging>', () => `${signed}</eb:Messaging>`),
    ),
  ],
  [
    'a second envelope in the Body',
    'EBMS:0009',
    () =>
      rewrite(sealed(), (xml) => replace(xml, '</env:Body>', () => `${xml.replace(/<\?xml[^>]*>/, '')}</env:Body>`)),
  ],
  [
    'the signed envelope inside a forged one',
    'EBMS:0009',
    () =>
      rewrite(sealed(), (xml) => {
        const whole = xml.replace(/<\?xml[^>]*>/, '')
        return xml
          .replace(find(xml, MESSAGING), () => other(find(xml, MESSAGING)))
          .replace('</env:Header>', () => `<w>${whole}</w></env:Header>`)
      }),
  ],
  [
    'wrapping the Body 1: the signed one inside the signature',
    'EBMS:0009',
    wrapped(BODY, fullBody, before('</ds:Signature>')),
  ],
  [
    'wrapping the Body 3: the forged one before the signed one',
    'EBMS:0009',
    wrapped(BODY, fullBody, before('</env:Envelope>')),
  ],
  ['wrapping the Body 4: the forged one around the signed one', 'EBMS:0009', around(BODY, '</env:Body>')],
  ['wrapping the Body 7: the signed one in a header', 'EBMS:0009', wrapped(BODY, fullBody, inWrapper)],
  ['wrapping the Body 8: the signed one in an Object', 'EBMS:0009', wrapped(BODY, fullBody, inObject)],
  ['a forged Body alone', 'EBMS:0009', wrapped(BODY, fullBody, (xml) => xml)],
  ['a forged empty Body alone', 'EBMS:0103', wrapped(BODY, other, (xml) => xml)],
  [
    'white space in the signed Body',
    'EBMS:0101',
    () => rewrite(sealed(), (xml) => replace(xml, '></env:Body>', '> </env:Body>')),
  ],
  [
    'wrapping an attachment: the signed one under its name twice, the forged one first',
    'EBMS:0007',
    () => {
      const wire = sealed()
      const boundary = find(wire.contentType, /(?<=boundary=")[^"]+/)
      return rewriteBody(wire, (body) =>
        replace(
          body,
          `\r\n--${boundary}\r\nContent-Type: application/octet-stream`,
          (found) => `\r\n--${boundary}\r\nContent-ID: <doc@nta.al>\r\n\r\nforged${found}`,
        ),
      )
    },
  ],
  [
    'wrapping an attachment: the signed one under another name beside a forged one',
    'EBMS:0007',
    () =>
      rewriteBody(sealed(), (body) => {
        const [, attachment = ''] = body.split('Content-ID: <doc@nta.al>\r\n\r\n')
        const end = find(attachment, /\r\n--corridor-[0-9a-f]+--\r\n$/)
        const more = `${end.replace('--\r\n', '\r\n')}Content-ID: <doc@nta.al>\r\n\r\nforged`
        return replace(
          replace(body, end, () => more + end),
          '<doc@nta.al>',
          '<hidden@nta.al>',
        )
      }),
  ],
  [
    'wrapping an attachment: two that are signed and encrypted exchange their names',
    'EBMS:0102',
    () =>
      rewriteBody(two(), (body) =>
        body
          .replace('Content-ID: <one@', 'Content-ID: <x@')
          .replace('Content-ID: <two@', 'Content-ID: <one@')
          .replace('Content-ID: <x@', 'Content-ID: <two@'),
      ),
  ],
  [
    'an attachment of another message of the same partner',
    'EBMS:0102',
    () => {
      const attachment = (wire: Wire) =>
        Buffer.from(wire.body)
          .toString('latin1')
          .split('Content-ID: <doc@nta.al>\r\n\r\n')[1]!
          .split('\r\n--corridor')[0]!
      const [wire, donor] = [sealed(), sealed()]
      return rewriteBody(wire, (body) => body.replace(attachment(wire), () => attachment(donor)))
    },
  ],
  ['an id twice: wsu:Id', 'EBMS:0101', withId('wsu:Id', MESSAGING)],
  ['an id twice: Id', 'EBMS:0101', withId('Id', MESSAGING)],
  ['an id twice: ID', 'EBMS:0101', withId('ID', MESSAGING)],
  ['an id twice: id', 'EBMS:0101', withId('id', MESSAGING)],
  ['an id twice: xml:id', 'EBMS:0101', withId('xml:id', MESSAGING)],
  ['an id twice: that of the Body', 'EBMS:0101', withId('wsu:Id', BODY)],
  ['an id twice: that of the token', 'EBMS:0101', withId('Id', /<wsse:BinarySecurityToken[^>]* wsu:Id="X509.*?>/)],
  [
    'two ids on the Messaging',
    'EBMS:0101',
    () => rewrite(sealed(), (xml) => replace(xml, '<eb:Messaging ', '<eb:Messaging Id="other" ')),
  ],
  [
    'the ids of Messaging and Body exchanged',
    'EBMS:0101',
    () =>
      rewrite(sealed(), (xml) => {
        const ids = [MESSAGING, BODY].map((each) => find(find(xml, each), /(?<=wsu:Id=")[^"]+/))
        return xml
          .replaceAll(`wsu:Id="${ids[0]}"`, 'wsu:Id="?"')
          .replaceAll(`wsu:Id="${ids[1]}"`, `wsu:Id="${ids[0]}"`)
          .replaceAll('wsu:Id="?"', `wsu:Id="${ids[1]}"`)
      }),
  ],
  [
    'the id of the Messaging on the Security',
    'EBMS:0103',
    () =>
      rewrite(sealed(), (xml) => {
        const id = find(find(xml, MESSAGING), /(?<=wsu:Id=")[^"]+/)
        return replace(
          xml.replace(`wsu:Id="${id}"`, 'wsu:Id="moved"'),
          '<wsse:Security ',
          `<wsse:Security wsu:Id="${id}" `,
        )
      }),
  ],
  [
    'the id of the Messaging in another namespace',
    'EBMS:0103',
    () =>
      rewrite(sealed(), (xml) =>
        replace(xml, / wsu:Id="(MSG[^"]+)"/, (found) => ` xmlns:o="urn:o" ${found.trim().replace('wsu:', 'o:')}`),
      ),
  ],
  [
    'the signature outside of the Security',
    'EBMS:0103',
    () =>
      rewrite(sealed(), (xml) => {
        const signature = find(xml, /<ds:Signature .*<\/ds:Signature>/s)
        return replace(
          xml.replace(signature, ''),
          '</env:Header>',
          () =>
            `${signature.replaceAll(/<(\/?)wsse:(\w+)/g, '<$1w:$2').replace('<ds:Signature ', '<ds:Signature xmlns:w="urn:w" ')}</env:Header>`,
        )
      }),
  ],
  [
    'two signatures',
    'EBMS:0009',
    () =>
      rewrite(sealed(), (xml) =>
        replace(xml, /<ds:Signature .*<\/ds:Signature>/s, (found) => found + found.replaceAll(/Id="/g, 'Id="x')),
      ),
  ],
  [
    'two SignedInfo in one signature',
    'EBMS:0009',
    () =>
      rewrite(sealed(), (xml) =>
        replace(
          xml,
          /<ds:SignedInfo.*<\/ds:SignedInfo>/s,
          (found) => found.replace(/(?<=<ds:DigestValue>)[^<]+/, 'AAAA') + found,
        ),
      ),
  ],
  [
    'a SignedInfo in an Object',
    'EBMS:0009',
    () =>
      rewrite(sealed(), (xml) =>
        replace(
          xml,
          '</ds:Signature>',
          () => `<ds:Object>${find(xml, /<ds:SignedInfo.*<\/ds:SignedInfo>/s)}</ds:Object></ds:Signature>`,
        ),
      ),
  ],
  [
    'two Security headers',
    'EBMS:0009',
    () =>
      rewrite(sealed(), (xml) =>
        replace(xml, /<wsse:Security .*<\/wsse:Security>/s, (found) => found + found.replaceAll(/Id="/g, 'Id="x')),
      ),
  ],
  [
    'a Security header in another',
    'EBMS:0009',
    () =>
      rewrite(sealed(), (xml) => replace(xml, '</wsse:Security>', '<wsse:Security></wsse:Security></wsse:Security>')),
  ],
  [
    'an Object in the signature',
    'EBMS:0103',
    () => rewrite(sealed(), (xml) => replace(xml, '</ds:Signature>', '<ds:Object>x</ds:Object></ds:Signature>')),
  ],
  ['a signature in another namespace', 'EBMS:0103', () => rewrite(sealed(), (xml) => xml.replaceAll(DS, 'urn:ds'))],
])
