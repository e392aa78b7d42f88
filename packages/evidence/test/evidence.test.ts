import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sealUserMessage } from '@corridor/as4'
import { makeAuthority } from '@corridor/as4/testing'
import { sizeOfKept, writeJournal } from '@corridor/exchange'
import { identityOf, partnerOf, vaultOf } from '../../exchange/test/nodes.ts'
import { checkEvidence } from '../src/index.ts'
import { lengthen } from './chain.ts'
import { evidenceOf, exchanged, mrn, type Played, secretCode } from './movement.ts'
import { entriesOf, failuresOf, indexOf, notesOf } from './reports.ts'

for (const way of ['as4', 'carried'] as const) {
  let played: Played
  before(async () => {
    played = await exchanged(3, way)
  })
  after(() => played.end())

  test(`${way}: evidence of either side holds, with each message, receipt and line of the journal`, async () => {
    for (const own of ['al', 'xk'] as const) {
      const report = await checkEvidence(await evidenceOf(played[own]))
      assert.deepEqual([failuresOf(report), report.sound, report.movement], [[], true, mrn])
      const held = report.found.filter(({ result }) => result === 'holds').map(({ place, what }) => `${place}: ${what}`)
      const has = (pattern: RegExp, count: number): void =>
        assert.equal(held.filter((line) => pattern.test(line)).length, count, String(pattern))
      has(/^journal\/lines.jsonl: \d+ lines of the journal, each under its seal/, 1)
      has(/^journal\/seals.tsv: .* head of the chain/, 1)
      // Five of six: the last of Albania's has an access code.
      has(/signed SignedInfo, with the certificate/, way === 'as4' ? 10 : 0)
      has(/it repeats every digest that the message signed/, way === 'as4' ? 5 : 0)
      // Three that came, and the receipts for those that left; one of Albania's is withheld on both sides.
      has(/Object-Digest is the SHA-256/, way === 'as4' ? 0 : own === 'al' ? 2 : 3)
      has(/it is the document in signed-content.txt/, way === 'as4' ? 0 : own === 'al' ? 3 : 2)
    }
  })

  test(`${way}: an access code is nowhere to be had, and the holder of the key checks what has it`, async () => {
    const { al } = played
    const evidence = await evidenceOf(al)
    const entries = entriesOf(evidence)
    for (const [name, bytes] of entries) assert.equal(bytes.includes(secretCode), false, name)
    const withheld = indexOf(evidence).messages.find((message) => message.withheld)
    const inFolder = [...entries.keys()].filter((name) => name.startsWith(`${withheld!.folder}/`))
    assert.deepEqual(
      inFolder.map((name) => name.slice(withheld!.folder.length + 1)),
      ['document.redacted.xml', 'withheld.der'],
    )
    assert.equal(
      entries.get(`${withheld!.folder}/document.redacted.xml`)!.toString(),
      '<ncts:CD200C xmlns:ncts="urn:test"><accessCode>****</accessCode></ncts:CD200C>',
    )
    const { certificate, privateKey } = identityOf(al.papers)
    const opened = await checkEvidence(evidence, { own: [{ certificate, privateKey }] })
    assert.deepEqual(failuresOf(opened), [])
    const inside = opened.found.filter(({ place }) => place.includes('/withheld.der/')).length
    assert.ok(inside >= (way === 'as4' ? 13 : 4), String(inside))
    // With the key it is also looked into what is encrypted for its holder: three that came, or the receipts for three that left.
    const deeper = opened.found.filter(({ what }) => what === 'it is what the key that was given finds inside').length
    assert.equal(deeper, way === 'as4' ? 0 : 6)
    const other = identityOf(played.xk.papers)
    const strange = await checkEvidence(evidence, {
      own: [{ certificate: other.certificate, privateKey: other.privateKey }],
    })
    assert.deepEqual(failuresOf(strange), [
      `${withheld!.folder}/withheld.der: it is sealed for another certificate than ours`,
    ])
  })

  test(`${way}: with certificates to trust it is said whose signatures are not theirs`, async () => {
    const evidence = await evidenceOf(played.al)
    const pem = (...texts: string[]) => texts.map((text) => new X509Certificate(text))
    const { al, xk } = { al: played.al.papers, xk: played.xk.papers }
    for (const trusted of [
      pem(al.certificatePem, xk.certificatePem),
      pem(al.caPem, xk.caPem),
      pem(al.certificatePem, xk.caPem),
    ]) {
      const report = await checkEvidence(evidence, { trusted })
      assert.deepEqual(
        [report.sound, report.signers.map(({ party, trusted: is }) => [party, is])],
        [
          true,
          [
            ['NTA.AL', true],
            ['NTA.XK', true],
          ],
        ],
      )
    }
    const stranger = await makeAuthority('CA of NTA.XK')
    const half = await checkEvidence(evidence, { trusted: pem(al.caPem, stranger.certificatePem) })
    assert.match(
      failuresOf(half).join(),
      /^certificates: [0-9a-f]{64} is none of the trusted certificates and issued by none of them$/,
    )
  })
}

test('a partner’s certificate that is not known any more is taken from its messages, and told as such', async () => {
  const played = await exchanged(1, 'as4')
  try {
    const { al } = played
    const evidence = await evidenceOf({ ...al, known: al.known.filter(({ party }) => party === 'NTA.AL') })
    assert.deepEqual(failuresOf(await checkEvidence(evidence)), [])
    assert.deepEqual(
      indexOf(evidence).certificates.map(({ party, use }) => [party, use]),
      [
        ['NTA.AL', 'signing'],
        ['NTA.XK', 'carried'],
      ],
    )
  } finally {
    await played.end()
  }
})

test('lines of a movement among many others are proven, and where the chain is too long that is said', async () => {
  const played = await exchanged(1, 'as4')
  try {
    const { db } = played.al.store
    const whole = await evidenceOf(played.al)
    assert.equal(indexOf(whole).journal.whole, true)
    await lengthen(db, 4)
    const long = await checkEvidence(await evidenceOf(played.al))
    assert.deepEqual([long.sound, notesOf(long).length], [true, 1])
    const cut = await evidenceOf(played.al, { mostSeals: 4 })
    const report = await checkEvidence(cut)
    assert.deepEqual([failuresOf(report), indexOf(cut).journal.whole], [[], false])
    assert.match(notesOf(report).join('\n'), /journal\/seals.tsv: seals between are left out/)
  } finally {
    await played.end()
  }
})

test('evidence of a part has what the journal says of these messages and of the movement, and counts the rest', async () => {
  const played = await exchanged(2, 'as4')
  try {
    const { al } = played
    const entry = { conversation: mrn, actor: 'another', detail: { reason: 'an inquiry that is not told' } }
    await writeJournal(al.store.db, new Date(), [
      { kind: 'evidence.taken', ...entry },
      { kind: 'movement', ...entry, detail: { code: 'released' } },
    ])
    const [row] = await al.store.db.query<{ id: number; message_id: string }>(
      'select id, message_id from inbox order by id limit 1',
    )
    const only = new Set([`in-${row!.id}`])
    const evidence = await evidenceOf(al, { only })
    assert.deepEqual(failuresOf(await checkEvidence(evidence)), [])
    const { messages, journal } = indexOf(evidence)
    assert.deepEqual(
      messages.map(({ messageId }) => messageId),
      [row!.message_id],
    )
    const lines = entriesOf(evidence).get('journal/lines.jsonl')!.toString().trimEnd().split('\n')
    const of = lines.map((line) => JSON.parse(line) as unknown[])
    assert.ok(of.every(([, , kind, , id]) => kind === 'movement' || id === row!.message_id))
    assert.equal(of.filter(([, , kind]) => kind === 'movement').length, 1)
    const whole = indexOf(await evidenceOf(al)).journal
    assert.ok(journal.lines < whole.lines)
    assert.equal(journal.lines + journal.withheld, whole.lines + whole.withheld)
    const [{ bytes } = { bytes: 0 }] = await al.store.db.query<{ bytes: number }>(
      'select length(payload) + length(raw) + length(receipt) as bytes from inbox where id = $1',
      [row!.id],
    )
    const { db } = al.store
    assert.equal(await sizeOfKept(db, { conversations: [mrn], only }), bytes)
    assert.ok((await sizeOfKept(db, { conversations: [mrn] })) > 3 * bytes)
  } finally {
    await played.end()
  }
})

test('what reconciliation has of a message is said: receipts of before, and what came back', async () => {
  const played = await exchanged(1, 'as4')
  try {
    const { al } = played
    const { db } = al.store
    await db.query(
      `insert into former_delivery (message_id, receipted_at, receipt, receipt_content_type, again_at)
      select message_id, receipted_at - interval '1 hour', receipt, receipt_content_type, now() from outbox`,
    )
    const vault = vaultOf('NTA.AL')
    const document = Buffer.from('<CD050C/>')
    const bytes = [vault.seal('payload', 'lost@al.test', document), vault.seal('sealed', 'lost@al.test', document)]
    await db.query(
      `insert into returned_message values ('NTA.XK', 'lost@al.test', $1, 'CD050C', null, now(), $2, sha256($4), $3, 'x', $3, 'x', true, null,
        '2026-11-30T10:00:00Z')`,
      [mrn, ...bytes, document],
    )
    const evidence = await evidenceOf(al)
    const report = await checkEvidence(evidence)
    assert.deepEqual(failuresOf(report), [])
    const remarks = new Map(indexOf(evidence).messages.map((each) => [each.messageId, each.remarks.join()]))
    assert.match(remarks.get('lost@al.test')!, /NTA.XK gave it back at 2026-11-30T10:00:00.000Z/)
    assert.equal([...remarks.values()].filter((said) => /1 of its receipts of before/.test(said)).length, 1)
    assert.match(notesOf(report).join('\n'), /CD050C: it was lost, and NTA.XK gave it back/)
  } finally {
    await played.end()
  }
})

test('a line that somebody changed in the database is no evidence', async () => {
  const played = await exchanged(1, 'as4')
  try {
    const { db } = played.al.store
    await db.query('alter table journal disable trigger journal_is_final')
    await db.query(
      `update journal set actor = 'somebody' where id = (select min(id) from journal where conversation = $1)`,
      [mrn],
    )
    const report = await checkEvidence(await evidenceOf(played.al))
    assert.match(
      failuresOf(report).join('\n'),
      /^journal\/lines.jsonl, line 1 \(\d+\): its hash does not lead to the root of its seal/,
    )
  } finally {
    await played.end()
  }
})

test('a certificate that was not valid when a message says it was signed is noted', async () => {
  const played = await exchanged(1, 'as4')
  try {
    const { al, xk } = played
    const evidence = await evidenceOf(xk)
    const entry = indexOf(evidence).messages.find(({ direction }) => direction === 'out')
    const body = entriesOf(evidence).get(`${entry!.folder}/message.http`)!
    // The same message as if it had been decided on long before its certificate was made: signed anew by its own sender.
    const old = new Date('2001-01-01T00:00:00Z')
    const { sending } = partnerOf('NTA.XK', al.papers, 'unused:')
    const sealed = sealUserMessage(
      {
        messageId: entry!.messageId,
        timestamp: old,
        conversationId: mrn,
        from: sending.initiator,
        to: sending.responder,
        service: sending.service,
        action: entry!.documentType,
        properties: [],
        parts: [
          { contentId: 'document@corridor', mimeType: 'application/xml', properties: [], bytes: Buffer.from('<a/>') },
        ],
      },
      sending,
      identityOf(xk.papers),
    )
    assert.notDeepEqual(body, sealed.body)
    const vault = vaultOf('NTA.XK')
    await xk.store.db.query('update outbox set sealed = $2, sealed_content_type = $3 where message_id = $1', [
      entry!.messageId,
      vault.seal('sealed', entry!.messageId, sealed.body),
      sealed.contentType,
    ])
    const report = await checkEvidence(await evidenceOf(xk))
    assert.match(
      notesOf(report).join('\n'),
      /signature.bin: the certificate of NTA.XK was not valid at 2001-01-01T00:00:00.000Z, which is the time in the signed header/,
    )
    // And the receipt, which is for what was sent in truth, says so.
    assert.match(failuresOf(report).join('\n'), /receipt.http: it has another digest for/)
  } finally {
    await played.end()
  }
})
