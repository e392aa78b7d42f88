/** Spoils one value or element of a document text, chosen by a seed: what the exports are compared on. */

/** Values that are right for few formats, and near misses of those that are right. */
const awkward = (value: string): string[] => [
  '',
  ' ',
  `${value}1`,
  value.slice(1),
  ` ${value}`,
  `${value}\n`,
  `${value.slice(0, 1)}  ${value.slice(2)}`,
  `${value.slice(0, 1)}\t${value.slice(2)}`,
  '\u2003x',
  '\u{1d54f}'.repeat([...value].length),
  'é'.repeat(value.length),
  '0',
  '-1',
  '+1',
  '01',
  '0.0',
  '1.50',
  '1.5000000',
  '1e3',
  'NaN',
  '99999999999999999',
  '9999999999999999.0',
  '2026-02-29',
  '2024-02-29',
  '1900-02-29',
  '0000-01-01',
  '2026-11-31',
  '2026-11-24T24:00:00',
  '2026-11-24T24:00:01',
  '2026-11-24T23:59:60',
  '2026-11-24T10:00:00.50',
  '2026-11-24T10:00:00Z',
  '12026-11-24',
  'AB',
  'abc',
  'a@b.c',
  '26AL000101000001J5',
]

/** A source of whole numbers below 2³¹ that repeats for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648)
}

/** One text value of an XML document, or one whole element, replaced or removed. */
export function spoil(text: string, random: () => number): string {
  const values = [...text.matchAll(/<(\w+)>([^<]+)<\/\1>/g)]
  const match = values[random() % values.length]!
  const [whole, name = '', value = ''] = match
  const choices = [...awkward(value).map((each) => `<${name}>${each}</${name}>`), '', whole + whole, `${whole}<other/>`]
  const chosen = choices[(random() >> 8) % choices.length]!
  return text.slice(0, match.index) + chosen + text.slice(match.index + whole.length)
}

/** One value of an indented JSON text replaced: a string, or a whole line's value by another kind; or the line left out or doubled. */
export function spoilJson(text: string, random: () => number): string {
  const values = [...text.matchAll(/^( *)"(\w+)": ("[^"]*")/gm)]
  const match = values[random() % values.length]!
  const [whole, indent = '', name = '', value = ''] = match
  const spoilt = [
    ...awkward(JSON.parse(value) as string).map((each) => JSON.stringify(each)),
    '1.50',
    'null',
    'true',
    '{}',
    '[]',
    `[${value}]`,
    JSON.stringify('\ud800'),
    JSON.stringify('a\u0007'),
  ]
  const lines = spoilt.map((each) => `${indent}"${name}": ${each}`)
  const choices = [...lines, `${indent}"${name}x": ${value}`, `${whole},\n${indent}"other": {}`]
  const chosen = choices[(random() >> 8) % choices.length]!
  return text.slice(0, match.index) + chosen + text.slice(match.index + whole.length)
}
