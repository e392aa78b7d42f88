import type { CertificateView } from '@corridor/api'
import { nodeClock } from '../clock.ts'
import { readCorridor } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import { checkedPair } from '../health/certificates.ts'
import type { NodeSettings } from '../settings.ts'
import { certificatesAt } from './breaks.ts'
import { tellUnfit, unfitCertificates, untimelyCertificates } from './fitness.ts'
import { knownCertificates } from './known.ts'

/** What the files of a node say of certificates, and what of them a node would refuse. */
export interface LookedAt {
  certificates: CertificateView[]
  /** With place, value and remedy. */
  unfit: string[]
}

/**
 * Looks at the certificates of settings without a running node and without its database: before they are taken up, say.
 * @throws NodeFault with the place of what cannot be read
 */
export function lookAtCertificates(settings: NodeSettings): LookedAt {
  const corridor = readCorridor(settings.corridor)
  const own = corridor.nodes.find(({ id }) => id === settings.node)
  if (own === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${settings.node} in ${corridor.id}.`)
  const known = knownCertificates(corridor, own, settings)
  const now = nodeClock(settings).now()
  const members = corridor.nodes.map(({ party }) => party)
  const unfit = [...unfitCertificates(known, members), ...untimelyCertificates(known, now)].map(tellUnfit)
  return { certificates: certificatesAt(known, now), unfit: [...unfit, ...wrongPairs(settings)] }
}

/** Pairs that do not belong together. */
function wrongPairs({ signing, tls, alsoDecrypts = [] }: NodeSettings): string[] {
  const pairs = [
    { pair: signing, what: 'signing' },
    { pair: tls, what: 'TLS' },
    ...alsoDecrypts.map((pair) => ({ pair, what: 'decryption' })),
  ]
  return pairs.flatMap(({ pair, what }) => {
    try {
      checkedPair(pair, what)
      return []
    } catch (error) {
      if (!(error instanceof NodeFault)) throw error
      return [error.message.split('\n')[0]!]
    }
  })
}
