import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { test } from 'node:test'
import {
  As4Fault,
  isSignedBy,
  PROFILES,
  sealReceipt,
  sealUserMessage,
  type SignedParts,
  signedPartsOf,
} from '@corridor/as4'
import { customs, identityOf, KEYS, messageOf, NOW, openAtCustoms, pmodeOf, trader } from './profile-support.ts'
import { sha256 } from '../src/verify.ts'

const sound = ({ parts }: SignedParts): boolean[] =>
  parts.map(({ octets, digest }) => octets !== undefined && sha256(octets).toString('base64') === digest)

for (const profile of Object.keys(KEYS))
  for (const changes of [{}, { encrypt: false }, { compress: false }]) {
    const pmode = pmodeOf(customs, profile, changes)
    const what = `${profile} ${JSON.stringify(changes)}`
    test(`what ${what} signs can be had again by both sides`, (t) => {
      let sealed
      try {
        sealed = sealUserMessage(messageOf(pmode), pmode, identityOf(trader, profile))
      } catch (error) {
        if (error instanceof As4Fault) return t.skip(error.message)
        throw error
      }
      const own = identityOf(customs, profile)
      const document = messageOf(pmode).parts[0]!.bytes
      const atReceiver = signedPartsOf(sealed, { own: [own.encryption ?? own] })
      const atSender = signedPartsOf(sealed, {
        own: [identityOf(trader, profile)],
        sent: [Buffer.from('another'), document],
      })
      for (const taken of [atReceiver, atSender]) {
        assert.deepEqual(taken.parts.map(({ of }) => of).toSorted(), ['attachment', 'body', 'messaging'])
        assert.deepEqual(sound(taken), [true, true, true])
        assert.deepEqual(taken.references, sealed.references)
        assert.equal(taken.content.kind === 'user' && taken.content.header.messageId, sealed.messageId)
        const signer = identityOf(trader, profile).certificate
        assert.equal(isSignedBy(taken, signer), true)
        assert.equal(isSignedBy(taken, own.certificate), false)
        assert.equal(
          isSignedBy({ ...taken, signedInfo: Buffer.concat([taken.signedInfo, Buffer.alloc(1)]) }, signer),
          false,
        )
      }
      const octets = Buffer.from(atReceiver.parts.find(({ of }) => of === 'attachment')!.octets!)
      assert.ok((octets[0] === 0x1f ? gunzipSync(octets) : octets).includes('é'))
      // Who has neither the key nor what was sent has the header, and says so of the rest.
      const stranger = signedPartsOf(sealed)
      const isEncrypted = Buffer.from(sealed.body).includes('EncryptedKey')
      assert.deepEqual(sound(stranger).filter(Boolean).length, isEncrypted ? 2 : 3)
      const opened = openAtCustoms(sealed, pmodeOf(trader, profile, changes), profile)
      // ICS2 demands compression of what it takes.
      if (profile === 'ics2' && opened.kind === 'refused' && 'compress' in changes) return
      assert.equal(opened.kind, 'user')
      const receipt = signedPartsOf(sealReceipt(opened, { messageId: 'r@customs', timestamp: NOW, identity: own }))
      assert.equal(receipt.content.kind === 'receipt' && receipt.content.refToMessageId, sealed.messageId)
      assert.equal(sound(receipt).every(Boolean) && isSignedBy(receipt, own.certificate), true)
    })
  }

test('what is not signed is a fault that says so', () => {
  assert.ok(Object.keys(PROFILES).length > 0)
  for (const body of [
    '',
    'x',
    '<a/>',
    '<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Header/><Body/></Envelope>',
  ])
    assert.throws(
      () => signedPartsOf({ contentType: 'application/soap+xml', body: Buffer.from(body) }),
      (error) => error instanceof As4Fault && error.code === 'not-a-sealed-message',
      body,
    )
})
