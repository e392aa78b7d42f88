/** Files as new versions of a list, through a real server: what they change, and how what is wrong with them is refused. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { reference, saveAccount } from '@corridor/registry'
import { loadReferenceLists } from '@corridor/tables'
import { testApi, type TestApi } from './support.ts'

const author = { id: 'tirana-tariff', name: 'Elira Dervishi', role: 'reference', locale: 'en' } as const
const columns = 'code,validFrom,validTo,text_en,text_sq\n'
const rows = 'A1,2026-01-01,,Satisfactory,I kënaqshëm\nB1,2026-01-01,,Not satisfactory,\n'

interface Answer {
  status: number
  body: { type: string; detail: string; number: number; errors: { field: string; value?: string; remedy: string }[] }
}

describe('a file as a new version', () => {
  let api: TestApi
  let port: number
  let bearer: { authorization: string }
  before(async () => {
    api = await testApi()
    await saveAccount(api.db, author, api.clock.now)
    bearer = await api.bearer(author)
    await reference.declareLists(api.db, loadReferenceLists())
    await api.app.listen({ host: '127.0.0.1', port: 0 })
    port = (api.app.server.address() as AddressInfo).port
  })
  after(() => api.close())

  /** Sends a file as it is made; the answer may come before its end. */
  function upload(file: Iterable<string | Uint8Array>, more = '', type = 'text/csv', list = 'CL251'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const path = `/reference/${list}/versions?effective=2026-11-25&note=${encodeURIComponent('Edition of November')}${more}`
      const headers = { ...bearer, 'content-type': type, accept: 'application/json' }
      const sending = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          source.destroy()
          sending.destroy()
          resolve({
            status: response.statusCode!,
            body: JSON.parse(Buffer.concat(chunks).toString()) as Answer['body'],
          })
        })
      })
      // What comes after the answer fails because nobody sends it any more.
      sending.on('error', reject)
      const source = Readable.from(file, { objectMode: false })
      source.pipe(sending)
    })
  }
  const drafts = async () => (await reference.versionsOf(api.db, 'CL251')).filter(({ state }) => state !== 'published')

  test('is drafted with what it changes, and the same file again finds it open', async () => {
    const done = await upload([columns, rows])
    assert.deepEqual(
      [done.status, done.body],
      [201, { list: 'CL251', number: 1, state: 'draft', added: 2, changed: 0, ended: 0, rows: 2, unchanged: 0 }],
    )
    const again = await upload([columns, rows])
    assert.deepEqual([again.status, again.body.type], [409, 'urn:corridor:problem:version-open'])
    await reference.discardVersion(api.db, 'CL251', 1)
    const lines = [
      { list: 'CL251', code: 'A1', texts: { en: 'Good' } },
      { list: 'CL999', code: 'X' },
    ]
    const json = [...lines, { entries: 2 }].map((line) => `${JSON.stringify(line)}\n`)
    assert.equal((await upload(json, '', 'application/x-ndjson')).status, 201)
    await reference.discardVersion(api.db, 'CL251', 1)
  })

  test('is refused with the lines that are wrong, and nothing of it is kept', async () => {
    const latin1 = Buffer.from(`${columns}${rows}C1,2026-01-01,,Dégagé,\n`, 'latin1')
    const cases: [file: (string | Uint8Array)[], field: string, remedy: RegExp, type?: string][] = [
      [[columns, rows, 'C1,2026-13-01,,Wrong day,\n'], 'line 4', /2026-13-01/],
      [[columns, rows, 'A1,2026-06-01,,Overlaps,\n'], 'line 4', /A1/],
      [[columns, rows, 'C1,2026-01-'], 'line 4', /may be cut/],
      [[latin1], 'line 2', /UTF-8/],
      [['name,meaning\n', 'a,b\n'], 'line 1', /no column code/],
      [[], 'file', /no column line/],
      [['{"list":"CL251","code":"A1"}\n'], 'line 1', /may be cut/, 'application/x-ndjson'],
      [['<?xml version="1.0"?><RDEntityList'], 'line 1', /./, 'application/xml'],
    ]
    for (const [file, field, remedy, type] of cases) {
      const { status, body } = await upload(file, '', type)
      assert.deepEqual([status, body.type], [422, 'urn:corridor:problem:wrong-file'], JSON.stringify(body))
      const found = body.errors.filter((error) => error.field === field).map((error) => error.remedy)
      assert.ok(
        found.some((words) => remedy.test(words)),
        `${field}: ${JSON.stringify(body)}`,
      )
      assert.match(body.detail, /Nothing was imported/)
    }
    assert.deepEqual(await drafts(), [])
    const said = await upload([columns, rows], '', 'text/csv; charset=windows-1252')
    assert.deepEqual([said.status, said.body.type], [415, 'urn:corridor:problem:media-type'])
    assert.match(said.body.detail, /UTF-8/)
    assert.equal((await upload([columns, rows], '', 'application/pdf')).status, 415)
    assert.equal((await upload([columns, rows], '', 'text/csv', 'CL9999')).status, 404)
    assert.equal((await upload([columns, rows], '&covers=half')).status, 400)
  })

  /** Sends ten million rows, which are refused early. @returns by how many MB this process grew at the most */
  async function refusedEarly(): Promise<number> {
    let sent = 0
    function* tenMillion() {
      yield columns
      for (; sent < 10_000_000; sent += 1000)
        yield Array.from({ length: 1000 }, (_, n) => `X${sent + n},2026-01-01,,Kind ${sent + n},\n`).join('')
    }
    globalThis.gc?.()
    const before = process.memoryUsage().rss
    let most = before
    const watching = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50)
    const { status, body } = await upload(tenMillion())
    clearInterval(watching)
    assert.equal(status, 422)
    assert.match(body.errors[0]!.field, /^line 25000\d$/)
    assert.match(body.errors[0]!.remedy, /more than 250000 rows/)
    assert.ok(sent < 2_000_000, `${sent} rows were taken before the refusal`)
    return Math.round((most - before) / 1048576)
  }

  test('of ten million rows is refused early, in bounded memory, and says how long a list may be', async () => {
    // Sender and server are one process here, and the collector gives memory back when it likes: the best of three tries counts.
    let grown = Number.POSITIVE_INFINITY
    for (let tries = 0; tries < 3 && grown >= 300; tries += 1) grown = Math.min(grown, await refusedEarly())
    assert.ok(grown < 300, `${grown} MB more`)
    assert.deepEqual(await drafts(), [])
    const length = { 'content-length': String(200 * 1024 * 1024), 'content-type': 'text/csv' }
    const told = await api.app.inject({ method: 'POST', url: '/reference/CL251/versions?effective=2026-11-25&note=x', headers: { ...bearer, ...length }, payload: columns }) // prettier-ignore
    assert.equal(told.statusCode, 413)
    assert.match(told.json().detail, /corridor reference import/)
  })
})
