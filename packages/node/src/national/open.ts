import { randomBytes } from 'node:crypto'
import { folderSystem, type NationalSystem, restSystem, triggerSystem } from '@corridor/connectors'
import { connect } from '@corridor/database'
import type { CorridorNationalSystem } from '../config/national.ts'
import type { NodeSettings } from '../settings.ts'

/** Opens the connection to a national system; nothing is asked of it yet. Faults: those of the connector. */
export async function openNational(
  { kind, whole }: CorridorNationalSystem,
  { address, token }: NonNullable<NodeSettings['nationalSystem']>,
  clock: () => Date,
): Promise<NationalSystem> {
  if (kind === 'database-triggers')
    return triggerSystem(connect(address, { max: 2, applicationName: 'corridor national system' }))
  if (kind === 'rest') return restSystem({ url: address, ...(token !== undefined && { token }) })
  return folderSystem({ folder: address, now: clock, unique: () => randomBytes(8).toString('hex'), whole })
}
