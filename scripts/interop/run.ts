import { errorCases } from './errors.ts'
import { runCase, startScene, type Wrong } from './exchange.ts'
import { allCases, type Case, pairwiseCases } from './plan.ts'
import { pullCases } from './pulls.ts'

/** What became of one exchange. */
export interface Result {
  kind: 'exchange' | 'pull' | 'error'
  name: string
  /** The dimensions of an exchange. */
  case?: Case
  wrong: Wrong
  ms: number
}

/** The words of a case, in the order of its dimensions. */
export function nameOf(each: Case): string {
  const { direction, profile, protection, parts, compressed, token, size } = each
  return [
    direction,
    profile,
    protection,
    `${parts} part${parts === 1 ? '' : 's'}`,
    compressed ? 'gzip' : 'plain',
    token,
    size,
  ].join(', ')
}

/**
 * Exchanges messages with phase4 both ways: the pairwise selection or, when `full`, every combination; then pulling; then
 * errors. Tells each result as it comes. `log` gets what phase4 wrote, when something is wrong.
 */
export async function runInterop(
  classPath: string,
  full: boolean,
  tell: (result: Result) => void,
): Promise<{ results: Result[]; log: readonly string[] }> {
  const scene = await startScene(classPath)
  const results: Result[] = []
  const note = async (
    kind: Result['kind'],
    name: string,
    run: () => Promise<Wrong>,
    dimensions?: Case,
  ): Promise<void> => {
    const started = performance.now()
    const wrong = await run().catch((error: unknown) => [String(error)])
    const ms = Math.round(performance.now() - started)
    const result: Result = { kind, name, ...(dimensions && { case: dimensions }), wrong, ms }
    results.push(result)
    tell(result)
  }
  try {
    for (const each of full ? allCases() : pairwiseCases()) {
      await note('exchange', nameOf(each), () => runCase(scene, each), each)
    }
    for (const { name, run } of pullCases()) await note('pull', name, () => run(scene))
    for (const { name, run } of await errorCases(scene)) await note('error', name, () => run(scene))
  } finally {
    await scene.stop()
  }
  return { results, log: scene.log }
}

/** Exchanges that went well of those that there were: a row for each direction, profile and protection, a column for each token. */
export function tableOf(results: readonly Result[]): string {
  const tokens = ['x509v3', 'key-identifier', 'issuer-serial', 'x509-pki-path'] as const
  const cell = (rows: readonly Result[], token: string): string => {
    const there = rows.filter((each) => each.case?.token === token)
    return there.length === 0 ? '-' : `${there.filter(({ wrong }) => wrong.length === 0).length}/${there.length}`
  }
  const groups = Map.groupBy(
    results.filter((each) => each.case),
    (each) => [each.case!.direction, each.case!.profile, each.case!.protection].join(' | '),
  )
  const rows = [...groups].map(
    ([name, group]) => `| ${name} | ${tokens.map((token) => cell(group, token)).join(' | ')} |`,
  )
  return [
    `| direction | profile | protection | ${tokens.join(' | ')} |`,
    '|---|---|---|---|---|---|---|',
    ...rows.sort(),
  ].join('\n')
}
