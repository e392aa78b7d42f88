/** The tables of the corridor hold what the published files hold. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { loadCorridorTables } from './tables.ts'

const tables = loadCorridorTables()
const valuesOf = (number: number) => tables.table(number)!.values

const shared = new URL('../../../../shared/ncts/codelists/', import.meta.url)
const skip = existsSync(shared) ? false : 'needs ../shared'
const textOf = (file: string): string => readFileSync(new URL(file, shared), 'utf8')

test('the tables of customs offices are those of the published list, code by code', { skip }, () => {
  const numbers = new Map(Object.entries({ GeoInfoCodes: 12, Role: 25, SpecificNotesCode: 28, TrafficType: 30 }))
  const rows = textOf('COL_lists_GeoInfo_SpecificNotes_TrafficType_Role.tsv').trimEnd().split('\n').slice(1)
  const published = new Map<number, string[][]>()
  for (const [entity, , from, code, text] of rows.map((row) => row.split('\t'))) {
    const number = numbers.get(entity!)!
    published.set(number, [...(published.get(number) ?? []), [code!, from!, text!.trim()]])
  }
  for (const [number, entries] of published)
    assert.deepEqual(
      valuesOf(number).map(({ code, validFrom, texts }) => [code, validFrom, texts['en']]),
      entries.toSorted(([one], [other]) => (one! < other! ? -1 : 1)),
      `table ${number}`,
    )
})

test('their texts in other languages are the published ones', { skip }, () => {
  const xml = gunzipSync(readFileSync(new URL('COL-Generic-20241105.xml.gz', shared))).toString('utf8')
  const plain = (text: string) =>
    text
      .replaceAll('&amp;', '&')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<')
      .replaceAll(/\s+/g, ' ')
      .trim()
  for (const [number, entity, item] of [
    [12, 'GeoInfoCodes', 'GeoInfoCode'],
    [25, 'Role', 'Role'],
    [28, 'SpecificNotesCode', 'SpecificNotesCode'],
    [30, 'TrafficType', 'TrafficType'],
  ] as const) {
    const part = xml.slice(xml.indexOf(`RDEntity name="${entity}"`)).split('</ns0:RDEntity>', 1)[0]!
    const entries = part.split('<ns1:RDEntry>').slice(1)
    const texts = new Map(
      entries.map((entry) => [
        new RegExp(`name="${item}">([^<]*)<`).exec(entry)![1]!,
        new Map([...entry.matchAll(/lang="(\w+)">([^<]*)</g)].map(([, lang, text]) => [lang!, plain(text!)])),
      ]),
    )
    assert.equal(texts.size, valuesOf(number).length)
    for (const value of valuesOf(number))
      for (const language of ['en', 'fr', 'el', 'it', 'mk', 'sr']) {
        const text = texts.get(value.code)?.get(language)
        // The export marks what nobody has translated.
        assert.equal(
          value.texts[language] ?? '',
          text?.endsWith('.{en}.') === true ? '' : (text ?? ''),
          `${number} ${value.code} ${language}`,
        )
      }
  }
})

test(
  'control results and previous documents are those of the published files, without their test entries',
  { skip },
  () => {
    const results = JSON.parse(textOf('controlResult.json')) as { code: string; description: string }[]
    assert.deepEqual(
      valuesOf(5).map(({ code, texts }) => [code, texts['en'] ?? '']),
      results.map(({ code, description }) => [code, description.replace(' .{en}.', '')]),
    )
    const documents = JSON.parse(textOf('previousDocumentTypes.json')) as { code: string; activeFrom: string }[]
    assert.deepEqual(
      valuesOf(35)
        .filter(({ status }) => status === 'official')
        .map(({ code, validFrom }) => [code, validFrom]),
      documents
        .filter(({ code }) => !['Test', 'Test2', 'CodeOnly', '821'].includes(code))
        .map(({ code, activeFrom }) => [code, activeFrom])
        .toSorted(([one], [other]) => (one! < other! ? -1 : 1)),
    )
  },
)
