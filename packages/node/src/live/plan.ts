import { createPrivateKey, type X509Certificate } from 'node:crypto'
import type { KeyPair } from '@corridor/as4'
import type { DeclarationPorts, RegionalHub } from '@corridor/casework'
import type { Rules } from '@corridor/customs'
import { type Law, withDurations } from '@corridor/procedures'
import { type CompiledLaw, loadLaw } from '@corridor/tables'
import { checkGuarantees, knownTimers, rulesOf } from '../config/agreed.ts'
import { type Corridor, type CorridorNode, readCorridor } from '../config/corridor.ts'
import { declarationPortsOf } from '../declarations.ts'
import { NodeFault } from '../faults.ts'
import { checkedPair } from '../health/certificates.ts'
import { copiesTo } from '../hub.ts'
import { refuseUnfit, unfitCertificates, untimelyCertificates } from '../keys/fitness.ts'
import { type KnownCertificate, knownCertificates } from '../keys/known.ts'
import { type Partners, partnersOf } from '../partners.ts'
import type { NodeSettings } from '../settings.ts'
import { actionsOf } from '../wire.ts'

/** Everything that follows from the settings of a node and its corridor file: read, checked, and nothing started. */
export interface Plan {
  settings: NodeSettings
  corridor: Corridor
  own: CorridorNode
  certificates: { signing: X509Certificate; tls: X509Certificate }
  /** All of them, own and partners’. */
  known: KnownCertificate[]
  alsoDecrypts: KeyPair[]
  loaded: CompiledLaw
  /** With this node’s time limits. */
  law: Law
  rules: Rules
  partners: Partners
  declarations: DeclarationPorts | undefined
  copies: RegionalHub[]
}

/**
 * Reads what a node would run with.
 * @throws NodeFault with the place, or an Error that names the file and the line of a table
 */
export function planOf(settings: NodeSettings): Plan {
  const corridor = readCorridor(settings.corridor)
  const own = corridor.nodes.find(({ id }) => id === settings.node)
  if (own === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${settings.node} in ${corridor.id}.`)
  const certificates = { signing: checkedPair(settings.signing, 'signing'), tls: checkedPair(settings.tls, 'TLS') }
  const known = knownCertificates(corridor, own, settings)
  refuseUnfit(
    unfitCertificates(
      known,
      corridor.nodes.map(({ party }) => party),
    ),
  )
  const loaded = loadLaw(corridor.codelists)
  checkGuarantees(own, loaded.law)
  return {
    settings,
    corridor,
    own,
    certificates,
    known,
    alsoDecrypts: (settings.alsoDecrypts ?? []).map((pair) => ({
      certificate: checkedPair(pair, 'decryption'),
      privateKey: createPrivateKey(pair.key),
    })),
    loaded,
    law: withDurations(loaded.law, knownTimers(own, loaded.law)),
    rules: rulesOf(corridor, loaded.rules),
    partners: partnersOf(corridor, own, settings, actionsOf(loaded.law)),
    declarations: declarationPortsOf(corridor, own),
    copies: copiesTo(corridor, own, loaded.law.messages),
  }
}

/** What a running node cannot take up, by what an operator calls it. */
const fixed: readonly [string, (plan: Plan) => string | number][] = [
  ['corridor', ({ corridor }) => corridor.id],
  ['the name of the node', ({ own }) => own.id],
  ['country', ({ own }) => own.country],
  ['party', ({ own }) => own.party],
  ['ports › api', ({ settings }) => settings.ports.api],
  ['ports › as4', ({ settings }) => settings.ports.as4],
  ['the address of the AS4 endpoint', ({ settings }) => settings.as4Host],
  // The size to which the API reads a body is part of its contract.
  ['supportingDocuments › fileMegabytes', ({ own }) => own.files.fileBytes / 1_048_576],
]

/** What must not stand in a message. */
const secret: readonly [string, (plan: Plan) => string][] = [
  ['the address of the database', ({ settings }) => settings.databaseUrl],
  ['the data key', ({ settings }) => settings.dataKey],
]

/**
 * Whether a node that runs by one plan can take up another.
 * @throws NodeFault NEEDS_RESTART with what is another
 */
export function requireSameNode(before: Plan, after: Plan): void {
  for (const [what, of] of fixed)
    if (of(before) !== of(after))
      throw new NodeFault(
        'NEEDS_RESTART',
        `nodes › ${before.own.id}: ${what} is ${of(before)} and would be ${of(after)}.`,
      )
  for (const [what, of] of secret)
    if (of(before) !== of(after))
      throw new NodeFault('NEEDS_RESTART', `nodes › ${before.own.id}: ${what} is another one.`)
}

/**
 * What is new in a plan and has ended, or has not begun, is not taken up. What the node works with already stays as it is: nothing is better
 * for refusing all the rest of a file.
 * @throws NodeFault CERTIFICATE_UNFIT
 */
export function requireTimely(before: Plan, after: Plan, now: Date): void {
  const idOf = ({ place, certificate }: KnownCertificate): string => `${place} ${certificate.fingerprint256}`
  const had = new Set(before.known.map(idOf))
  refuseUnfit(untimelyCertificates(after.known, now).filter((each) => !had.has(idOf(each))))
}
