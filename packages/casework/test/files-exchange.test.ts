import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { pdfPage } from '@corridor/files/testing'
import {
  ask,
  attached,
  decide,
  digestOf,
  fileCarrier,
  invoice,
  list,
  notes,
  type Owed,
  owed,
  pdf,
  startTwo,
  type Two,
  underWay,
} from './files-nodes.ts'
import { accepted } from './nodes.ts'

const codes = async (...given: Parameters<typeof notes>) => (await notes(...given)).map(({ code }) => code)

describe('an office of the other country asks for files', () => {
  let two: Two
  before(async () => {
    two = await startTwo()
  })
  after(() => two.stop())

  test('and gets them, with the same digest in both journals', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    const { file } = await attached(al, 'adria', mrn)
    assert.deepEqual((await list(xk, 'prizren', mrn)).files, [], 'nothing crosses that nobody asked for')
    assert.equal((await ask(xk, 'prizren', mrn)).kind, 'done')
    assert.equal((await ask(xk, 'prizren', mrn)).kind, 'conflict', 'it is asked already')
    assert.deepEqual(await fileCarrier(al, xk)(), [
      'SupportingDocumentsRequest',
      'SupportingDocumentsAnswer',
      'SupportingDocument',
      'SupportingDocumentReceipt',
    ])
    const { files, requests } = await list(xk, 'prizren', mrn)
    assert.equal(files[0]?.file, file)
    assert.equal(files[0]?.digest, digestOf(pdf))
    assert.deepEqual(files[0]?.origin, { id: 'NTA.AL', name: 'Albania' })
    assert.ok(files[0]?.receivedAt)
    assert.deepEqual([requests[0]?.state, requests[0]?.files[0]?.outcome], ['given', 'taken'])
    const opened = await xk.casework.openFile(xk.account('prizren'), mrn, files[0].id)
    assert.ok(opened?.kind === 'file')
    assert.deepEqual(Buffer.from(opened.content), pdf)
    // The transit office of the same administration has the movement too.
    assert.equal((await list(xk, 'vermice', mrn)).files.length, 1)
    assert.deepEqual(await codes(al, mrn), ['file-attached', 'files-asked-of-us', 'files-given', 'file-delivered'])
    assert.deepEqual(await codes(xk, mrn), ['files-asked', 'files-answered', 'file-received'])
    assert.equal((await notes(xk, mrn))[2]?.detail['digest'], digestOf(pdf))
    const asked = (await notes(al, mrn))[1]!
    assert.match(asked.detail['note'] ?? '', /XK000301 Mimoza Berisha · The value looks low/)
    const [given] = (await list(al, 'durres', mrn)).requests
    assert.deepEqual([given?.state, given?.files[0]?.outcome, given?.office.name], ['given', 'taken', 'Prizren'])
    const view = await xk.view('prizren', mrn)
    assert.equal(view?.files.files.length, 1)
    assert.ok(view?.audit.some(({ code }) => code === 'file-received'))
  })

  test('two officers of an office at once ask once', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    const kinds = (await Promise.all([1, 2, 3, 4].map(() => ask(xk, 'prizren', mrn)))).map(({ kind }) => kind)
    assert.deepEqual(kinds.toSorted(), ['conflict', 'conflict', 'conflict', 'done'])
    assert.equal((await list(xk, 'prizren', mrn)).requests.length, 1)
    await fileCarrier(al, xk)()
  })

  test('what it has does not come again; a new version does', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    const carry = fileCarrier(al, xk)
    const { file } = await attached(al, 'adria', mrn)
    await ask(xk, 'prizren', mrn)
    await carry()
    await ask(xk, 'prizren', mrn)
    assert.deepEqual(await carry(), ['SupportingDocumentsRequest', 'SupportingDocumentsAnswer'])
    const newer = pdfPage('Corrected')
    await attached(al, 'adria', mrn, { replaces: file, content: newer })
    await ask(xk, 'prizren', mrn, invoice)
    assert.ok((await carry()).includes('SupportingDocument'))
    const { files } = await list(xk, 'prizren', mrn)
    assert.deepEqual(
      files.map(({ version, superseded, digest }) => [version, superseded, digest]),
      [
        [1, true, digestOf(pdf)],
        [2, false, digestOf(newer)],
      ],
    )
  })

  test('whatever the order, and however often each message comes', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    await attached(al, 'adria', mrn)
    await attached(al, 'adria', mrn, { content: pdfPage('Page two'), name: 'two.pdf' })
    await ask(xk, 'prizren', mrn)
    await fileCarrier(al, xk)('backwards')
    const before = [await codes(al, mrn), await codes(xk, mrn)]
    assert.equal((await list(xk, 'prizren', mrn)).files.length, 2)
    for (const [from, to] of [
      [al, xk],
      [xk, al],
    ] as const)
      for (const message of (await owed(from)).filter(({ conversation }) => conversation === mrn))
        await to.take(message.type, message.payload, { conversation: mrn })
    assert.equal((await list(xk, 'prizren', mrn)).files.length, 2)
    assert.deepEqual(
      (await list(xk, 'prizren', mrn)).requests.map(({ state, files }) => [state, files.length]),
      [['given', 2]],
    )
    const fresh = (after: string[], old: string[]) =>
      after.slice(old.length).filter((code) => !/received|delivered/.test(code))
    assert.deepEqual([fresh(await codes(al, mrn), before[0]!), fresh(await codes(xk, mrn), before[1]!)], [[], []])
    assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
  })

  test('every refusal has its code, at both ends', async () => {
    const { al, xk } = two
    const carry = fileCarrier(al, xk)
    const mrn = await underWay(two)
    await ask(xk, 'prizren', mrn)
    await carry()
    assert.deepEqual(
      (await list(xk, 'prizren', mrn)).requests.map(({ state, code }) => [state, code]),
      [['refused', 'no-file']],
    )
    assert.equal((await notes(xk, mrn)).at(-1)?.code, 'files-not-given')
    await attached(al, 'adria', mrn)
    const notReleased = await accepted(al)
    const request = (change: object) =>
      Buffer.from(
        `${JSON.stringify({
          extension,
          request: randomUUID(),
          mrn,
          office: 'XK000301',
          officer: 'Mimoza Berisha',
          askedAt: '2026-11-24T10:00:00.000Z',
          reason: 'why not',
          document: null,
          have: [],
          ...change,
        })}\n`,
      )
    const answered = async (change: object): Promise<unknown> => {
      const last = (await owed(al)).at(-1)?.id ?? 0
      await al.take('SupportingDocumentsRequest', request(change))
      const answers = await owed(al, last)
      return answers.map(({ type, payload }) =>
        type === 'SupportingDocument' ? type : JSON.parse(payload.toString()).code,
      )
    }
    assert.deepEqual(await answered({ mrn: '26ALAAAAAAAAAAAAJ6' }), [], 'no MRN: unreadable, and not answered')
    assert.deepEqual(await answered({ office: 'AL000101' }), ['not-your-office'])
    assert.deepEqual(await answered({ office: 'XK999999' }), ['not-your-office'])
    assert.deepEqual(await answered({ office: 'XK000302' }), ['not-on-the-way'])
    assert.deepEqual(await answered({ mrn: notReleased }), ['not-released'])
    assert.deepEqual(await answered({ document: { type: 'N730', reference: 'CMR-AL-88213' } }), ['no-file'])
    assert.deepEqual(await answered({}), ['', 'SupportingDocument'])
    for (const wrong of [
      Buffer.from('{'),
      Buffer.from(`${'['.repeat(100_000)}\n`),
      request({ extension: 'urn:other' }),
      request({ officer: 'a\u202Eb' }),
      request({ have: 'all' }),
      request({ request: '1' }),
    ]) {
      const last = (await owed(al)).at(-1)!.id
      await al.take('SupportingDocumentsRequest', wrong)
      assert.deepEqual(await owed(al, last), [])
    }
    assert.deepEqual(await al.parked(), [])
  })

  test('an office that asks again and again is not given everything each time', async () => {
    const { al } = two
    const mrn = await underWay(two)
    await attached(al, 'adria', mrn)
    const answered = async (office: string): Promise<string> => {
      const last = (await owed(al)).at(-1)?.id ?? 0
      const asked = {
        request: randomUUID(),
        mrn,
        office,
        officer: 'Mimoza Berisha',
        askedAt: '2020-01-01T10:00:00.000Z',
      }
      const request = { extension, ...asked, reason: 'again', document: null, have: [] }
      await al.take('SupportingDocumentsRequest', Buffer.from(`${JSON.stringify(request)}\n`))
      const [answer, ...files] = await owed(al, last)
      const { outcome, code } = JSON.parse(answer!.payload.toString())
      return `${outcome} ${code} ${files.length}`
    }
    for (let n = 1; n <= 10; n += 1) assert.equal(await answered('XK000301'), 'given  1', `${n}`)
    assert.equal(await answered('XK000301'), 'refused too-many 0')
    assert.equal(await answered('XK000201'), 'given  1', 'another office has asked for nothing yet')
    await al.db.query(`update file_request set settled_at = settled_at - interval '24 hours' where mrn = $1`, [mrn])
    assert.equal(await answered('XK000301'), 'given  1', 'a day later')
    assert.deepEqual(await al.parked(), [])
  })

  test('an answer so long that the journal cuts its line within a character is taken', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    await ask(xk, 'prizren', mrn)
    const asked = (await owed(xk)).findLast(({ conversation }) => conversation === mrn)!
    const { request } = JSON.parse(asked.payload.toString())
    const name = `a${'😀'.repeat(99)}`
    const files = Array.from({ length: 12 }, () => ({
      file: randomUUID(),
      name,
      size: 1,
      digest: digestOf(pdf),
      outcome: 'gone',
    }))
    const said = { request, mrn, outcome: 'given', code: '', note: '', files }
    const payload = Buffer.from(`${JSON.stringify({ extension, ...said })}\n`)
    await xk.take('SupportingDocumentsAnswer', payload, { conversation: mrn })
    assert.deepEqual(await xk.parked(), [])
    const note = (await notes(xk, mrn)).at(-1)
    assert.equal(note?.code, 'files-answered')
    assert.equal(note?.detail['note']?.at(-1), '\uFFFD', 'it is cut within a character')
    await fileCarrier(al, xk)()
  })

  test('an office that asks must be on the way and abroad', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    assert.equal((await ask(al, 'durres', mrn)).kind, 'forbidden')
    assert.equal((await ask(xk, 'peja', mrn)).kind, 'not-found')
    assert.equal((await ask(xk, 'sharr', mrn)).kind, 'not-found')
    const blank = await xk.casework.askForFiles(xk.account('prizren'), mrn, {
      document: null,
      reason: ' ',
      idempotency: { accountId: 'prizren', key: randomUUID(), requestDigest: Buffer.alloc(32) },
    })
    assert.equal(blank.kind, 'invalid')
  })

  test('a file that is gone at departure is said to be gone', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    const { id } = await attached(al, 'adria', mrn)
    await al.db.query('alter table movement_file disable trigger movement_file_is_final')
    await al.db.query(`update movement_file set content = 'x' where id = $1`, [id])
    await al.db.query('alter table movement_file enable trigger movement_file_is_final')
    await ask(xk, 'prizren', mrn)
    await fileCarrier(al, xk)()
    const [request] = (await list(xk, 'prizren', mrn)).requests
    assert.deepEqual([request?.state, request?.code], ['refused', 'gone'])
    assert.ok((await codes(al, mrn)).includes('file-damaged'))
  })

  test('a file that was changed on its way, or that nobody asked for, is not kept', async () => {
    const { al, xk } = two
    const cases: [string, (head: Record<string, unknown>, content: Buffer) => [object, Buffer]][] = [
      ['digest', (head, content) => [head, Buffer.concat([content.subarray(0, -1), Buffer.from('x')])]],
      ['digest', (head, content) => [head, content.subarray(1)]],
      ['content', (head) => [{ ...head, ...told(script) }, script]],
      ['content', (head, content) => [{ ...head, mediaType: 'image/png' }, content]],
      ['content', (head, content) => [{ ...head, name: 'x.exe' }, content]],
      ['not-asked', (head, content) => [{ ...head, request: randomUUID() }, content]],
      ['not-asked', (head, content) => [{ ...head, document: { type: 'N730', reference: 'X', item: null } }, content]],
    ]
    for (const [code, change] of cases) {
      const mrn = await underWay(two)
      await attached(al, 'adria', mrn)
      await ask(xk, 'prizren', mrn, invoice)
      await fileCarrier(al, xk, (message) =>
        message.type === 'SupportingDocument' ? changed(message, change) : message.payload,
      )()
      assert.deepEqual((await list(xk, 'prizren', mrn)).files, [], code)
      const note = (await notes(xk, mrn)).find((each) => each.code === 'file-not-taken')
      assert.equal(note?.detail['reason'], code)
    }
    assert.deepEqual(await xk.parked(), [])
    assert.ok((await owed(xk)).length > 0)
  })

  test('the other side learns that its file was not taken', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    await attached(al, 'adria', mrn)
    await ask(xk, 'prizren', mrn)
    const spoil = (message: Owed) => changed(message, (head, content) => [head, content.subarray(1)])
    await fileCarrier(al, xk, (message) => (message.type === 'SupportingDocument' ? spoil(message) : message.payload))()
    const [request] = (await list(al, 'durres', mrn)).requests
    assert.equal(request?.files[0]?.outcome, 'digest')
    assert.equal((await codes(al, mrn)).at(-1), 'file-not-taken-there')
    // Asked again, it comes again.
    await ask(xk, 'prizren', mrn)
    await fileCarrier(al, xk)()
    assert.equal((await list(xk, 'prizren', mrn)).files.length, 1)
  })

  test('what was received and changed in the database is found', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    await attached(al, 'adria', mrn)
    await ask(xk, 'prizren', mrn)
    await fileCarrier(al, xk)()
    const [file] = (await list(xk, 'prizren', mrn)).files
    await xk.db.query('alter table movement_file disable trigger movement_file_is_final')
    await xk.db.query('update movement_file set digest = $2 where id = $1', [file!.id, Buffer.alloc(32)])
    await xk.db.query('alter table movement_file enable trigger movement_file_is_final')
    assert.equal((await xk.casework.openFile(xk.account('prizren'), mrn, file!.id))?.kind, 'damaged')
    assert.equal((await codes(xk, mrn)).at(-1), 'file-damaged')
  })
})

describe('where an officer decides on what is given', () => {
  let two: Two
  before(async () => {
    two = await startTwo({ answer: 'after-approval', movementFiles: 10 }, { movementFiles: 1 })
  })
  after(() => two.stop())

  test('nothing leaves before; then it does, or the reason', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    await attached(al, 'adria', mrn)
    const carry = fileCarrier(al, xk)
    await ask(xk, 'vermice', mrn)
    assert.deepEqual(await carry(), ['SupportingDocumentsRequest'])
    const [waiting] = (await list(al, 'durres', mrn)).requests
    assert.deepEqual([waiting?.state, waiting?.mayDecide, waiting?.officer], ['waiting', true, 'Dardan Krasniqi'])
    assert.equal((await decide(al, 'durres', mrn, waiting!.id, 'refuse')).kind, 'invalid', 'a refusal says why')
    assert.equal((await decide(al, 'tirana', mrn, waiting!.id, 'give')).kind, 'forbidden')
    assert.equal((await decide(al, 'durres', mrn, '999999', 'give')).kind, 'not-found')
    assert.equal((await decide(al, 'durres', mrn, waiting!.id, 'refuse', 'Under investigation')).kind, 'done')
    assert.equal((await decide(al, 'durres', mrn, waiting!.id, 'give')).kind, 'conflict')
    await carry()
    const [refused] = (await list(xk, 'vermice', mrn)).requests
    assert.deepEqual([refused?.state, refused?.code, refused?.note], ['refused', 'not-allowed', 'Under investigation'])
    await ask(xk, 'vermice', mrn)
    await carry()
    const [again] = (await list(al, 'durres', mrn)).requests
    assert.equal((await decide(al, 'durres', mrn, again!.id, 'give')).kind, 'done')
    await carry()
    assert.equal((await list(xk, 'vermice', mrn)).files.length, 1)
  })

  test('more than the receiver has room for is not kept', async () => {
    const { al, xk } = two
    const mrn = await underWay(two)
    await attached(al, 'adria', mrn)
    await attached(al, 'adria', mrn, { content: pdfPage('two'), name: 'two.pdf' })
    const carry = fileCarrier(al, xk)
    await ask(xk, 'prizren', mrn)
    await carry()
    const [waiting] = (await list(al, 'durres', mrn)).requests
    await decide(al, 'durres', mrn, waiting!.id, 'give')
    await carry()
    assert.equal((await list(xk, 'prizren', mrn)).files.length, 1)
    const [request] = (await list(al, 'durres', mrn)).requests
    assert.deepEqual(request?.files.map(({ outcome }) => outcome).toSorted(), ['full', 'taken'])
  })
})

const extension = 'urn:corridor:supporting-documents:1'
const script = pdfPage('x', { more: ['<< /S /JavaScript /JS (app.alert(1)) >>'] })
const told = (content: Buffer) => ({ size: content.length, digest: digestOf(content) })

function changed(
  { payload }: Owed,
  change: (head: Record<string, unknown>, content: Buffer) => [object, Buffer],
): Buffer {
  const end = payload.indexOf('\n')
  const [head, content] = change(JSON.parse(payload.subarray(0, end).toString()), payload.subarray(end + 1))
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), content])
}
