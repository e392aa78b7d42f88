/** The reader's verdict against libxml2's on the public samples (../shared/ncts/samples, schema set 51.8.0). */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { loadMessages } from './tables.ts'

const samples = new URL('../../../../shared/ncts/samples/', import.meta.url)
const skip = existsSync(samples) ? false : 'needs ../shared'

/** Deliberate differences: file → why. */
const different: Record<string, string> = {}

test('structure verdict equals the schema validator on every sample', { skip }, () => {
  const messages = loadMessages()
  const rows = readFileSync(new URL('VERDICTS.tsv', samples), 'utf8').trimEnd().split('\n').slice(1)
  const wrong: string[] = []
  for (const row of rows) {
    const [file, type, , verdict] = row.split('\t') as [string, string, string, string]
    const { findings } = messages.get(type)!.read(readFileSync(new URL(file, samples)))
    const ours = findings.length === 0 ? 'valid' : 'invalid'
    if ((ours === verdict) === file in different)
      wrong.push(`${file}: ${verdict} there, ${ours} here: ${JSON.stringify(findings[0])}`)
  }
  assert.deepEqual(wrong, [])
  assert.equal(rows.length, 470)
})
