import { X509Certificate } from 'node:crypto'
import { Checked, NodeFault } from '@corridor/node'
import { JoinFault } from '../faults.ts'
import { readSignedText, signText, verifyText } from '../signed-text.ts'
import type { Scenario } from './scenarios.ts'

/** What a scenario found. */
export interface Finding {
  outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  detail?: string
  /** Message ids, digests, times: what both sides can look up. */
  evidence: Record<string, string | number>
}

/** One line of a report. */
export type Result = Scenario & Finding

/** What was found about a partner. */
export interface Report {
  by: { party: string; country: string; name: string }
  partner: { party: string; country: string; name: string; isTest: boolean }
  agreement: string
  endpoint: string
  startedAt: string
  endedAt: string
  results: Result[]
}

const version = 1
const dataLine = '---- the same as data ----'

/** Whether nothing failed; what was skipped is said and does not count. */
export const isConformant = ({ results }: Report): boolean => results.every(({ outcome }) => outcome !== 'failed')

/** A report as people read it. */
export function textOfReport(report: Report): string {
  const { by, partner, results } = report
  const count = (wanted: Finding['outcome']): number => results.filter(({ outcome }) => outcome === wanted).length
  const lines = [
    `Conformance of ${partner.name} (${partner.country}, ${partner.party})${partner.isTest ? ', A TEST PARTNER' : ''}`,
    `seen by ${by.name} (${by.country}, ${by.party}), agreement ${report.agreement}, ${report.endpoint}`,
    `from ${report.startedAt} to ${report.endedAt}`,
    `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} not run`,
    '',
  ]
  for (const { id, what, standsFor, expected, outcome, detail, evidence } of results) {
    lines.push(`${outcome.toUpperCase().padEnd(7)} ${id}: ${what}`)
    lines.push(`        expected: ${expected} (${standsFor})`)
    if (detail !== undefined) lines.push(`        because: ${plain(detail)}`)
    for (const [name, value] of Object.entries(evidence)) lines.push(`        ${name}: ${plain(String(value))}`)
  }
  return `${lines.join('\n')}\n`
}

/** The report as a signed file: for people, then as data, and the signature over both. */
export function signReport(report: Report, own: { certificate: string; key: string }, now: Date): Promise<string> {
  const data = { corridor: 'conformance-report', version, ...report }
  return signText(`${textOfReport(report)}\n${dataLine}\n${JSON.stringify(data, null, 2)}\n`, own, now)
}

/**
 * Reads a report whose signature is that of one of these certificates, and whose two forms say the same.
 * @param signers certificates in PEM by party, or the one that must have signed
 * @throws JoinFault join.bad-file, join.bad-signature
 */
export async function verifyReport(
  bytes: Uint8Array,
  signers: ReadonlyMap<string, string> | string,
  { name, now }: { name: string; now: Date },
): Promise<Report> {
  const signed = readSignedText(bytes, name)
  const [shown = '', data = ''] = signed.text.split(`\n${dataLine}\n`)
  const report = reportFrom(data, name)
  const signer = typeof signers === 'string' ? signers : signers.get(report.by.party)
  if (signer === undefined)
    throw new JoinFault('join.bad-signature', `${name}: it is by ${report.by.party}, whose certificate we do not have.`)
  await verifyText(signed, new X509Certificate(signer), { name, now })
  if (textOfReport(report) !== shown)
    throw new JoinFault('join.bad-file', `${name}: what people read is not what the data says.`)
  return report
}

function reportFrom(data: string, name: string): Report {
  try {
    const top = new Checked(JSON.parse(data) as unknown, name)
    if (top.any('corridor') !== 'conformance-report' || top.any('version') !== version)
      top.refuse('corridor', 'this is no conformance report of this version')
    for (const group of ['by', 'partner'])
      for (const member of ['party', 'country', 'name']) top.group(group).text(member)
    for (const member of ['agreement', 'endpoint', 'startedAt', 'endedAt']) top.text(member)
    for (const result of top.list('results')) {
      for (const member of ['id', 'what', 'standsFor', 'expected']) result.text(member)
      result.text('outcome', /^(passed|failed|skipped)$/)
      result.group('evidence')
    }
    const { corridor: _, version: __, ...report } = JSON.parse(data) as Report & { corridor: string; version: number }
    return report
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof NodeFault)
      throw new JoinFault('join.bad-file', `${name}: ${error.message.split('\n')[0]}.`)
    throw error
  }
}

/** One line, whatever a partner has said. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 500)
