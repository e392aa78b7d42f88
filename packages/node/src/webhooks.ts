import { randomBytes, randomUUID, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { encodeCursor } from '@corridor/api'
import type { Casework } from '@corridor/casework'
import type { Database } from '@corridor/database'
import { makeVault } from '@corridor/exchange'
import {
  createWebhooks,
  type EgressRules,
  httpsPost,
  type Measured,
  nameServers,
  type Webhooks,
} from '@corridor/webhooks'
import type { CorridorNode } from './config/corridor.ts'
import { NodeFault } from './faults.ts'
import type { LogLine } from './log.ts'
import { isDemonstration } from './pki/certificates.ts'
import type { NodeSettings } from './settings.ts'

/** What the webhooks of a node are made of. */
export interface WebhookParts {
  own: CorridorNode
  settings: NodeSettings
  /** Of the corridor file. */
  folder: URL
  db: Database
  dataKey: KeyObject
  clock: () => Date
  log: LogLine
  meter: (measured: Measured) => void
  /** Asked when an event is told: it is put together after the exchange, which announces events. */
  casework: () => Pick<Casework, 'mailboxItem'>
}

/** The webhooks of a node, with the real network and chance. @throws NodeFault CORRIDOR_FILE, KEY_FILE */
export function webhooksOf({
  own,
  settings,
  folder,
  db,
  dataKey,
  clock,
  log,
  meter,
  casework,
}: WebhookParts): Webhooks {
  const egress = egressOf(own, settings, folder)
  const resolve = nameServers()
  return createWebhooks({
    db,
    vault: makeVault(dataKey),
    clock,
    newId: randomUUID,
    newKey: () => randomBytes(32),
    random: Math.random,
    resolve,
    egress,
    post: httpsPost({ resolve, egress }),
    describe: (owner, messageId) => told(casework(), owner, messageId),
    log: (level, text, fields) => log(level, text, fields),
    meter,
  })
}

/** A document in a mailbox as an event tells of it: what it is and where it lies, and nothing of what is in it. */
async function told(
  casework: Pick<Casework, 'mailboxItem'>,
  owner: string,
  messageId: string,
): Promise<object | undefined> {
  const item = await casework.mailboxItem(owner, messageId)
  if (item === undefined) return undefined
  const { position, ...rest } = item
  return { ...rest, cursor: encodeCursor(position), href: `/messages/${encodeURIComponent(item.id)}` }
}

function egressOf({ id, webhooks }: CorridorNode, settings: NodeSettings, folder: URL): EgressRules {
  const { ports, loopback, authorities } = webhooks
  if (loopback && !isDemonstration(settings.tls.certificate))
    throw new NodeFault(
      'CORRIDOR_FILE',
      `corridor.yaml › nodes › ${id} › webhooks › loopback: for a demonstration only`,
    )
  const read = (path: string): string => {
    try {
      return readFileSync(new URL(path, folder), 'utf8')
    } catch (error) {
      throw new NodeFault('KEY_FILE', `${path}: ${(error as Error).message}.`)
    }
  }
  return { ports, loopback, authorities: authorities.map(read) }
}
