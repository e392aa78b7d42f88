import type { FastifyInstance } from 'fastify'
import { commonSchemas } from './common.ts'
import { declarationSchemas } from './declarations.ts'
import { exchangeBatchSchemas } from './exchange-batches.ts'
import { exchangeMessageSchemas } from './exchange-messages.ts'
import { fileSchemas } from './files.ts'
import { fallbackSchemas } from './fallback.ts'
import { guaranteeSchemas } from './guarantee.ts'
import { mailboxSchemas } from './mailbox.ts'
import { movementListSchemas } from './movement-list.ts'
import { movementSchemas } from './movement.ts'
import { nodeSchemas } from './node.ts'
import { partnerSchemas } from './partners.ts'
import { reconciliationSchemas } from './reconciliation.ts'
import { referenceSchemas } from './reference.ts'
import { referenceVolumeSchemas } from './reference-volume.ts'
import { referenceVersionSchemas } from './reference-versions.ts'
import { regionalSchemas } from './regional.ts'
import { servicesSchemas } from './services.ts'
import { sessionSchemas } from './session.ts'
import { shareSchemas } from './shares.ts'
import { webhookSchemas } from './webhooks.ts'

const rooms = [
  commonSchemas,
  sessionSchemas,
  movementListSchemas,
  movementSchemas,
  fileSchemas,
  guaranteeSchemas,
  fallbackSchemas,
  mailboxSchemas,
  referenceSchemas,
  referenceVolumeSchemas,
  referenceVersionSchemas,
  servicesSchemas,
  declarationSchemas,
  reconciliationSchemas,
  regionalSchemas,
  shareSchemas,
  nodeSchemas,
  exchangeMessageSchemas,
  exchangeBatchSchemas,
  partnerSchemas,
  webhookSchemas,
]

/** Makes every named schema known to the server; they become `components.schemas` of the OpenAPI document. */
export function addSchemas(app: FastifyInstance): void {
  for (const [name, schema] of rooms.flatMap((room) => Object.entries(room))) app.addSchema({ $id: name, ...schema })
}
