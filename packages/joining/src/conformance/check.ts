import { connect } from '@corridor/database'
import { realSettings } from '@corridor/node'
import { isTestPartner, type OwnCorridor } from '../own.ts'
import { answerScenarios } from './answers.ts'
import { linkScenarios } from './link.ts'
import { movementScenario } from './movement.ts'
import { type Probe, probeOf } from './probe.ts'
import type { Finding, Report, Result } from './report.ts'
import { loadScenarios, type Needs, type Scenario } from './scenarios.ts'

/** How a partner is checked. */
export interface CheckOptions {
  databaseUrl: string
  /** How far to go; what needs more is not run, and the report says so. */
  upTo: Needs
  /** For an answer of the partner's program. */
  answerMs: number
  /** For each step of a person; a test partner needs no longer than a program. */
  peopleMs: number
  /** Hears of each result as it comes. */
  tell: (result: Result) => void
}

const order: readonly Needs[] = ['link', 'answers', 'people']

/**
 * Runs the scenarios of the table against a member, in their order.
 * @throws JoinFault join.bad-value, join.no-answer; NodeFault
 */
export async function checkPartner(own: OwnCorridor, id: string, options: CheckOptions): Promise<Report> {
  const settings = realSettings(own.file, own.own.id, options.databaseUrl)
  const probe = probeOf(own, settings, id)
  const member = own.corridor.nodes.find((node) => node.id === id)!
  const isTest = isTestPartner(own, id)
  const db = connect(options.databaseUrl, { max: 2, applicationName: 'corridor join check' })
  const startedAt = new Date().toISOString()
  const results: Result[] = []
  try {
    for (const scenario of loadScenarios()) {
      const result = { ...scenario, ...(await findingOf(scenario, probe, db, options)) }
      results.push(result)
      options.tell(result)
    }
  } finally {
    await db.close()
  }
  const { party, country, name } = own.own
  return {
    by: { party, country, name },
    partner: { party: member.party, country: member.country, name: member.name, isTest },
    agreement: probe.partner.sending.agreement?.value ?? '',
    endpoint: probe.partner.url,
    startedAt,
    endedAt: new Date().toISOString(),
    results,
  }
}

async function findingOf(
  { id, needs }: Scenario,
  probe: Probe,
  db: ReturnType<typeof connect>,
  { upTo, answerMs, peopleMs }: CheckOptions,
): Promise<Finding> {
  if (order.indexOf(needs) > order.indexOf(upTo))
    return {
      outcome: 'skipped',
      detail:
        needs === 'people'
          ? 'it needs people on the other side: --movement'
          : 'it needs our own node: --link-only was asked for',
      evidence: {},
    }
  try {
    if (needs === 'people') return await movementScenario(probe, { db, patienceMs: peopleMs })
    if (needs === 'answers') return await answerScenarios[id]!(probe, { db, patienceMs: answerMs })
    return await linkScenarios[id]!(probe)
  } catch (error) {
    // One that cannot be run is no reason to leave out the others.
    return { outcome: 'failed', detail: (error as Error).message, evidence: {} }
  }
}
