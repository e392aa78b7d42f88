import { type ClientOptions, type StoreClient, storeClient } from './client.ts'
import { StoreFault } from './faults.ts'
import { bucketPolicy } from './policy.ts'
import type { StoreSettings } from './settings.ts'

/**
 * Makes the bucket where it is not there, and gives it the policy of these members. Idempotent.
 * @param settings with the credentials of whoever owns the bucket
 * @param members the principal of the store by party id
 * @throws StoreFault
 */
export async function prepareObjectStore(
  settings: StoreSettings,
  members: ReadonlyMap<string, string>,
  options: ClientOptions = {},
): Promise<void> {
  await asOwner(settings, options, async (client) => {
    await client.bucket('HEAD').catch(async (error: unknown) => {
      if (!(error instanceof StoreFault) || error.code !== 'store.no-bucket') throw error
      await client.bucket('PUT')
    })
    const policy = Buffer.from(JSON.stringify(bucketPolicy(settings.bucket, members)))
    await client.bucket('PUT', { policy: '' }, policy)
  })
}

/**
 * Removes what lies there for longer than an object lives. To be run daily by whoever owns the bucket, where it has no lifecycle rule
 * that does so.
 * @returns how many were removed
 * @throws StoreFault
 */
export async function tidyObjectStore(
  settings: StoreSettings,
  { olderThan, ...options }: ClientOptions & { olderThan: Date },
): Promise<number> {
  let removed = 0
  await asOwner(settings, options, async (client) => {
    for (let after: string | undefined; ;) {
      const { objects, truncated } = await client.list('to/', 1_000, after)
      for (const { key, lastModified } of objects) {
        if (lastModified >= olderThan) continue
        await client.remove(key)
        removed += 1
      }
      after = objects.at(-1)?.key
      if (!truncated || after === undefined) return
    }
  })
  return removed
}

async function asOwner(
  settings: StoreSettings,
  options: ClientOptions,
  work: (client: StoreClient) => Promise<void>,
): Promise<void> {
  const client = storeClient(settings, options)
  try {
    await work(client)
  } finally {
    await client.close()
  }
}
