/**
 * Reader and writer against libxml2 with the official schema set, on documents made from our own tables: what we write is valid there, and
 * what is spoilt gets the same verdict here and there.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { groupOf, type Fullness } from './instances.ts'
import { schemaValidator, skipWithoutSchemas as skip } from './schema.ts'
import { loadMessages } from './tables.ts'

const messages = loadMessages()
let schema: ReturnType<typeof schemaValidator>
before(() => {
  if (!skip) schema = schemaValidator(messages.types)
})
after(() => schema?.dispose())

function instance(type: string, fullness: Fullness): Uint8Array {
  const table = messages.get(type)!
  return table.write({
    ...groupOf(table.root.children, fullness),
    messageType: type,
    ...(fullness === 'maximal' && { PhaseID: table.phases[0]! }),
  })
}

for (const fullness of ['minimal', 'maximal'] as const) {
  test(`a ${fullness} document of every message is valid here and there`, { skip }, () => {
    const wrong = messages.types.flatMap((type) => {
      const bytes = instance(type, fullness)
      const { findings } = messages.get(type)!.read(bytes)
      const there = schema.isValid(bytes)
      return findings.length === 0 && there ? [] : [{ type, there, finding: findings[0] }]
    })
    assert.deepEqual(wrong, [])
    assert.equal(messages.types.length, 91)
  })
}

test('what was read is what was written', { skip }, () => {
  for (const type of messages.types) {
    const table = messages.get(type)!
    const bytes = instance(type, 'maximal')
    assert.deepEqual(table.write(table.read(bytes).document!), bytes, type)
  }
})

/** Ways to spoil a text document; each takes the text and a number that chooses the place. */
const spoilers: Record<string, (text: string, pick: number) => string> = {
  'an element is missing': (text, pick) => replaceNth(text, /<(\w+)>[^<]*<\/\1>/g, pick, () => ''),
  'an element comes twice': (text, pick) => replaceNth(text, /<(\w+)>[^<]*<\/\1>/g, pick, (found) => found + found),
  'two neighbours are exchanged': (text, pick) =>
    replaceNth(text, /(<(\w+)>[^<]*<\/\2>)(<(\w+)>[^<]*<\/\4>)/g, pick, (_, one, __, two) => two! + one!),
  'a value is empty': (text, pick) => replaceNth(text, />[^<]+</g, pick, () => '><'),
  'a value is too long': (text, pick) =>
    replaceNth(text, />([^<]+)</g, pick, (_, value) => `>${value}${'1'.repeat(513)}<`),
  'a value is one longer': (text, pick) => replaceNth(text, />([^<]+)</g, pick, (_, value) => `>${value}1<`),
  'a value is one shorter': (text, pick) =>
    replaceNth(text, />([^<]+)</g, pick, (_, value) => `>${[...value!].slice(1).join('')}<`),
  'a value has spaces around': (text, pick) => replaceNth(text, />([^<]+)</g, pick, (_, value) => `> ${value}\n<`),
  'a value has a line break inside': (text, pick) =>
    replaceNth(text, />([^<]+)</g, pick, (_, value) => `>${value!.slice(0, -1)}\n${value!.slice(-1)}<`),
  'a value has other characters': (text, pick) =>
    replaceNth(text, />([^<]+)</g, pick, (_, value) => `>${'-'.repeat(value!.length)}<`),
  'a value is beyond the Latin letters': (text, pick) =>
    replaceNth(text, />([^<]+)</g, pick, (_, value) => `>${'𝕏'.repeat([...value!].length)}<`),
  'a value ends with a wide space': (text, pick) =>
    replaceNth(text, />([^<]+)</g, pick, (_, value) => `>${[...value!].slice(1).join('')}\u2003<`),
  'a value is zero': (text, pick) => replaceNth(text, />[^<]+</g, pick, () => '>0<'),
  'a number has more decimals': (text, pick) => replaceNth(text, />(\d+\.\d+)</g, pick, (_, value) => `>${value}000<`),
  'a number has one decimal too many': (text, pick) => replaceNth(text, />\d+\.\d+</g, pick, () => '>0.1234567<'),
  'a number has a sign': (text, pick) => replaceNth(text, />(\d[\d.]*)</g, pick, (_, value) => `>+${value}<`),
  'a date does not exist': (text, pick) => replaceNth(text, />\d{4}-\d\d-\d\d/g, pick, () => '>2026-02-29'),
  'a date has the year 0': (text, pick) => replaceNth(text, />\d{4}-\d\d-\d\d/g, pick, () => '>0000-01-01'),
  'a time is midnight at the end of the day': (text, pick) =>
    replaceNth(text, /T\d\d:\d\d:\d\d/g, pick, () => 'T24:00:00'),
  'a time is out of range': (text, pick) => replaceNth(text, /T\d\d:\d\d:\d\d/g, pick, () => 'T23:59:60'),
  'a time has a zone': (text, pick) => replaceNth(text, /(T\d\d:\d\d:\d\d)/g, pick, (found) => `${found}Z`),
  'an element is unknown': (text, pick) => replaceNth(text, /<\/(\w+)>/g, pick, (found) => `${found}<unknown/>`),
  'text stands between elements': (text, pick) => replaceNth(text, /><(?!\?)/g, pick, () => '>x<'),
  'white space stands between elements': (text, pick) => replaceNth(text, /></g, pick, () => '>\n <'),
  'an attribute is added': (text, pick) =>
    replaceNth(text, /<(\w+)>/g, pick, (found) => `${found.slice(0, -1)} a="1">`),
  'an element has a namespace': (text, pick) =>
    replaceNth(text, /<(\w+)>([^<]*)<\/\1>/g, pick, (_, name, value) => `<ncts:${name}>${value}</ncts:${name}>`),
  'a comment stands in a value': (text, pick) =>
    replaceNth(text, />([^<]+)</g, pick, (_, value) => `>${value}<!-- x --><`),
  'the phase is another': (text) => text.replace(/PhaseID="[^"]*"/, 'PhaseID="NCTS9"'),
  'the root is in no namespace': (text) => text.replace(/xmlns:ncts="[^"]*"/, 'xmlns:ncts="urn:other"'),
}

function replaceNth(
  text: string,
  pattern: RegExp,
  pick: number,
  replacement: (found: string, ...groups: (string | undefined)[]) => string,
): string {
  const matches = [...text.matchAll(pattern)]
  const match = matches[pick % Math.max(matches.length, 1)]
  if (!match) return text
  return (
    text.slice(0, match.index) + replacement(match[0], ...match.slice(1)) + text.slice(match.index + match[0].length)
  )
}

test('a spoilt document gets the same verdict here and there', { skip }, () => {
  let seed = 51_8_0
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648)
  const wrong: unknown[] = []
  let invalid = 0
  let looked = 0
  for (const type of messages.types) {
    const table = messages.get(type)!
    const text = new TextDecoder().decode(instance(type, 'maximal'))
    for (const [what, spoil] of Object.entries(spoilers).flatMap((entry) => [entry, entry, entry])) {
      const bytes = new TextEncoder().encode(spoil(text, random()))
      const { findings } = table.read(bytes)
      const there = schema.isValid(bytes)
      looked += 1
      if (!there) invalid += 1
      if ((findings.length === 0) !== there) wrong.push({ type, what, there, finding: findings[0] })
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(invalid > looked / 2, `${invalid} of ${looked} were invalid`)
})
