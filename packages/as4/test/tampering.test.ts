import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, sealReceipt, sealUserMessage, verifyReceipt, type OpenedMessage, type Wire } from '@corridor/as4'
import { find, refused, replace, resign, rewrite, rewriteBody } from './forge.ts'
import { albania, atAlbania, atKosovo, authority, kosovo, messageOf, NOW, openAtKosovo, sealed } from './support.ts'

const two = { parts: ['one', 'two'].map((name) => ({ ...messageOf().parts[0]!, contentId: `${name}@nta.al` })) }

/** The octets of the only attachment. */
function attachmentOf(wire: Wire): string {
  const [, after] = Buffer.from(wire.body).toString('latin1').split('Content-ID: <doc@nta.al>\r\n\r\n')
  return after!.split('\r\n--corridor')[0]!
}

/** Puts a changed Messaging in place of the signed one, which goes elsewhere. */
function wrapped(envelope: string, wrap: (signed: string) => string): string {
  const signed = find(envelope, /<eb:Messaging.*<\/eb:Messaging>/s)
  const forged = replace(replace(signed, '>CD001C<', '>CD999C<'), /wsu:Id="[^"]+"/, 'wsu:Id="forged"')
  return envelope.replace(signed, () => forged + wrap(signed))
}

function without(pattern: RegExp): Wire {
  return rewrite(sealed(), (envelope) => replace(envelope, pattern, ''))
}

for (const [what, pattern, by] of [
  ['the action', '>CD001C<', '>CD002C<'],
  ['the sender’s role', '/initiator<', '/responder<'],
  ['the conversation', '>26AL', '>26XK'],
  ['the message id', '>c0ffee@', '>decaff@'],
  ['the timestamp', /(?<=<eb:Timestamp>)2/, '3'],
  ['a property', '>AL000101<', '>AL000901<'],
  ['a part property', '>application/xml<', '>application/pdf<'],
  ['an added property', '</eb:MessageProperties>', '<eb:Property name="x">y</eb:Property></eb:MessageProperties>'],
  ['white space in the header', '<eb:PartyInfo>', '<eb:PartyInfo> '],
] as const) {
  test(`changed without the key: ${what}`, () => {
    const wire = rewrite(sealed(), (envelope) => replace(envelope, pattern, by))
    const loose = { ...atKosovo, initiator: { ...atKosovo.initiator } }
    const result = open(wire, {
      identity: kosovo,
      now: NOW,
      findPMode: (header) => ({ ...loose, initiator: header.from }),
    })
    assert.equal(result.kind === 'refused' && result.error.code, 'EBMS:0101')
  })
}

test('a changed digest breaks the signature', () => {
  const wire = rewrite(sealed(), (envelope) =>
    replace(envelope, /(?<=<ds:DigestValue>)[^<]+/, Buffer.alloc(32).toString('base64')),
  )
  assert.match(refused(wire, 'EBMS:0101'), /signature/)
})

test('a wrong digest is refused even when it is signed', () => {
  const wire = resign(sealed(), (info) =>
    replace(info, /(?<=<ds:DigestValue>)[^<]+(?=<\/ds:DigestValue><\/ds:Reference><\/ds:SignedInfo>)/, () =>
      Buffer.alloc(32).toString('base64'),
    ),
  )
  assert.match(refused(wire, 'EBMS:0102'), /attachment/)
})

test('one changed octet of an attachment is refused', () => {
  const wire = sealed()
  wire.body[wire.body.length - 100]! ^= 1
  refused(wire, 'EBMS:0102')
})

test('two attachments that were exchanged are refused, although each decrypts', () => {
  const wire = rewriteBody(sealed(two), (body) =>
    body
      .replace('Content-ID: <one@', 'Content-ID: <x@')
      .replace('Content-ID: <two@', 'Content-ID: <one@')
      .replace('Content-ID: <x@', 'Content-ID: <two@'),
  )
  // Both have the same content here, so only other content shows the exchange.
  assert.equal(openAtKosovo(wire).kind, 'user')
  const [one, other] = two.parts
  const different = sealed({ parts: [one!, { ...other!, bytes: Buffer.from('<other/>') }] })
  const swapped = rewriteBody(different, (body) =>
    body
      .replace('Content-ID: <one@', 'Content-ID: <x@')
      .replace('Content-ID: <two@', 'Content-ID: <one@')
      .replace('Content-ID: <x@', 'Content-ID: <two@'),
  )
  refused(swapped, 'EBMS:0102')
})

test('an attachment of another message is refused', () => {
  const other = sealed({ parts: [{ ...messageOf().parts[0]!, bytes: Buffer.from('<other/>') }] })
  const sent = sealed()
  refused(
    rewriteBody(sent, (body) => body.replace(attachmentOf(sent), () => attachmentOf(other))),
    'EBMS:0102',
  )
})

test('signature wrapping: the signed Messaging moved aside, another put in its place', () => {
  for (const wrap of [
    (signed: string) => `<x:Wrapper xmlns:x="urn:x">${signed}</x:Wrapper>`,
    (signed: string) => signed,
    (signed: string) => `<wsse:Security xmlns:wsse="urn:other">${signed}</wsse:Security>`,
  ]) {
    refused(
      rewrite(sealed(), (envelope) => wrapped(envelope, wrap)),
      'EBMS:0009',
    )
  }
  // With the signed one gone, its reference leads nowhere.
  refused(
    rewrite(sealed(), (envelope) => wrapped(envelope, () => '')),
    'EBMS:0103',
  )
})

test('signature wrapping: the signed Body moved into a header', () => {
  const wire = rewrite(sealed(), (envelope) => {
    const body = find(envelope, /<env:Body.*<\/env:Body>/s)
    const forged = body.replace(/wsu:Id="[^"]+"/, 'wsu:Id="forged"')
    return envelope
      .replace(body, '')
      .replace('</env:Header>', () => `<w xmlns="urn:w">${body}</w></env:Header>${forged}`)
  })
  refused(wire, 'EBMS:0009')
})

test('signature wrapping: the signed UserMessage beside another in the same Messaging', () => {
  const wire = rewrite(sealed(), (envelope) => {
    const signed = find(envelope, /<eb:UserMessage>.*<\/eb:UserMessage>/s)
    return envelope.replace(signed, () => signed.replace('>CD001C<', '>CD999C<') + signed)
  })
  refused(wire, 'EBMS:0009')
})

test('one id on two elements is refused, whatever attribute carries it', () => {
  for (const id of ['wsu:Id', 'Id', 'id', 'ID', 'xml:id']) {
    const wire = rewrite(sealed(), (envelope) => {
      const value = find(envelope, /(?<=<eb:Messaging[^>]* wsu:Id=")[^"]+/)
      return envelope.replace('</env:Header>', `<w xmlns="urn:w" xmlns:wsu="${WSU}" ${id}="${value}"/></env:Header>`)
    })
    refused(wire, 'EBMS:0101')
  }
})
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'

for (const [what, pattern] of [
  ['two signatures', /<ds:Signature .*<\/ds:Signature>/s],
  ['two SignedInfo', /<ds:SignedInfo.*<\/ds:SignedInfo>/s],
  ['two security headers', /<wsse:Security .*<\/wsse:Security>/s],
  ['two Messaging', /<eb:Messaging.*<\/eb:Messaging>/s],
  ['two bodies', /<env:Body.*<\/env:Body>/s],
  ['two wrapped keys', /<xenc:EncryptedKey.*<\/xenc:EncryptedKey>/s],
] as const) {
  test(`refused: ${what}`, () => {
    const wire = rewrite(sealed(), (envelope) =>
      replace(envelope, pattern, (found) => found + found.replaceAll(/(Id=")/gi, '$12')),
    )
    refused(wire, 'EBMS:0009')
  })
}

for (const [what, junk] of [
  ['a processing instruction', '<?p not-?>'],
  ['a comment', '<!--x-->'],
  ['a CDATA section', '<![CDATA[x]]>'],
] as const) {
  test(`refused: ${what} in signed text, or in the digest`, () => {
    for (const before of ['CD001C<', '</ds:DigestValue>']) {
      refused(
        rewrite(sealed(), (envelope) => replace(envelope, before, () => junk + before)),
        'EBMS:0009',
      )
    }
  })
}

test('refused: a DOCTYPE', () => {
  const wire = rewrite(sealed(), (envelope) => replace(envelope, '?>', '?><!DOCTYPE x [<!ENTITY e "CD001C">]>'))
  assert.match(refused(wire, 'EBMS:0009'), /DOCTYPE/)
})

test('refused: a message without security, without signature, without encryption', () => {
  refused(without(/<wsse:Security .*<\/wsse:Security>/s), 'EBMS:0103')
  refused(without(/<ds:Signature .*<\/ds:Signature>/s), 'EBMS:0103')
  refused(without(/<xenc:EncryptedKey.*<\/xenc:EncryptedData>/s), 'EBMS:0103')
  refused(without(/<xenc:EncryptedData.*<\/xenc:EncryptedData>/s), 'EBMS:0103')
})

test('the valid certificate of another party does not pass for the partner', async () => {
  const serbia = await authority.issue({ commonName: 'NTA.RS' })
  refused(sealUserMessage(messageOf(), atAlbania, serbia), 'EBMS:0101')
  const namesake = await authority.issue({ commonName: 'NTA.AL' })
  refused(sealUserMessage(messageOf(), atAlbania, namesake), 'EBMS:0101')
  // The other's signature under the partner's own certificate.
  const wire = resign(sealed(), (info) => info, serbia)
  assert.match(refused(wire, 'EBMS:0101'), /pinned key/)
})

test('the partner’s certificate is refused before and after its time', () => {
  const wire = sealed()
  refused(wire, 'EBMS:0101', new Date(albania.certificate.validFromDate.getTime() - 1))
  refused(wire, 'EBMS:0101', new Date(albania.certificate.validToDate.getTime() + 1))
  const { validToDate } = albania.certificate
  assert.equal(openAtKosovo(sealed({ timestamp: validToDate }), validToDate).kind, 'user')
})

test('a message cannot be turned back on its sender', () => {
  const back = { ...atAlbania, initiator: atAlbania.responder, responder: atAlbania.initiator }
  const result = open(sealed(), { identity: albania, findPMode: () => back, now: NOW })
  assert.equal(result.kind === 'refused' && result.error.code, 'EBMS:0010')
})

test('the partner hears the same about every failure of security, and no detail', () => {
  const broken = sealed()
  broken.body[broken.body.length - 100]! ^= 1
  const heard = [
    rewrite(sealed(), (envelope) => replace(envelope, '>26AL', '>26XK')),
    broken,
    without(/<ds:Signature .*<\/ds:Signature>/s),
  ].map((wire) => openAtKosovo(wire))
  assert.deepEqual(
    heard.map((result) => result.kind === 'refused' && [result.error.code, result.error.description]),
    ['EBMS:0101', 'EBMS:0102', 'EBMS:0103'].map((code) => [code, 'The security of the message was not accepted.']),
  )
})

test('a receipt is refused when any digest, its signer or its message is another', () => {
  const sent = sealed(two)
  const options = { sent, pmode: atAlbania, now: NOW }
  const opened = openAtKosovo(sent) as OpenedMessage
  const signal = { messageId: 'r@nta.xk', timestamp: NOW, identity: kosovo }
  const verdict = (receipt: ReturnType<typeof sealReceipt>) => verifyReceipt(receipt, options)
  assert.deepEqual(verdict(sealReceipt(opened, signal)), { ok: true })
  for (let n = 0; n < opened.references.length; n++) {
    const references = opened.references.map((each, at) =>
      at === n ? { ...each, digest: Buffer.alloc(32).toString('base64') } : each,
    )
    assert.equal(verdict(sealReceipt({ ...opened, references }, signal)).ok, false)
    assert.equal(verdict(sealReceipt({ ...opened, references: opened.references.toSpliced(n, 1) }, signal)).ok, false)
    const twice = opened.references.with(n, opened.references[(n + 1) % 4]!)
    assert.equal(verdict(sealReceipt({ ...opened, references: twice }, signal)).ok, false)
  }
  assert.equal(verdict(sealReceipt(opened, { ...signal, identity: albania })).ok, false)
  assert.equal(verdict(sealReceipt({ ...opened, message: { messageId: 'o@nta.al' } }, signal)).ok, false)
  const text = Buffer.from(sealReceipt(opened, signal).body).toString()
  const changed = replace(text, '>r@nta.xk<', '>s@nta.xk<')
  assert.equal(verdict({ contentType: 'application/soap+xml', body: Buffer.from(changed) }).ok, false)
  const bare = replace(text, /<wsse:Security .*<\/wsse:Security>/s, '')
  assert.equal(verdict({ contentType: 'application/soap+xml', body: Buffer.from(bare) }).ok, false)
})
