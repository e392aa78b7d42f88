import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutAccessCodes } from './access-codes.ts'

const given = (text: string): string => Buffer.from(withoutAccessCodes(Buffer.from(text))).toString()

test('whatever holds an access code holds it no more, and the document stays one', () => {
  const cases: [string, string][] = [
    ['<GRN>1</GRN><accessCode>Q7x9</accessCode>', '<GRN>1</GRN><accessCode>****</accessCode>'],
    ['<n:accessCode x="1">Q7x9</n:accessCode >', '<n:accessCode x="1">****</n:accessCode >'],
    ['<accessCode><![CDATA[Q7x9]]><!-- Q7x9 --></accessCode>', '<accessCode>****</accessCode>'],
    ['<accessCode>Q7x9', '<accessCode>****'],
    // CC026C and CC034C: a group of this name, and a master code.
    ['<AccessCode><accessCodeNew>Q7x9</accessCodeNew></AccessCode>', '<AccessCode>****</AccessCode>'],
    ['<masterAccessCode>Q7x9</masterAccessCode><a/>', '<masterAccessCode>****</masterAccessCode><a/>'],
    [
      '<errorPointer>/CC015C/Guarantee/accessCode</errorPointer><originalAttributeValue>Q7x9</originalAttributeValue>',
      '<errorPointer>/CC015C/Guarantee/accessCode</errorPointer><originalAttributeValue>****</originalAttributeValue>',
    ],
    ['{"accessCode": "Q7x9", "b": 1}', '{"accessCode": "****", "b": 1}'],
    ['{"masterAccessCode":1234}', '{"masterAccessCode":"****"}'],
    ['{"accessCode": "a\\"b", "c": "d"}', '{"accessCode": "****", "c": "d"}'],
  ]
  for (const [text, due] of cases) assert.equal(given(text), due)
})

test('a document without one is the same bytes', () => {
  const bytes = Buffer.from('<CD001C><a>1</a><originalAttributeValue>2</originalAttributeValue></CD001C>')
  assert.equal(withoutAccessCodes(bytes), bytes)
})

test('a long hostile document takes no longer than its length', () => {
  const began = performance.now()
  given('<accessCode>'.repeat(200_000))
  given(`${'<accessCode '.repeat(100_000)}x`)
  given(`"accessCode": "${'\\"'.repeat(200_000)}`)
  // Not a matter of speed: with the square of its length it would be hours.
  assert.ok(performance.now() - began < 60_000)
})
