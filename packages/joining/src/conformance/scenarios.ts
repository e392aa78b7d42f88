import { readFileSync } from 'node:fs'

/** What a scenario needs beside the partner's endpoint: our own running node to hear answers, people (or a test partner) on the other side. */
export type Needs = 'link' | 'answers' | 'people'

/** One row of the table of scenarios. */
export interface Scenario {
  id: string
  needs: Needs
  what: string
  standsFor: string
  expected: string
}

/** The table of scenarios, in the order in which they are run. */
export function loadScenarios(): Scenario[] {
  const text = readFileSync(new URL('../../conformance/scenarios.tsv', import.meta.url), 'utf8')
  const [, ...rows] = text.trimEnd().split('\n')
  return rows.map((row) => {
    const [id, needs, what, standsFor, expected] = row.split('\t') as [string, Needs, string, string, string]
    return { id, needs, what, standsFor, expected }
  })
}
