import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ExplainOptions, explain as explainWire, readCapture, sentMessageOf } from '@corridor/as4'
import { UsageError } from '../arguments.ts'
import { print } from '../print.ts'
import { explanationText } from './explain-text.ts'
import { readCertificate, readIdentity, readNamed } from './keys.ts'
import { readTyped, type Typed } from './options.ts'
import { fileNameFor } from './output.ts'

const OPTIONS = ['key', 'cert', 'encryption-key', 'encryption-cert', 'partner', 'sent', 'out', 'json']

/**
 * `corridor as4 explain FILE [--key FILE] [--partner FILE] [--sent FILE] [--out DIR]`: what a captured message holds.
 * Exit code 1 when something in it is wrong.
 */
export async function explain(args: string[]): Promise<number> {
  const typed = readTyped(args, 1, OPTIONS)
  const [file] = typed.words
  if (file === undefined) throw new UsageError('Say which file: a captured HTTP request or answer, or its body.')
  const capture = readCapture(readNamed(file))
  const explanation = explainWire(capture.wire, readOptions(typed))
  const digests = compareWithSent(typed, explanation.signal?.references)
  if (digests?.startsWith('NOT')) explanation.problems.push(`EBMS:0302 ${digests}`)
  const out = typed.text('out')
  if (out !== undefined) writePayloads(out, explanation.parts)
  const { startLine, headers, notes } = capture
  if (typed.flag('json')) {
    const parts = explanation.parts.map(({ content, ...part }) => ({
      ...part,
      ...(content && { content: { bytes: content.bytes, sha256: content.sha256 } }),
    }))
    await print(`${JSON.stringify({ http: { startLine, headers, notes }, ...explanation, parts, digests }, null, 2)}\n`)
  } else await print(explanationText(capture, explanation, digests))
  return explanation.problems.length === 0 ? 0 : 1
}

function readOptions(typed: Typed): ExplainOptions {
  const partner = typed.text('partner')
  return {
    now: new Date(),
    ...(partner !== undefined && { certificates: [readCertificate(partner)] }),
    ...(typed.text('key') !== undefined && { identities: [readIdentity(typed)] }),
  }
}

/** A receipt against what it is for, digest by digest. */
function compareWithSent(
  typed: Typed,
  receipted: readonly { uri: string; digest: string }[] | undefined,
): string | undefined {
  const file = typed.text('sent')
  if (file === undefined || !receipted) return undefined
  const { references } = sentMessageOf(readCapture(readNamed(file)).wire)
  const digests = new Map(receipted.map(({ uri, digest }) => [uri, digest]))
  const wrong = references.filter(({ uri, digest }) => digests.get(uri) !== digest).map(({ uri }) => uri)
  if (wrong.length > 0) return `NOT the digests that were sent: ${wrong.join(', ')}`
  if (references.length !== receipted.length) return `NOT just what was sent: ${receipted.length} digests`
  return `all ${references.length} digests are those that were sent`
}

function writePayloads(
  folder: string,
  parts: readonly { contentId: string; content?: { octets: Uint8Array } }[],
): void {
  mkdirSync(folder, { recursive: true })
  for (const { contentId, content } of parts) {
    if (content) writeFileSync(join(folder, fileNameFor(contentId)), content.octets)
  }
}
