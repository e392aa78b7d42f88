import { ApiError, type Client, type MovementPage } from './client.ts'
import { until } from './expectations.ts'
import type { Played } from './lines.ts'
import type { ActStep } from './story.ts'

/** Acts that begin with an MRN alone. */
const beginning = new Set(['request-record', 'query'])

/**
 * Does an act when the movement allows it. Done before (a stop came between the act and its note) is done: the state says so. A conflict
 * means that the page was old: it is read again.
 */
export async function doAct(
  { client, patienceMs }: { client: Client; patienceMs: number },
  step: ActStep,
  played: Played,
  fields: Record<string, string>,
): Promise<void> {
  let page: MovementPage | undefined
  const done = async (): Promise<true | undefined> => {
    page = await client.movement(played.mrn)
    const isOffered = page?.acts.some(({ act }) => act === step.act) === true
    if (page !== undefined && !isOffered && page.status.code === step.expect.states[step.account]) return true
    // An office may ask for what it does not have: then there is no page yet.
    const begins = page === undefined && beginning.has(step.act)
    if (!begins && !isOffered) return undefined
    const version = page?.version ?? 0
    try {
      await client.act(played.mrn, step.act, version, fields, `${played.mrn}-${step.step}-${version}`)
      return true
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error
      return undefined
    }
  }
  await until(
    patienceMs,
    step,
    () => {
      const state = page === undefined ? 'has no record of it' : `has it in state ${page.status.code}`
      return `${step.account} cannot act on ${played.mrn}: the office ${state}`
    },
    done,
  )
}
