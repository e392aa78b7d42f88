/** What people and their software ask of a node: asked again with the same key until it is answered, and at times once more. */
import { createHash } from 'node:crypto'
import type { ActFields, ActName } from '@corridor/casework'
import type { Account } from '@corridor/registry'
import type { NodeId } from './corridor.ts'
import type { SimulatedProcess } from './node.ts'
import { outcomeOf, use } from './working.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

interface Asked {
  node: NodeId
  account: string
  key: string
  /** The first answer, as text; undefined while there is none. */
  answer: string | undefined
}

/** A document of a trader, or an act of an officer. */
export type Request = Asked &
  (
    | { kind: 'document'; type: string; xml: string }
    | { kind: 'act'; mrn: string; act: ActName; version: number; fields: ActFields }
  )

/** Asks once. What is answered to a repeated request must be what was answered first. */
export async function ask(world: World, process: SimulatedProcess, request: Request): Promise<void> {
  const again = request.answer !== undefined
  const account = process.node.accounts.get(request.account)
  if (account === undefined) throw new Error(`there is no account ${request.account}`)
  world.dirty.add(process.node.id)
  const used = await use(world, process, 18, () => answerTo(process, account, request))
  const what = request.kind === 'act' ? `${request.act} for ${request.mrn} v${request.version}` : request.type
  world.trace.say(
    `${process.name} ${request.account}${again ? ', once more' : ''}: ${what}: ${outcomeOf(used, (text) => text.slice(0, 60))}`,
  )
  world.count(request.kind === 'act' ? 'acts' : 'documents of traders')
  if ('error' in used) return
  // Only what had an effect is remembered: a conflict may be another one the next time.
  if (again && request.answer?.startsWith('done') === true && request.answer !== used.value)
    throw new Violation(
      'I2',
      `${request.account} asked for ${what} twice and got “${request.answer}”, then “${used.value}”`,
    )
  request.answer = used.value
}

async function answerTo({ casework }: SimulatedProcess, account: Account, request: Request): Promise<string> {
  const asked = request.kind === 'act' ? JSON.stringify(request.fields) + request.mrn + request.act : request.xml
  const requestDigest = createHash('sha256').update(asked).digest()
  const idempotency = { accountId: account.id, key: request.key, requestDigest }
  if (request.kind === 'document') {
    const outcome = await casework.submitTraderMessage(account, Buffer.from(request.xml), idempotency)
    return outcome.kind === 'accepted' ? `done ${outcome.id} ${outcome.messageId}` : outcome.kind
  }
  const { mrn, act, version, fields } = request
  const outcome = await casework.act(account, mrn, { act, version, fields, idempotency })
  return outcome.kind === 'done' ? `done ${outcome.movement.status.code} v${outcome.movement.version}` : outcome.kind
}
