import { randomUUID } from 'node:crypto'
import { type ClientOptions, type StoreClient, storeClient } from './client.ts'
import { StoreFault } from './faults.ts'
import { inboxOf, nameOf, requireParty } from './layout.ts'
import type { StoreSettings } from './settings.ts'

/** One thing that was tried. */
export interface StoreTrial {
  /** In words, as it should be. */
  what: string
  isRight: boolean
  /** What the store did instead. */
  instead: string | null
}

const mostTries = 3

/**
 * Tries with a member's credentials what a store must let it do, and what it must not: whoever runs a store and whoever joins it should do so
 * once. Leaves nothing behind.
 * @param others the other members, one at least
 * @throws StoreFault when the store cannot be reached or does not know the credentials
 */
export async function checkObjectStore(
  settings: StoreSettings,
  { party, others, ...options }: ClientOptions & { party: string; others: readonly string[] },
): Promise<StoreTrial[]> {
  const client = storeClient(settings, options)
  try {
    return await trials(client, requireParty(party), others.map(requireParty))
  } finally {
    await client.close()
  }
}

async function trials(client: StoreClient, party: string, others: readonly string[]): Promise<StoreTrial[]> {
  const probe = nameOf(`probe ${randomUUID()}`)
  const bytes = Buffer.from('a trial of the store')
  const found: StoreTrial[] = []
  const may = async (what: string, work: () => Promise<string | null>): Promise<void> => {
    const instead = await work().catch(saidBy)
    found.push({ what, isRight: instead === null, instead })
  }
  const mayNot = (what: string, work: () => Promise<unknown>): Promise<void> =>
    may(what, async () => {
      const said = await work().then(() => 'the store did it', codeOf)
      return said === 'store.denied' ? null : said
    })
  await may(`${party} sees what waits for it`, async () => {
    await client.list(inboxOf(party), 1)
    return null
  })
  for (const other of others) {
    const mine = inboxOf(other, party) + probe
    await may(`${party} leaves something for ${other}, reads it again and takes it back`, async () => {
      await client.putNew(mine, bytes, {})
      await client.get(mine, 1_000)
      await client.remove(mine)
      return null
    })
    await may('nothing is written over what lies there', () => refusesToWriteOver(client, mine, bytes))
    await mayNot(`${party} does not see what waits for ${other}`, () => client.list(inboxOf(other), 1))
    await mayNot(`${party} writes nothing in the name of ${other}`, () =>
      client.putNew(inboxOf(party, other) + probe, bytes, {}),
    )
  }
  await mayNot(`${party} does not see the whole bucket`, () => client.list('', 1))
  await mayNot(`${party} writes nowhere else`, () => client.putNew(probe, bytes, {}))
  return found
}

/** The addressee may take what lies there in between: then it is tried again. */
async function refusesToWriteOver(client: StoreClient, key: string, bytes: Uint8Array): Promise<string | null> {
  try {
    for (let tries = 0; tries < mostTries; tries++) {
      await client.putNew(key, bytes, {})
      if ((await client.putNew(key, bytes, {})) === 'taken') return null
    }
    return 'the store wrote over it: it does not know If-None-Match'
  } finally {
    await client.remove(key)
  }
}

const codeOf = (error: unknown): string => {
  // Nothing was tried when it is out of reach, or knows nobody.
  if (!(error instanceof StoreFault) || /unreachable|credentials|clock|not-trusted|no-bucket/.test(error.code))
    throw error
  return error.code
}
const saidBy = (error: unknown): string => {
  codeOf(error)
  return (error as StoreFault).message.split('\n', 1)[0] ?? ''
}
