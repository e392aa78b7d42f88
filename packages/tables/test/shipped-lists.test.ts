/** The lists that come as files, and what a corridor makes of them. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { loadDocuments, loadShippedLists } from '../src/index.ts'

const path = mkdtempSync(join(tmpdir(), 'corridor-shipped-'))
after(() => rmSync(path, { recursive: true }))
const folder = pathToFileURL(`${path}/`)
const head = '#source\ta test\n#version\t2026-01-01\n#status\tillustrative\n#owner\tNTA.AL\n'
const put = (file: string, text: string): void => writeFileSync(join(path, `${file}.tsv`), text)
const countries = new Map([['NTA.AL', 'AL']])
const shipped = () => loadShippedLists({ folder, corridor: 'test', countries })

put('whole', `#list\tCL251\n#name\tGuaranteeType\n${head}code\tvalidFrom\tvalidTo\ttext_en\n1\t\t\tOne\n`)
put('added', `#name\tMore\n${head}lists\tcode\tvalidFrom\tvalidTo\ttext_en\nCL009 CL070\tAL\t\t\tAlbania\n`)
put('kinds', `#list\tCL017/NTA.AL\n#name\tKindOfPackages\n${head}code\tvalidFrom\tvalidTo\ttext_en\nQ7\t\t\tOurs\n`)

test('additions and parts are lists of their own; a whole list takes the place of the published one', () => {
  const facts = shipped()
    .filter(({ head: { source } }) => source === 'a test')
    .map(({ head: { id, kind, owner, country, illustrative }, entries }) => [
      `${id} ${kind} ${owner} ${country} ${illustrative}`,
      ...entries.map(({ entry }) => `${entry.list} ${entry.code}`),
    ])
    .sort()
  assert.deepEqual(facts, [
    ['CL009/test corridor NTA.AL AL true', 'CL009/test AL'],
    ['CL017/NTA.AL national NTA.AL AL true', 'CL017/NTA.AL Q7'],
    ['CL070/test corridor NTA.AL AL true', 'CL070/test AL'],
    ['CL251 corridor NTA.AL AL true', 'CL251 1'],
  ])
  assert.equal(shipped().filter(({ head: { id } }) => id === 'CL251').length, 1)
})

test('without a store, documents are checked with the same: the list and its parts', () => {
  const { codeLists } = loadDocuments(folder)
  const on = (list: string) => codeLists.codes(list, '2026-11-30').map(({ code }) => code)
  assert.deepEqual(on('CL251'), ['1'])
  assert.ok(on('CL017').includes('Q7') && on('CL017').includes('CT'))
  assert.equal(codeLists.sources('CL017').at(-1)?.owner, 'NTA.AL')
})

test('a row that cannot be read is named with its file and line', () => {
  put('kinds', `#list\tCL017/NTA.AL\n#name\tKindOfPackages\n${head}code\tvalidFrom\nQ7\t2026-02-30\n`)
  assert.throws(shipped, /kinds, line 8: Q7: first day 2026-02-30 is no day/)
  assert.throws(() => loadDocuments(folder), /kinds, line 8/)
})
