import { randomUUID } from 'node:crypto'
import { issueToken, revokeToken } from '@corridor/node'
import { type Arguments, UsageError } from '../arguments.ts'
import { namedNode } from '../node-settings.ts'

/** A node refused what was asked: in its own words. */
export class Refused extends Error {
  readonly code = 'messages.refused'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problemText(problem))
    this.problem = problem
  }
}

/** RFC 9457, as the API of a node has it. */
export interface Problem {
  type?: string
  title?: string
  status: number
  detail?: string
  errors?: { field: string; value?: string; remedy: string }[]
}

/** The API of a node as an operator uses it. */
export interface Operator {
  get<Answer>(path: string): Promise<Answer>
  bytes(path: string): Promise<{ body: Uint8Array; contentType: string }>
  post<Answer>(path: string, body: object): Promise<Answer>
}

/** Options by which every command says which node, and who asks. */
export const operatorOptions = ['node', 'corridor', 'as', 'url']

/**
 * Works with the API of a node: one that runs on this machine as the account of `--as` (with a token that is good for this command alone), or the
 * one at `--url` with the token in CORRIDOR_TOKEN.
 * @param what of the node is asked for, for people
 */
export async function asOperator<T>(
  options: Arguments['options'],
  work: (operator: Operator) => Promise<T>,
  what = 'messages',
): Promise<T> {
  const url = options.get('url')
  if (url !== undefined) {
    const token = process.env['CORRIDOR_TOKEN']
    if (token === undefined || token === '') throw new UsageError('Put the token of your account into CORRIDOR_TOKEN.')
    if (!URL.canParse(url)) throw new UsageError(`“${url}” is no address: http://127.0.0.1:8471 is one.`)
    return work(operatorAt(url, token))
  }
  const { node, readSettings } = namedNode(options, what)
  const account = node.accounts.find(({ id }) => id === options.get('as'))
  if (account === undefined) {
    const known = node.accounts.filter(({ role }) => role === 'operations').map(({ id }) => id)
    const named =
      known.length === 0 ? 'The node has none: add one to corridor.yaml.' : `--as ${known.join(' or --as ')}.`
    throw new UsageError(`Say which account of an operations desk asks: ${named}`)
  }
  const settings = readSettings()
  const name = `corridor ${what} ${randomUUID()}`
  const token = await issueToken(settings, account.id, name)
  try {
    return await work(operatorAt(`http://127.0.0.1:${settings.ports.api}`, token))
  } finally {
    await revokeToken(settings, account.id, name)
  }
}

function operatorAt(base: string, token: string): Operator {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, ...init.headers }
    let response: Response
    try {
      response = await fetch(new URL(path, base), { ...init, headers, signal: AbortSignal.timeout(60_000) })
    } catch (error) {
      throw new UsageError(`The node does not answer at ${base}: ${causeOf(error)}. Is it running?`)
    }
    if (response.ok) return response
    const problem = (await response.json().catch(() => ({ title: response.statusText }))) as Partial<Problem>
    throw new Refused({ ...problem, status: response.status })
  }
  return {
    get: async <Answer>(path: string) =>
      (await ask(path, { headers: { accept: 'application/json' } })).json() as Answer,
    async bytes(path) {
      const response = await ask(path, { headers: { accept: '*/*' } })
      const contentType = response.headers.get('original-content-type') ?? response.headers.get('content-type') ?? ''
      return { body: new Uint8Array(await response.arrayBuffer()), contentType }
    },
    post: async <Answer>(path: string, body: object) =>
      (
        await ask(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
          body: JSON.stringify(body),
        })
      ).json() as Answer,
  }
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}

function problemText({ title = '', status, detail, errors = [] }: Problem): string {
  const lines = errors.map(
    ({ field, value, remedy }) => `  ${field}${value === undefined ? '' : ` “${value}”`}: ${remedy}`,
  )
  return [
    `Refused (${status}): ${title}.`,
    ...(detail === undefined || detail === title ? [] : [detail]),
    ...lines,
  ].join('\n')
}
