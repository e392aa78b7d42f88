import { type Account, findGuarantees, type IdempotentRequest } from '@corridor/registry'
import type { Tx } from '@corridor/database'
import { decideAndApplyAccounts } from './account.ts'
import { onceFor, readFields } from './acts.ts'
import { localDay } from './facts.ts'
import type { GuaranteeActOutcome } from './guarantee-view.ts'
import type { CaseworkPorts } from './ports.ts'
import type { ActFields } from './view.ts'
import { guaranteeView } from './views/guarantees.ts'

/** What an officer of guarantee wants to do to a guarantee, on the version that was seen. */
export interface GuaranteeActRequest {
  act: string
  version: number
  fields: ActFields
  idempotency: IdempotentRequest
}

/** An officer's act on a guarantee itself, in one transaction with the memory of its idempotency key. */
export async function actOnGuarantee(
  ports: CaseworkPorts,
  account: Account,
  grn: string,
  request: GuaranteeActRequest,
): Promise<GuaranteeActOutcome> {
  return onceFor(ports, request.idempotency, (tx) => actOnce(ports, tx, account, grn, request))
}

async function actOnce(
  ports: CaseworkPorts,
  tx: Tx,
  account: Account,
  grn: string,
  request: GuaranteeActRequest,
): Promise<GuaranteeActOutcome> {
  const { role, office } = account
  if (role !== 'guarantee' || office === null)
    return { kind: 'forbidden', detail: 'Only an officer of guarantee can act on a guarantee.' }
  const known = ports.law.accountActs.find(({ act }) => act === request.act)
  if (known === undefined) return { kind: 'forbidden', detail: `There is no act ${request.act} on a guarantee.` }
  const [kept] = await findGuarantees(tx, [grn], localDay(ports))
  if (kept === undefined) return { kind: 'not-found' }
  const { version } = kept
  if (version !== request.version)
    return { kind: 'conflict', detail: `The guarantee has been changed: it is version ${version} now.`, version }
  const read = readFields(ports.law, known, request.fields, localDay(ports))
  if (read.errors.length > 0) return { kind: 'invalid', errors: read.errors }
  const event = { kind: 'act' as const, act: known.act, fields: read.fields, office }
  const doer = { actor: account.id, office }
  const decision = await decideAndApplyAccounts(ports, tx, { grns: [grn], office, event, doer }, { conversation: grn })
  if (decision.outcome !== 'moved')
    return {
      kind: 'conflict',
      detail: 'The guarantee is not in a state for this, or more is locked and claimed than the new reference amount.',
      version,
    }
  const guarantee = await guaranteeView(ports, tx, account, grn)
  return guarantee === undefined ? { kind: 'not-found' } : { kind: 'done', guarantee }
}
