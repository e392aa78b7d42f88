import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, XmlFault } from '@corridor/xml'

const MARK = '\uFEFF'

for (const [what, code, text] of [
  ['a second byte order mark', 'not-well-formed', `${MARK}${MARK}<x/>`],
  ['a DOCTYPE behind a second byte order mark', 'not-well-formed', `${MARK}${MARK}<!DOCTYPE x><x/>`],
  ['a byte order mark behind the declaration', 'not-well-formed', `<?xml version="1.0"?>${MARK}<x/>`],
  ['a DOCTYPE behind a mark behind the declaration', 'not-well-formed', `<?xml version="1.0"?>${MARK}<!DOCTYPE x><x/>`],
  ['a DOCTYPE behind one byte order mark', 'doctype', `${MARK}<!DOCTYPE x><x/>`],
  ['a DOCTYPE behind comments, instructions and spaces', 'doctype', '<?a?> <!--b-->\n<?c?>\t<!DOCTYPE x><x/>'],
  ['a DOCTYPE behind a comment that does not end where it seems', 'doctype', '<!-->--><!DOCTYPE x><x/>'],
  ['a DOCTYPE behind a no-break space', 'not-well-formed', '\u00A0<!DOCTYPE x><x/>'],
] as const) {
  test(`refused: ${what}`, () => {
    assert.throws(
      () => parse(Buffer.from(text)),
      (error) => error instanceof XmlFault && error.code === code,
    )
  })
}

test('one byte order mark is dropped, and one in a text is a character', () => {
  assert.deepEqual(parse(Buffer.from(`${MARK}<x>${MARK}</x>`)).children, [MARK])
})
