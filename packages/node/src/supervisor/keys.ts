import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Corridor, CorridorNode } from '../config/corridor.ts'
import { keptSecret, writePrivate } from '../home.ts'
import { makeDemonstrationKeys, type NodeKeys } from '../pki/certificates.ts'

/** What a demonstration keeps for each node beside its database. */
export interface DemonstrationKeys extends NodeKeys {
  dataKey: string
  databasePassword: string
  accessCodes: Record<string, string>
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** The keys of every node of a demonstration: made on the first start, kept in the home after that. */
export async function demonstrationKeys(
  corridor: Corridor,
  home: string,
  now: Date,
): Promise<Map<string, DemonstrationKeys>> {
  const made = await Promise.all(
    corridor.nodes.map(async (node) => [node.id, await keysOf(node, join(home, node.id), now)] as const),
  )
  return new Map(made)
}

async function keysOf(node: CorridorNode, folder: string, now: Date): Promise<DemonstrationKeys> {
  const file = join(folder, 'keys.json')
  const keys = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as NodeKeys)
    : await makeDemonstrationKeys(node.party, node.country, now)
  if (!existsSync(file)) writePrivate(file, JSON.stringify(keys))
  const code = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  const codes = Object.fromEntries(node.guarantees.map((guarantee) => [guarantee.grn, code()]))
  return {
    ...keys,
    dataKey: keptSecret(join(folder, 'data.key'), () => randomBytes(32).toString('base64')),
    databasePassword: keptSecret(join(folder, 'database.secret'), () => randomBytes(24).toString('base64url')),
    accessCodes: JSON.parse(keptSecret(join(folder, 'access-codes.json'), () => JSON.stringify(codes))) as Record<
      string,
      string
    >,
  }
}
