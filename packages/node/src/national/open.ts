import { randomBytes } from 'node:crypto'
import {
  ConnectorsFault,
  folderSystem,
  type NationalSystem,
  openSpool,
  pushServer,
  restSystem,
  triggerSystem,
} from '@corridor/connectors'
import { connect, type Database } from '@corridor/database'
import type { CorridorNationalSystem } from '../config/national.ts'
import type { LogLine } from '../log.ts'
import type { NodeSettings } from '../settings.ts'

type Told = NonNullable<NodeSettings['nationalSystem']>

/** Opens the connection to a national system; nothing is asked of it yet. Faults: those of the connector. */
export async function openNational(
  { kind, whole }: Pick<CorridorNationalSystem, 'kind' | 'whole'>,
  told: Told,
  { clock, db, log }: { clock: () => Date; db: Database; log: LogLine },
): Promise<NationalSystem> {
  const { address, token, tls } = told
  switch (kind) {
    case 'database-triggers':
      return triggerSystem(connect(address, { max: 2, applicationName: 'corridor national system' }))
    case 'rest':
      return restSystem({ url: address, ...(token !== undefined && { token }), ...(tls && { tls }) })
    case 'rest-push':
      return pushedTo(told, db, log)
    default:
      return folderSystem({ folder: address, now: clock, unique: () => randomBytes(8).toString('hex'), whole })
  }
}

/** A door for one that pushes: what it brings is committed in a schema of its own in the node's database, and taken from there. */
async function pushedTo({ address, token, tls }: Told, db: Database, log: LogLine): Promise<NationalSystem> {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || url.port === '' || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new ConnectorsFault(
      'connectors.remote',
      `${address} is no address to listen on, such as https://0.0.0.0:8510`,
    )
  if (token !== undefined && !/^[0-9a-f]{64}$/i.test(token))
    throw new ConnectorsFault('connectors.remote', 'the second line is the SHA-256 of the token of who pushes, in hex')
  const { certificate, key, authority, clients = [] } = tls ?? {}
  if ((url.protocol === 'https:') !== (certificate !== undefined && key !== undefined))
    throw new ConnectorsFault('connectors.remote', 'an https address needs a certificate and a key, and http none')
  const server = await pushServer(await openSpool(db), {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: Number(url.port),
    ...(token !== undefined && { tokenDigest: token }),
    ...(certificate !== undefined &&
      key !== undefined && {
        tls: {
          certificate,
          key,
          ...(authority !== undefined && clients.length > 0 && { clients: { authority, fingerprints: clients } }),
        },
      }),
    onFault: (error) => log('warn', 'national.push', { error }),
  })
  // The database is the node's: it is closed by it.
  return { ...triggerSystem(db), close: () => server.close() }
}
