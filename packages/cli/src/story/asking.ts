import type { Corridor } from '@corridor/node'
import { holds, memberOf } from './answer.ts'
import type { Client } from './client.ts'
import { fileOf } from './documents.ts'
import { until } from './expectations.ts'
import { fill, fillAll } from './fill.ts'
import type { RequestStep } from './story.ts'

/** Asks a node's API; what only reads is asked again until the answer is as told. @returns what later steps are to know of it, by name */
export async function askFor(
  { client, patienceMs, corridor }: { client: Client; patienceMs: number; corridor: Corridor },
  step: RequestStep,
  { values, key }: { values: Record<string, string>; key: string },
): Promise<{ path: string; kept: Record<string, string> }> {
  const path = fill(step.path, values)
  const wanted = fillAll(step.answer, values)
  const body = step.file === null ? numbered(fillAll(step.body, values)) : fileOf(corridor, step.file)
  let last = ''
  const answer = await until(
    patienceMs,
    step,
    () => `${step.method} ${path} answered ${last}`,
    async () => {
      const got = await client.request(step.method, path, body, key)
      last = `${got.status} ${JSON.stringify(got.answer)}`.slice(0, 500)
      if (got.status === step.status && holds(got.answer, wanted)) return { got: got.answer }
      if (step.method !== 'GET') throw new Error(`step ${step.step}: ${step.method} ${path} answered ${last}`)
      return undefined
    },
  )
  const kept: Record<string, string> = {}
  for (const [name, member] of Object.entries(step.keep)) {
    const value = memberOf(answer.got, member)
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new Error(`step ${step.step}: the answer has no “${member}”: ${last}`)
    kept[name] = String(value)
  }
  return { path, kept }
}

/** The version of what is acted on is a number, also when it is filled in as what an earlier answer said. */
function numbered(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  const { version } = body as Record<string, unknown>
  return typeof version === 'string' ? { ...body, version: Number(version) } : body
}
