import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CarriedObject } from '@corridor/exchange'
import { type Credentials, prepareObjectStore, startStandIn, type StoreSettings } from '../../src/index.ts'
import { storeClient } from '../../src/object-store/client.ts'
import { startVersitygw, versitygw } from './versitygw.ts'

/** A store with the members NTA.BW, NTA.NA and NTA.ZA, and what its operator may do. */
export interface TestStore {
  settingsOf(party: string): StoreSettings
  owner: StoreSettings
  /** With the rights of the operator. */
  operator: ReturnType<typeof storeClient>
  /** The operator writes over what lies there. */
  overwrite(key: string, bytes: Uint8Array, metadata: Record<string, string>): Promise<void>
  stop(): Promise<void>
  /** On the same port, with what was there. */
  start(): Promise<void>
  drop(): Promise<void>
}

export const [bw, na, za] = ['NTA.BW', 'NTA.NA', 'NTA.ZA'] as const

/** The stores that the same tests run against: how one is made, or why it cannot be had. */
export const stores = {
  'versitygw, a real store': async () => {
    const found = await versitygw()
    return 'none' in found ? found : { make: () => makeStore((parts) => startVersitygw({ ...parts, ...found })) }
  },
  'the stand-in of demonstrations': async () => ({
    make: () => makeStore(({ port = 0, ...parts }) => startStandIn({ ...parts, port })),
  }),
} satisfies Record<string, () => Promise<{ make: () => Promise<TestStore> } | { none: string }>>

const newPair = (name: string): Credentials => ({
  accessKeyId: `${name.replaceAll('.', '')}${randomBytes(4).toString('hex')}`,
  secretAccessKey: randomBytes(20).toString('hex'),
})

async function makeStore(
  startOne: (parts: {
    folder: string
    port?: number
    owner: Credentials
    members: Credentials[]
  }) => Promise<{ endpoint: URL; close(): Promise<void> }>,
): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'corridor-store-'))
  const owner = newPair('operator')
  const pairs = new Map<string, Credentials>([bw, na, za].map((party) => [party, newPair(party)]))
  let running = await startOne({ folder, owner, members: [...pairs.values()] })
  const { endpoint } = running
  const bucket = 'sacu'
  const withPair = (pair: Credentials): StoreSettings => ({ endpoint, bucket, region: 'us-east-1', ...pair })
  await prepareObjectStore(withPair(owner), new Map([...pairs].map(([party, { accessKeyId }]) => [party, accessKeyId])))
  const operator = storeClient(withPair(owner))
  return {
    settingsOf: (party) => withPair(pairs.get(party)!),
    owner: withPair(owner),
    operator,
    async overwrite(key, bytes, metadata) {
      await operator.remove(key)
      await operator.putNew(key, bytes, metadata)
    },
    stop: () => running.close(),
    async start() {
      running = await startOne({ folder, port: Number(endpoint.port), owner, members: [...pairs.values()] })
    },
    async drop() {
      await operator.close()
      await running.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** An object from BW to ZA with bytes that mean nothing: what is in it is no business of this room. */
export function object(change: Partial<CarriedObject> = {}): CarriedObject {
  return {
    id: `${randomUUID()}@bw.example`,
    sender: bw,
    addressee: za,
    kind: 'message',
    expiresAt: new Date(Date.now() + 3_600_000),
    bytes: randomBytes(300),
    ...change,
  }
}
