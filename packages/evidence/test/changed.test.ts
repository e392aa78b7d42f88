// What somebody may do to evidence: bytes of the file, entries of the container, and the whole of it signed again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { identityOf } from '../../exchange/test/nodes.ts'
import { writeContainer } from '../src/container/asic.ts'
import { writeZip } from '../src/container/zip.ts'
import { checkEvidence } from '../src/index.ts'
import { evidenceOf, exchanged, type Played } from './movement.ts'
import { entriesOf, failuresOf, notesOf } from './reports.ts'

const played: Partial<Record<'as4' | 'carried', Played>> = {}
const evidence: Partial<Record<'as4' | 'carried', Buffer>> = {}
before(async () => {
  for (const way of ['as4', 'carried'] as const) {
    played[way] = await exchanged(2, way)
    evidence[way] = await evidenceOf(played[way].xk)
  }
})
after(() => Promise.all(Object.values(played).map((each) => each.end())))

const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const changed = Buffer.from(bytes)
  changed[at]! ^= 1
  return changed
}
const zipped = (entries: Map<string, Buffer>): Buffer =>
  writeZip([...entries].map(([name, bytes]) => ({ name, bytes })))

test('one byte of the file is another: refused with the place, wherever it is', async () => {
  const file = evidence.as4!
  // Every byte of what is no content, and every 499th of what is.
  const contents: [number, number][] = []
  for (const bytes of entriesOf(file).values()) {
    const at = file.indexOf(bytes, contents.at(-1)?.[1] ?? 0)
    contents.push([at, at + bytes.length])
  }
  const isContent = (at: number): boolean => contents.some(([from, to]) => at >= from && at < to)
  let looked = 0
  for (let at = 0; at < file.length; at++) {
    if (isContent(at) && at % 499 > 0) continue
    looked++
    const report = await checkEvidence(flipped(file, at))
    assert.equal(report.sound, false, `byte ${at}`)
    assert.ok(failuresOf(report).length > 0)
  }
  assert.ok(looked > 2_000, String(looked))
})

test('bytes that are missing, or too many', async () => {
  const file = evidence.as4!
  for (const length of [0, 1, 29, 30, 1_000, file.length >> 1, file.length - 23, file.length - 22, file.length - 1])
    assert.equal((await checkEvidence(file.subarray(0, length))).sound, false, String(length))
  for (const more of [
    Buffer.concat([file, Buffer.alloc(1)]),
    Buffer.concat([Buffer.alloc(1), file]),
    Buffer.concat([file, file]),
  ])
    assert.equal((await checkEvidence(more)).sound, false)
})

test('a byte in each kind of entry, packed again: the entry is named', async () => {
  for (const way of ['as4', 'carried'] as const)
    for (const [name, bytes] of entriesOf(evidence[way]!)) {
      if (name.startsWith('META-INF/') || name === 'mimetype') continue
      const changed = entriesOf(evidence[way]!)
      changed.set(name, flipped(bytes, bytes.length >> 1))
      const failures = failuresOf(await checkEvidence(zipped(changed)))
      assert.ok(failures.includes(`${name}: its SHA-256 is not that of the manifest`), `${name}: ${failures.join()}`)
    }
  for (const [name, said] of [
    ['META-INF/signature.p7s', /^META-INF\/signature.p7s: /],
    ['META-INF/ASiCManifest.xml', /META-INF\/signature.p7s: the content is not what was signed/],
    ['mimetype', /^mimetype: the first file does not say/],
  ] as const) {
    const changed = entriesOf(evidence.as4!)
    changed.set(name, flipped(changed.get(name)!, changed.get(name)!.length >> 1))
    assert.match(failuresOf(await checkEvidence(zipped(changed))).join('\n'), said)
  }
})

test('an entry is removed, added, or in another’s place', async () => {
  const without = entriesOf(evidence.as4!)
  const document = [...without.keys()].find((name) => name.endsWith('document.xml'))
  without.delete(document!)
  assert.ok(
    failuresOf(await checkEvidence(zipped(without))).includes(`${document}: it is missing: the manifest has it`),
  )
  const added = [...entriesOf(evidence.as4!)]
  added.splice(3, 0, ['messages/999-in-CD001C/document.xml', Buffer.from('<CD001C/>')])
  const failures = failuresOf(await checkEvidence(zipped(new Map(added))))
  assert.ok(failures.includes('messages/999-in-CD001C/document.xml: it is in the file but not in the manifest'))
  const turned = new Map([...entriesOf(evidence.as4!)].toReversed())
  assert.match(failuresOf(await checkEvidence(zipped(turned))).join(), /mimetype: the first file does not say/)
})

/** The evidence changed by its own taker, and signed anew. */
async function signedAgain(way: 'as4' | 'carried', change: (entries: Map<string, Buffer>) => void): Promise<string[]> {
  const entries = entriesOf(evidence[way]!)
  change(entries)
  const files = [...entries]
    .filter(([name]) => name !== 'mimetype' && !name.startsWith('META-INF/'))
    .map(([name, bytes]) => ({ name, bytes }))
  const { certificate, privateKey } = identityOf(played[way]!.xk.papers)
  return failuresOf(await checkEvidence(await writeContainer(files, { certificate, privateKey }, new Date())))
}

test('the taker itself cannot change what was exchanged', async () => {
  assert.deepEqual(await signedAgain('as4', () => undefined), [])
  const inAs4 = [...entriesOf(evidence.as4!).keys()].filter((name) => /^messages\/00[12]-out/.test(name))
  assert.ok(inAs4.length >= 11)
  const inCarried = [...entriesOf(evidence.carried!).keys()].filter((name) =>
    /^messages\/\d+-(?:in|out)-CD001C/.test(name),
  )
  for (const [way, names] of [
    ['as4', inAs4],
    ['carried', inCarried],
  ] as const)
    for (const name of names) {
      // The outer layers need the key of whom they are for; that an object has this document, the other side can show.
      if (way === 'carried' && /-in-.*\/object\.der$|\/receipt\.der$|-out-.*\/document/.test(name)) continue
      // The ciphertext in a message of AS4 is not under its signature: what is signed stands beside it in clear.
      const at = (bytes: Buffer): number =>
        name.endsWith('.http') ? bytes.indexOf('MessageId>') + 12 : bytes.length >> 1
      const failures = await signedAgain(way, (entries) =>
        entries.set(name, flipped(entries.get(name)!, at(entries.get(name)!))),
      )
      assert.ok(failures.length > 0, `${way} ${name}`)
      const folder = name.split('/').slice(0, 2).join('/')
      assert.ok(
        failures.every((failure) => failure.startsWith(folder)),
        failures.join('\n'),
      )
    }
})

test('the taker cannot change what is told of messages, lines and seals', async () => {
  const edit = (from: RegExp, to: string, file = 'evidence.json') =>
    signedAgain('as4', (entries) => {
      const text = entries.get(file)!.toString()
      assert.match(text, from)
      entries.set(file, Buffer.from(text.replace(from, to)))
    })
  assert.match((await edit(/"documentType": "CD001C"/, '"documentType": "CD002C"')).join(), /it says something else/)
  assert.match(
    (await edit(/"recipient": "NTA.AL"/, '"recipient": "NTA.XX"')).join(),
    /no certificate of NTA.XX in the file/,
  )
  assert.match(
    (await edit(/"signer": "[0-9a-f]{64}"/, '"signer": null')).join(),
    /no certificate of NTA.XK in the file/,
  )
  assert.match((await edit(/"wireType": "[^"]*\\"[^,]*"/, '"wireType": null')).join(), /its Content-Type is not told/)
  assert.match(
    (await edit(/"format": "corridor evidence 1"/, '"format": "corridor evidence 2"')).join(),
    /evidence.format is not/,
  )
  assert.match(
    (await edit(/"withheld": false/, '"withheld": 0')).join(),
    /evidence.messages\[\d\].withheld is neither true nor false/,
  )
  for (const control of ['\\u001b[2J', '\\u009b2J', '\\n'])
    assert.deepEqual(await edit(/"documentType": "/, `"documentType": "${control}`), [
      'evidence.json: evidence.messages[0].documentType has a control character',
    ])
  assert.match((await edit(/^\{/, '{"x": 1, ')).join(), /a member "x" that evidence does not have/)
  assert.match((await edit(/^\{/, '{{')).join(), /it is not JSON/)
  assert.match((await edit(/"head": \{/, '"head": {"number": 1, "hash": "00"}, "x": {')).join(), /a member "x"/)
  assert.match(
    (await edit(/message.queued/, 'message.cancelled', 'journal/lines.jsonl')).join(),
    /line \d+ \(\d+\): its hash does not lead/,
  )
  assert.match((await edit(/\n[^]*$/, '\n', 'journal/lines.jsonl')).join(), /there are 1 lines and \d+ proofs/)
  assert.match((await edit(/\n(\d+\t\d+)\t/, '\n$19\t', 'journal/proofs.tsv')).join(), /line 1 /)
  assert.match(
    (await edit(/[0-9a-f]{64}\n/, `${'0'.repeat(64)}\n`, 'journal/seals.tsv')).join(),
    /its hash does not fit its content/,
  )
  assert.match((await edit(/number\t/, 'no\t', 'journal/seals.tsv')).join(), /it does not have its columns/)
  const stranger = await signedAgain('as4', (entries) => entries.set('notes.txt', Buffer.from('believe me')))
  assert.deepEqual(stranger, ['notes.txt: evidence.json does not speak of it'])
  const beside = await signedAgain('as4', (entries) => {
    const document = [...entries.keys()].find((name) => name.endsWith('/document.xml'))
    entries.set(document!.replace('document.xml', 'document2.xml'), Buffer.from('<CD001C/>'))
  })
  assert.match(beside.join(), /^messages\/\d+-\w+-CD001C\/document2.xml: evidence.json does not speak of it$/)
  const swapped = await signedAgain('as4', (entries) => {
    const [mine, theirs] = [...entries.keys()].filter((name) => name.endsWith('.pem'))
    entries.set(mine!, entries.get(theirs!)!)
  })
  assert.match(swapped.join(), /certificates\/NTA.XK.*: it is another, or none/)
})

test('what the taker leaves out of its own evidence is told', async () => {
  const without = async (way: 'as4' | 'carried', left: RegExp, names: [RegExp, string][]): Promise<string[]> => {
    const entries = entriesOf(evidence[way]!)
    for (const name of entries.keys()) if (left.test(name)) entries.delete(name)
    let index = entries.get('evidence.json')!.toString()
    for (const [from, to] of names) index = index.replaceAll(from, to)
    entries.set('evidence.json', Buffer.from(index))
    const files = [...entries]
      .filter(([name]) => name !== 'mimetype' && !name.startsWith('META-INF/'))
      .map(([name, bytes]) => ({ name, bytes }))
    const { certificate, privateKey } = identityOf(played[way]!.xk.papers)
    return notesOf(await checkEvidence(await writeContainer(files, { certificate, privateKey }, new Date())))
  }
  const none: [RegExp, string][] = [
    [/"receiptType": "[^,]*"/g, '"receiptType": null'],
    [/"receiptSigner": "[^,]*"/g, '"receiptSigner": null'],
  ]
  assert.match(
    (await without('as4', /signed-attachment/, [])).join(),
    /document.xml: what was signed of it is not here/,
  )
  assert.match((await without('as4', /receipt/, none)).join(), /receipt.http: there is no receipt for it here/)
  assert.match((await without('carried', /receipt/, none)).join(), /receipt.der: there is no receipt for it here/)
  const said = (await without('carried', /nothing/, [])).join()
  assert.match(said, /document.xml: only NTA.AL can open the object, and show that NTA.XK signed this document/)
  assert.match(said, /receipt.der: only NTA.AL can open the receipt of NTA.XK/)
})

test('evidence that another signed is not that of the party it names', async () => {
  const files = [...entriesOf(evidence.as4!)]
    .filter(([name]) => name !== 'mimetype' && !name.startsWith('META-INF/'))
    .map(([name, bytes]) => ({ name, bytes }))
  const { certificate, privateKey } = identityOf(played.as4!.al.papers)
  const report = await checkEvidence(await writeContainer(files, { certificate, privateKey }, new Date()))
  assert.deepEqual(failuresOf(report), ['evidence.json: the signature is of another certificate, or of none'])
})

/** A ZIP file with one entry whose header says what it is told. */
function hostile(name: string, content: Buffer, more: { method?: number; size?: number } = {}): Buffer {
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(more.method ?? 0, 8)
  local.writeUInt32LE(content.length, 18)
  local.writeUInt32LE(more.size ?? content.length, 22)
  local.writeUInt16LE(name.length, 26)
  return Buffer.concat([local, Buffer.from(name, 'latin1'), content])
}

test('a hostile container: compressed, with names that lead elsewhere, without end', async () => {
  const bomb = hostile('mimetype', deflateRawSync(Buffer.alloc(50_000_000)), { method: 8, size: 50_000_000 })
  assert.deepEqual(failuresOf(await checkEvidence(bomb)), ['mimetype: it is compressed; evidence is stored as it is'])
  for (const name of [
    '../etc/passwd',
    '/etc/passwd',
    'a/../../b',
    'a\\..\\b',
    'C:/x',
    '.bashrc',
    'a//b',
    'a\0b',
    'x'.repeat(201),
    '',
  ])
    assert.match(
      failuresOf(await checkEvidence(hostile(name, Buffer.from('x')))).join(),
      /a name that is not allowed/,
      name,
    )
  const twice = hostile('a', Buffer.alloc(0))
  assert.match(
    failuresOf(await checkEvidence(Buffer.concat([twice, hostile('A', Buffer.alloc(0))]))).join(),
    /two entries of this name/,
  )
  const endless = hostile('mimetype', Buffer.from('x'))
  endless.writeUInt32LE(0xffffffff, 18)
  assert.match(failuresOf(await checkEvidence(endless)).join(), /the file ends before this entry does/)
  for (const nothing of [Buffer.from('%PDF-1.7'), Buffer.from('<xml/>'), Buffer.alloc(100)])
    assert.match(failuresOf(await checkEvidence(nothing)).join(), /it does not begin as a ZIP file/)
  assert.throws(() => writeZip([{ name: '../x', bytes: Buffer.alloc(0) }]), RangeError)
})
