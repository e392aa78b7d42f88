import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { jpegPicture } from '@corridor/files/testing'
import { attach, attached, digestOf, invoice, list, notes, pdf } from './files-nodes.ts'
import { accepted, declaration, released, startNode, type TestNode } from './nodes.ts'

describe('files are attached to a movement', () => {
  const settings = { answer: 'automatically', fileBytes: 20_000, movementBytes: 40_000, movementFiles: 4 } as const
  let al: TestNode
  before(async () => {
    al = await startNode('al', undefined, { files: settings })
  })
  after(() => al.stop())

  const codeOf = async (...given: Parameters<typeof attach>): Promise<string> => {
    const outcome = await attach(...given)
    return outcome.kind === 'invalid'
      ? `${outcome.errors[0]?.field} ${outcome.errors[0]?.value ?? ''}`.trim()
      : outcome.kind
  }

  test('by the declarant, by MRN or LRN; the digest is in the journal with the file', async () => {
    const mrn = await accepted(al)
    const { file, id } = await attached(al, 'adria', mrn, { name: '../Faturë\u202E.pdf' })
    const lrn = (await al.view('durres', mrn))!.lrn
    await attached(al, 'adria', lrn, { name: 'page-2.jpg', mediaType: 'image/jpeg', content: jpegPicture() })
    const { files } = await list(al, 'durres', mrn)
    assert.deepEqual(
      files.map(({ name, mediaType, size, digest, addedBy, version }) => [
        name,
        mediaType,
        size,
        digest,
        addedBy,
        version,
      ]),
      [
        ['Faturë.pdf', 'application/pdf', pdf.length, digestOf(pdf), 'Adria Spedicion Shpk', 1],
        ['page-2.jpg', 'image/jpeg', jpegPicture().length, digestOf(jpegPicture()), 'Adria Spedicion Shpk', 1],
      ].map((row) => row.with(4, files[0]!.addedBy)),
    )
    const [note] = await notes(al, mrn)
    assert.equal(note?.code, 'file-attached')
    assert.equal(note?.detail['file'], file)
    assert.equal(note?.detail['digest'], digestOf(pdf))
    const opened = await al.casework.openFile(al.account('adria'), lrn, id)
    assert.ok(opened?.kind === 'file')
    assert.deepEqual(Buffer.from(opened.content), pdf)
    const [row] = await al.db.query<{ content: Buffer }>('select content from movement_file where id = $1', [id])
    assert.ok(!row!.content.includes('%PDF'), 'it lies sealed in the database')
  })

  test('a file before there is an MRN is the movement’s when there is one', async () => {
    const pre = declaration().replace('<additionalDeclarationType>A<', '<additionalDeclarationType>D<')
    await al.post('adria', pre)
    const lrn = /<LRN>([^<]+)</.exec(pre)![1]!
    await attached(al, 'adria', lrn)
    assert.equal((await list(al, 'adria', lrn)).files.length, 1)
  })

  test('an officer of the office of departure attaches what came on paper; others do not', async () => {
    const { mrn } = await released(al)
    await attached(al, 'durres', mrn)
    assert.equal(await codeOf(al, 'guarantor', mrn), 'not-found')
    assert.equal(await codeOf(al, 'morine', mrn), 'not-found')
    assert.equal(await codeOf(al, 'tirana', mrn), 'forbidden')
    // Nothing is looked into for them.
    const wrong = { content: Buffer.from('%PDF-1.7\nnothing') }
    assert.equal(await codeOf(al, 'durres', mrn, wrong), 'file broken')
    assert.equal(await codeOf(al, 'guarantor', mrn, wrong), 'not-found')
    assert.equal(await codeOf(al, 'tirana', mrn, wrong), 'forbidden')
    assert.equal(await al.casework.files(al.account('guarantor'), mrn), undefined)
    const [file] = (await list(al, 'durres', mrn)).files
    assert.equal(await al.casework.openFile(al.account('guarantor'), mrn, file!.id), undefined)
  })

  test('the same request again is the same file; the same key for another is refused', async () => {
    const mrn = await accepted(al)
    const idempotency = { accountId: 'adria', key: randomUUID(), requestDigest: Buffer.alloc(32, 1) }
    const first = await attach(al, 'adria', mrn, { idempotency })
    assert.deepEqual(await attach(al, 'adria', mrn, { idempotency }), first)
    assert.equal((await list(al, 'adria', mrn)).files.length, 1)
    const other = { ...idempotency, requestDigest: Buffer.alloc(32, 2) }
    assert.equal((await attach(al, 'adria', mrn, { idempotency: other })).kind, 'key-reused')
  })

  test('a new version takes the place of the old one, which stays', async () => {
    const mrn = await accepted(al)
    const first = await attached(al, 'adria', mrn)
    await attached(al, 'adria', mrn, { replaces: first.file })
    const { files } = await list(al, 'adria', mrn)
    assert.deepEqual(
      files.map(({ version, superseded }) => [version, superseded]),
      [
        [1, true],
        [2, false],
      ],
    )
    assert.equal(await codeOf(al, 'adria', mrn, { replaces: first.file }), 'conflict')
    assert.equal(
      await codeOf(al, 'adria', mrn, { replaces: randomUUID() }).then((code) => code.split(' ')[0]),
      'replaces',
    )
    for (const statement of [
      'update movement_file set name = name',
      'delete from movement_file',
      'truncate movement_file',
    ])
      await assert.rejects(al.db.query(statement), /never changed or deleted/)
  })

  test('two at once replace one file: one of them does', async () => {
    const mrn = await accepted(al)
    const { file } = await attached(al, 'adria', mrn)
    const kinds = (await Promise.all([1, 2].map(() => attach(al, 'adria', mrn, { replaces: file })))).map(
      ({ kind }) => kind,
    )
    assert.deepEqual(kinds.toSorted(), ['conflict', 'done'])
  })

  test('two officers at once do not attach more than a movement may have', async () => {
    const { mrn } = await released(al)
    for (let n = 0; n < 3; n += 1) await attached(al, 'durres', mrn)
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => codeOf(al, 'durres', mrn)))
    assert.deepEqual(outcomes.toSorted(), ['done', 'file too-many', 'file too-many', 'file too-many'])
    assert.equal((await list(al, 'durres', mrn)).files.length, 4)
  })

  test('what is no document of the declaration, too large, too many or no right file is refused, and nothing is kept', async () => {
    const mrn = await accepted(al)
    const large = Buffer.alloc(20_001)
    assert.equal(await codeOf(al, 'adria', mrn, { document: { ...invoice, reference: 'X' } }), 'reference N380 X')
    assert.equal(await codeOf(al, 'adria', mrn, { document: { ...invoice, item: 1 } }), 'item 1')
    assert.equal(await codeOf(al, 'adria', mrn, { content: large }), 'file too-large')
    assert.equal(await codeOf(al, 'adria', mrn, { content: new Uint8Array() }), 'file empty')
    assert.equal(await codeOf(al, 'adria', mrn, { name: 'invoice.exe' }), 'file other-extension')
    assert.equal(await codeOf(al, 'adria', mrn, { mediaType: 'image/png' }), 'file other-media-type')
    assert.equal(await codeOf(al, 'adria', '26ALAL0001010000J5'), 'not-found')
    assert.deepEqual((await list(al, 'adria', mrn)).files, [])
    assert.deepEqual(await notes(al, mrn), [])
    for (let n = 0; n < 4; n += 1) await attached(al, 'adria', mrn)
    assert.equal(await codeOf(al, 'adria', mrn), 'file too-many')
    const other = await accepted(al)
    const text = (bytes: number) => ({ content: Buffer.alloc(bytes, 'x'), name: 'a.txt', mediaType: 'text/plain' })
    for (const bytes of [19_000, 19_000]) await attached(al, 'adria', other, text(bytes))
    assert.equal(await codeOf(al, 'adria', other, text(2_001)), 'file movement-full')
    await attached(al, 'adria', other, text(2_000))
  })

  test('a file that the database changed is not shown, and the journal says so', async () => {
    const mrn = await accepted(al)
    const { id, file } = await attached(al, 'adria', mrn)
    const second = await attached(al, 'adria', mrn)
    const change = async (set: string, values: unknown[]) => {
      await al.db.query('alter table movement_file disable trigger movement_file_is_final')
      await al.db.query(`update movement_file set ${set}`, values)
      await al.db.query('alter table movement_file enable trigger movement_file_is_final')
    }
    const open = async (which: string) => (await al.casework.openFile(al.account('durres'), mrn, which))?.kind
    assert.equal(await open(id), 'file')
    await change('digest = $2 where id = $1', [id, Buffer.alloc(32, 9)])
    assert.equal(await open(id), 'damaged')
    await change('content = $2 where id = $1', [second.id, pdf])
    assert.equal(await open(second.id), 'damaged', 'content that nobody sealed')
    await change('content = (select content from movement_file where id = $2) where id = $1', [second.id, id])
    assert.equal(await open(second.id), 'damaged', 'content of another file')
    const damage = (await notes(al, mrn)).filter(({ code }) => code === 'file-damaged')
    assert.equal(damage.length, 3)
    assert.equal(damage[0]!.detail['file'], file)
  })
})
