import { setTimeout as pause } from 'node:timers/promises'
import type { NodeSettings } from '@corridor/node'
import { documentOf } from '../documents.ts'
import { clientFor, type NodeClient } from '../node-client.ts'
import type { OwnCorridor } from '../own.ts'

/** Offices and a trader of a test partner that do their part by themselves, through the API of their own node as people would. */
export interface Robot {
  stop(): Promise<void>
}

/** Does one thing about a movement. */
interface Step {
  account: 'transit' | 'destination'
  /** State in which it is due, at the office of that account. */
  state: string
  act?: { name: string; fields: (today: string) => Record<string, string> }
  submit?: 'arrival' | 'unloading-remarks'
}

const steps: readonly Step[] = [
  { account: 'transit', state: 'expected', act: { name: 'cross', fields: (today) => ({ passageDate: today }) } },
  { account: 'transit', state: 'crossed', submit: 'arrival' },
  { account: 'destination', state: 'arrived', act: { name: 'permit-unloading', fields: () => ({}) } },
  { account: 'destination', state: 'unloading', submit: 'unloading-remarks' },
  {
    account: 'destination',
    state: 'unloaded',
    act: { name: 'record-results', fields: () => ({ controlResult: 'A1', stateOfSeals: '1' }) },
  },
]
const pauseMs = 500

/** Starts the people of a test partner. @param tell hears what they do, and what they could not do */
export async function startRobot(
  { own }: OwnCorridor,
  settings: NodeSettings,
  tell: (line: string) => void,
): Promise<Robot> {
  const accountOf = (role: string) => own.accounts.find((account) => account.role === role)!
  const trader = accountOf('trader')
  const name = 'test partner'
  const clients: Record<Step['account'] | 'trader', NodeClient> = {
    transit: await clientFor(settings, accountOf('transit').id, name),
    destination: await clientFor(settings, accountOf('destination').id, name),
    trader: await clientFor(settings, trader.id, name),
  }
  const done = new Set<string>()
  const take = async (step: Step, mrn: string): Promise<void> => {
    const now = new Date()
    if (step.act !== undefined) {
      const page = await clients[step.account].movement(mrn)
      if (page === undefined || !page.acts.some(({ act }) => act === step.act!.name)) return
      await clients[step.account].act(page, step.act.name, step.act.fields(now.toISOString().slice(0, 10)))
      tell(`${step.act.name} ${mrn}`)
    } else if (step.submit !== undefined) {
      const { country, party } = own
      const values = {
        mrn,
        country,
        sender: trader.trader!,
        recipient: party,
        destination: accountOf('destination').office!,
      }
      await clients.trader.submit(documentOf(step.submit, values, now), `${mrn}-${step.submit}`)
      tell(`${step.submit} ${mrn}`)
    }
    done.add(`${step.state} ${mrn}`)
  }
  const look = async (): Promise<void> => {
    for (const step of steps)
      for (const { mrn, status } of await clients[step.account].movements())
        if (status.code === step.state && !done.has(`${step.state} ${mrn}`)) await take(step, mrn)
  }
  const ending = new AbortController()
  const working = (async () => {
    while (!ending.signal.aborted) {
      await look().catch((error: unknown) => {
        if (!ending.signal.aborted) tell(`could not go on: ${(error as Error).message}`)
      })
      await pause(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      ending.abort()
      await working
      for (const client of Object.values(clients)) await client.signOff()
    },
  }
}
