import { randomUUID } from 'node:crypto'
import {
  type Endpoint,
  type ListenOptions,
  type ReceivedMessage,
  type ReceiverOptions,
  serve,
} from '@corridor/as4/http'
import { atKosovo, kosovo } from './support.ts'

/** What an endpoint of Kosovo was told, in order. */
export interface Told {
  received: ReceivedMessage[]
  errors: Parameters<NonNullable<ReceiverOptions['onError']>>[0][]
  receipts: Parameters<NonNullable<ReceiverOptions['onReceipt']>>[0][]
  faults: unknown[]
}

/** Hooks that write down what they are told. */
export function listening(
  changes: Partial<ReceiverOptions> = {},
): ReceiverOptions & { onFault: (error: unknown) => void; told: Told } {
  const told: Told = { received: [], errors: [], receipts: [], faults: [] }
  return {
    identity: kosovo,
    findPMode: () => atKosovo,
    now: () => new Date(),
    newMessageId: () => `${randomUUID()}@nta.xk`,
    onMessage: (received) => {
      told.received.push(received)
    },
    onError: (event) => {
      told.errors.push(event)
    },
    onReceipt: (event) => {
      told.receipts.push(event)
    },
    onFault: (error) => {
      told.faults.push(error)
    },
    told,
    ...changes,
  }
}

/** Serves on 127.0.0.1, or as told, for as long as `work` takes. */
export async function whileServing(
  options: ReturnType<typeof listening> & Partial<ListenOptions>,
  work: (endpoint: Endpoint) => Promise<void>,
): Promise<void> {
  const endpoint = await serve({ host: '127.0.0.1', port: 0, ...options })
  try {
    await work(endpoint)
  } finally {
    await endpoint.close()
  }
}
