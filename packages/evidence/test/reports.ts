import assert from 'node:assert/strict'
import { readZip } from '../src/container/zip.ts'
import type { EvidenceIndex, EvidenceReport } from '../src/index.ts'

export const failuresOf = ({ found }: EvidenceReport): string[] =>
  found.filter(({ result }) => result === 'fails').map(({ place, reason }) => `${place}: ${reason}`)

export const notesOf = ({ found }: EvidenceReport): string[] =>
  found.filter(({ result }) => result === 'note').map(({ place, what }) => `${place}: ${what}`)

/** The files of a container, in their order. */
export function entriesOf(evidence: Uint8Array): Map<string, Buffer> {
  const zip = readZip(evidence)
  assert.equal(zip.kind, 'entries', JSON.stringify(zip))
  return new Map(zip.entries.map(({ name, bytes }) => [name, Buffer.from(bytes)]))
}

export const indexOf = (evidence: Uint8Array): EvidenceIndex =>
  JSON.parse(entriesOf(evidence).get('evidence.json')!.toString()) as EvidenceIndex
