import { ProcedureFault } from '../faults.ts'
import { compileMachine, type Machine } from '../machine.ts'
import type { Law } from '../types.ts'
import { accountEffects } from './does.ts'
import { accountGuards } from './guards.ts'

/** Where the machine of guarantees is written. */
export const accountFile = 'guarantee/account.machine.tsv'

/** @throws ProcedureFault TABLE, UNKNOWN_GUARD, UNKNOWN_DOES */
export function compileAccount(text: string): Machine {
  const does = new Set([...Object.keys(accountEffects), 'refuse', 'refuse-faulty'])
  return compileMachine(accountFile, text, { guards: new Set(Object.keys(accountGuards)), does })
}

/** @throws ProcedureFault TABLE when the machine names what another table does not have */
export function checkAccount({ account, accountActs, routes, refusals }: Law): void {
  const need = (holds: boolean, detail: string): void => {
    if (!holds) throw new ProcedureFault('TABLE', `${accountFile}: ${detail}`)
  }
  for (const event of account.events) {
    const act = /^act:(.+)$/.exec(event)?.[1]
    if (act === undefined) need(routes.get(event)?.key === 'grn', `${event} is not in routes.tsv with the key grn`)
    else
      need(
        accountActs.some((known) => known.act === act),
        `${act} is not in guarantee/account-acts.tsv`,
      )
  }
  for (const effect of account.rows.flatMap((row) => row.does)) {
    const [name, id = ''] = effect.split(':')
    need(name !== 'refuse' || refusals.has(id), `refusals.tsv has no ${id}`)
  }
  for (const { document, key } of routes.values())
    need(key !== 'grn' || account.events.includes(document), `no row answers ${document}`)
  for (const { act } of accountActs) need(account.events.includes(`act:${act}`), `no row answers ${act}`)
}
