/** Every hostile kind: refused as it should be, and never a document that could be acted on. What it costs is shown by the bench. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ruleKinds } from './hostile-rules.ts'
import { descriptionIn, rightTexts, wrongKinds } from './hostile-schema.ts'
import { right, syntaxKinds, table } from './hostile-syntax.ts'

test('the declaration that all are made from is right', () => {
  assert.deepEqual(table.read(new TextEncoder().encode(right)).findings, [])
})

for (const { kind, bytes, expected } of [...syntaxKinds, ...wrongKinds]) {
  test(`hostile: ${kind}`, () => {
    const given = bytes()
    const { document, findings } = table.read(given)
    if (expected === 'right') assert.deepEqual(findings, [])
    else if (expected === 'findings') assert.notDeepEqual(findings, [])
    else assert.deepEqual([document, findings.map(({ rule }) => rule)], [undefined, [expected]])
    // What is said about it stays small, whatever it is: it goes into journals and answers.
    assert.ok(findings.every(({ text, remedy }) => text.length + remedy.length < 2_000))
  })
}

for (const { kind, bytes, expected, read } of ruleKinds) {
  test(`hostile: ${kind}`, () => assert.ok(read(bytes()).includes(expected)))
}

for (const { kind, value, bytes } of rightTexts) {
  test(`a text comes out as it went in: ${kind}`, () => {
    assert.deepEqual(table.read(bytes()).findings, [])
    assert.equal(descriptionIn(bytes()), value)
    const again = table.write(table.read(bytes()).document!)
    assert.equal(descriptionIn(again), value)
  })
}

after(() => {
  // Read one after the other in one process; the largest is 100 MB as bytes and as many as text.
  const megabytes = process.resourceUsage().maxRSS / 1024
  assert.ok(megabytes < 1_500, `${megabytes.toFixed(0)} MB`)
})
