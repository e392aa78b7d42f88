/**
 * The quick reader against the strict one: it reads every usual document, right or wrong, and whatever it reads, the strict one reads as
 * the same document with the same findings.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { DEFAULT_LIMITS, parse, type XmlElement } from '@corridor/xml'
import { groupOf } from './instances.ts'
import { chanceOf, type Chance } from './instances-random.ts'
import type { ReadResult } from '../src/index.ts'
import { loadMessages } from './tables.ts'

const samples = new URL('../../../../shared/ncts/samples/', import.meta.url)
const skip = existsSync(samples) ? false : 'needs ../shared'

const messages = loadMessages()

/** The quick reader's result, undefined when it leaves the document to the strict reader; fails when they do not agree. */
function agreed(type: string, bytes: Uint8Array, what: string): ReadResult | undefined {
  const { quick, strict } = messages.get(type)!.readers
  const result = quick(bytes)
  if (result) assert.deepEqual(result, strict(bytes), what)
  return result
}

test(
  'every sample that is of its message and well-formed is read quickly and as the strict reader reads it',
  { skip },
  () => {
    const left: string[] = []
    for (const file of readdirSync(samples).filter((name) => name.endsWith('.xml'))) {
      const type = file.slice(0, 6)
      const bytes = readFileSync(new URL(file, samples))
      if (agreed(type, bytes, file)) continue
      const { document, findings } = messages.get(type)!.readers.strict(bytes)
      if (document) left.push(`${file}: ${findings[0]?.text}`)
    }
    assert.deepEqual(left, [])
  },
)

const document = (type: string, fullness: 'minimal' | 'maximal'): string => {
  const table = messages.get(type)!
  return new TextDecoder().decode(
    table.write({ ...groupOf(table.root.children, fullness), messageType: type, PhaseID: table.phases[0]! }),
  )
}

test('the smallest and the fullest document of every message are read quickly', () => {
  for (const type of messages.types) {
    for (const fullness of ['minimal', 'maximal'] as const) {
      assert.ok(agreed(type, new TextEncoder().encode(document(type, fullness)), type), `${type} ${fullness}`)
    }
  }
})

test('near misses of what the quick reader looks for are not taken for it', () => {
  const text = document('CC928C', 'minimal').replaceAll('é', 'e')
  assert.ok(agreed('CC928C', new TextEncoder().encode(text), 'unchanged'))
  const changes: [string, string | RegExp, string][] = [
    ['the byte of a no-break space between attributes', ' PhaseID', '\u00a0PhaseID'],
    ['a vertical tab between attributes', ' PhaseID', '\vPhaseID'],
    ['capitals in the declaration', 'version', 'VERSION'],
    ['capitals at its start', '<?xml', '<?XML'],
    ['a colon at the end of a name', 'PhaseID', 'PhaseID:'],
    ['a colon at its start', 'PhaseID', ':PhaseID'],
    ['a prefix that begins with a digit', /ncts/g, '1ncts'],
    ['a prefix that is not declared', 'xmlns:ncts', 'xmlns:nct'],
    ['the default namespace', 'xmlns:ncts=', 'xmlns="http://ncts.dgtaxud.ec" xmlns:ncts='],
    ['a declaration of xml', 'xmlns:ncts', 'xmlns:xml="u" xmlns:ncts'],
    ['a name that goes on', '<messageSender>', '<messageSenders>'],
    ['an end tag that goes on', '</messageSender>', '</messageSenders>'],
    ['an end tag of another', '</messageSender>', '</messageRecipient>'],
    ['a control character by its byte', '<messageSender>', '<messageSender>\u009f'],
    ['two documents', /$/, text],
    ['an end that is missing', '</ncts:CC928C>\n', ''],
    ['a root end tag with another prefix', '</ncts:', '</n:'],
  ]
  for (const [what, from, to] of changes) {
    const changed = text.replace(from, to)
    assert.notEqual(changed, text)
    // One byte a character, so that \u00a0 and \u009f are bytes which no UTF-8 has there.
    const bytes = Uint8Array.from(changed, (character) => Math.min(character.charCodeAt(0), 0xff))
    agreed('CC928C', bytes, what)
    assert.notDeepEqual(messages.get('CC928C')!.read(bytes).findings, [], what)
  }
})

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

test('documents with as many findings as a rejection carries, or one less, are read alike', () => {
  const text = document('CC928C', 'minimal').replace(/PhaseID="[^"]*"/, 'PhaseID="9"')
  for (const unknown of [9_997, 9_998, 9_999]) {
    const bytes = encode(text.replace('<messageSender>', `${'<x/>'.repeat(unknown)}$&`))
    const result = agreed('CC928C', bytes, `${unknown} unknown elements`)
    assert.deepEqual(
      [result?.document === undefined, result?.findings.length],
      [unknown > 9_997, Math.min(unknown + 1, 9_999)],
    )
  }
})

test('documents with as many elements, attributes and texts as are allowed, or one more, are read alike', () => {
  const around = (inside: string): Uint8Array =>
    encode(document('CC928C', 'minimal').replace('<messageSender>', `<!----> <!-- --> stray <x>${inside}</x>$&`))
  const nodes = (element: XmlElement): number =>
    element.children.reduce(
      (sum, child) => sum + (typeof child === 'string' ? 1 : nodes(child)),
      1 + element.attributes.length + element.namespaces.length,
    )
  const most = DEFAULT_LIMITS.nodes - nodes(parse(around('')))
  for (const count of [most - 1, most, most + 1]) {
    const result = agreed('CC928C', around('<y/>'.repeat(count)), `${count} elements`)
    assert.equal(result?.document === undefined, count > most)
  }
})

test('only the white space of XML is dropped around a PhaseID and a text that should not be there', () => {
  const phase = messages.get('CC928C')!.phases[0]!
  const text = document('CC928C', 'minimal')
  for (const [written, expected] of [
    [` &#10;${phase}\t`, undefined],
    [`\u00a0${phase}`, `\u00a0${phase}`],
    [`${phase}\u2003`, `${phase}\u2003`],
  ] as const) {
    const bytes = encode(text.replace(`"${phase}"`, `"${written}"`))
    assert.equal(messages.get('CC928C')!.read(bytes).findings[0]?.value, expected)
  }
  const stray = encode(text.replace('<messageSender>', ' \t\u00a0 \n$&'))
  assert.equal(agreed('CC928C', stray, 'a no-break space')?.findings[0]?.value, '\u00a0')
})

/** Pieces that mean something to a parser. */
const pieces = [
  ['<', '>', '&', '/', '"', "'", ']]>', '\r', '\n', ' ', '\t', '\0', '\u001f', '\u007f', '\u0085', '\uFFFE', '\uFEFF'],
  ['&amp;', '&lt;', '&#65;', '&#0;', '&#xD;', '&e;', '&amp', '&apos;', '&quot;', '&AMP;', 'é', '\u2028', '𝕏', '0', 'A'],
  ['<!--c-->', '<!---->', '<!--->', '<!-- -- -->', '<!--\u00e9-->', '<!--\0-->', '<![CDATA[x]]>', '<?p x?>', '<a/>'],
  ['<?xml version="1.0"?>', '<!DOCTYPE a>', ' a="1"', ' xmlns=""', ' xmlns="u"', ' xmlns:q="u"', ' xmlns:p=" u"'],
  [
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    ' xsi:schemaLocation="a b"',
    ' xsi:type="a"',
    ' xml:base="x"',
  ],
  [
    ' xmlns:xml="http://www.w3.org/XML/1998/namespace"',
    ' xmlns:xmlns="u"',
    ' xmlns:XML="u"',
    ' xmlns:p=""',
    '-',
    '.',
    ':',
  ],
  [' xmlns:q="u" xmlns:q="u"', ' PhaseID="NCTS5.1"', ' PhaseID=" NCTS5.1"', ' PhaseID="9"'],
].flat()

/** Changes one or two places of a text: pieces put in, characters left out, repeated or exchanged. */
function disturbed(text: string, chance: Chance): string {
  let changed = text
  for (let times = chance.oneIn(4) ? 2 : 1; times > 0; times--) {
    // A third of the changes near the start, where declaration and root are.
    const at = chance.below(chance.oneIn(3) ? Math.min(changed.length, 250) : changed.length)
    const [before, after] = [changed.slice(0, at), changed.slice(at)]
    const ways = [
      () => before + chance.pick(pieces) + after,
      () => before + after.slice(1 + chance.below(3)),
      () => before + chance.pick(pieces) + after.slice(1),
      () => before + after.replace('>', `${chance.pick(pieces)}>`),
      () => before + after.replace('>', `>${chance.pick(pieces)}`),
      () => before + after.replace('>', ' >'),
      () => before + after.slice(0, 1).toUpperCase() + after.slice(1),
    ]
    changed = chance.pick(ways)()
  }
  return changed
}

/** Sometimes other bytes than the text has: broken UTF-8, a byte order mark, an end that is cut off. */
function encoded(text: string, chance: Chance): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  const ways = [
    () => {
      bytes[chance.below(bytes.length)] = 0x80 + chance.below(0x80)
      return bytes
    },
    () => {
      bytes[Math.max(bytes.indexOf(0x20, chance.below(bytes.length)), 0)] = chance.below(0x100)
      return bytes
    },
    () => Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes),
    () => bytes.subarray(0, chance.below(bytes.length)),
    () => Uint8Array.of(...bytes, ...bytes.subarray(0, chance.below(9))),
  ]
  return chance.oneIn(8) ? chance.pick(ways)() : bytes
}

for (const seed of [1, 2, Math.floor(Math.random() * 2 ** 31)]) {
  test(`disturbed documents, seed ${seed}: what is read quickly is as the strict reader has it`, () => {
    const chance = chanceOf(seed)
    let right = 0
    let wrong = 0
    const texts = messages.types.map((type) => [type, document(type, 'minimal')] as const)
    const rounds = 20_000
    for (let round = 0; round < rounds; round++) {
      const [type, text] = chance.pick(texts)
      const result = agreed(type, encoded(disturbed(text, chance), chance), `seed ${seed}, round ${round}`)
      if (result?.findings.length === 0) right += 1
      else if (result) wrong += 1
    }
    assert.ok(
      right > 1_000 && wrong > 1_000 && right + wrong < rounds / 2,
      `${right} right, ${wrong} wrong of ${rounds}`,
    )
  })
}
