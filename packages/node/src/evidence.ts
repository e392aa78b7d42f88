import { createPrivateKey, createSecretKey, type KeyObject, X509Certificate } from 'node:crypto'
import { type EvidenceScope, wholeScope, withoutAccessCodes } from '@corridor/casework'
import { connect, type Database } from '@corridor/database'
import { type KnownCertificate, makeEvidence, sha256 } from '@corridor/evidence'
import { journalPiece, keptMessages, makeVault, sizeOfKept, writeJournal } from '@corridor/exchange'
import { nodeClock } from './clock.ts'
import { type Corridor, type CorridorNode, readCorridor } from './config/corridor.ts'
import { NodeFault } from './faults.ts'
import { certificateOf } from './partners.ts'
import type { NodeSettings } from './settings.ts'

/** Who takes evidence, as the journal tells it. */
export interface EvidenceActor {
  actor: string
  office?: string
  reason?: string
}

/** Takes evidence of what a scope has; the journal says so before anybody gets it. @throws SealedFault, RangeError, NodeFault EVIDENCE_TOO_LARGE */
export type TakeEvidence = (scope: EvidenceScope, who: EvidenceActor) => Promise<Uint8Array>

/** What evidence of a node is made from. */
export interface EvidenceParts {
  corridor: Corridor
  own: CorridorNode
  settings: NodeSettings
  db: Database
  dataKey: KeyObject
  clock: () => Date
}

/** How a node gives evidence: its own signing key signs it. */
export function evidenceOf({ corridor, own, settings, db, dataKey, clock }: EvidenceParts): TakeEvidence {
  const vault = makeVault(dataKey)
  const known = knownCertificates(corridor, own, settings)
  const identity = {
    certificate: new X509Certificate(settings.signing.certificate),
    privateKey: createPrivateKey(settings.signing.key),
  }
  const former = (settings.alsoDecrypts ?? []).map(({ certificate, key }) => ({
    certificate: new X509Certificate(certificate),
    privateKey: createPrivateKey(key),
  }))
  const take: TakeEvidence = async ({ movement, conversations, messages: only }, { actor, office, reason }) => {
    const bytes = await sizeOfKept(db, { conversations, only })
    if (bytes > mostBytes)
      throw new NodeFault('EVIDENCE_TOO_LARGE', `What is kept of ${movement} has ${bytes} bytes; ${mostBytes} at most.`)
    const messages = await keptMessages(db, vault, { conversations, only, party: own.party })
    const journal = await journalPiece(db, conversations)
    const now = clock()
    const evidence = await makeEvidence(
      { movement, messages, isPart: only !== undefined, journal },
      { party: own.party, identity, former, known, now, redact },
    )
    const detail = { messages: messages.length, sha256: sha256(evidence), ...(reason !== undefined && { reason }) }
    const [conversation = movement] = conversations
    await writeJournal(db, now, [
      { kind: 'evidence.taken', conversation, actor, ...(office !== undefined && { office }), detail },
    ])
    return evidence
  }
  return (scope, who) => inTurn(() => take(scope, who))
}

/** Evidence lies in memory as a whole, some times over. */
const mostBytes = 200_000_000

let last: Promise<unknown> = Promise.resolve()
/** One after the other, whoever asks: two at once would need the memory of both. */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const turn = last.then(work, work)
  last = turn.catch(() => undefined)
  return turn
}

/** Undefined for a document in which there is no access code. */
function redact(document: Uint8Array): Uint8Array | undefined {
  const given = withoutAccessCodes(document)
  return given === document ? undefined : given
}

/** The certificates of the node and of its partners, as they are configured now. @throws NodeFault KEY_FILE */
function knownCertificates({ nodes }: Corridor, own: CorridorNode, settings: NodeSettings): KnownCertificate[] {
  const some = (party: string, use: KnownCertificate['use'], ...pems: (string | undefined)[]): KnownCertificate[] =>
    pems.flatMap((pem) =>
      pem === undefined ? [] : [{ party, use, certificate: certificateOf(pem, `certificate of ${party}`) }],
    )
  return [
    ...some(own.party, 'signing', settings.signing.certificate),
    ...some(own.party, 'signing', ...(settings.alsoDecrypts ?? []).map(({ certificate }) => certificate)),
    ...some(own.party, 'tls', settings.tls.certificate),
    ...settings.partners.flatMap(({ node, direct, ...partner }) => {
      const party = nodes.find(({ id }) => id === node)?.party ?? node
      return [
        ...some(party, 'signing', partner.signingCertificate, partner.nextSigningCertificate),
        ...some(party, 'tls', direct?.tlsCertificate, direct?.nextTlsCertificate),
        ...some(party, 'authority', direct?.ca, direct?.nextCa),
      ]
    }),
  ]
}

/** Takes evidence of all that a node on this machine has of a movement; undefined when it knows nothing of it. @throws NodeFault */
export async function takeEvidence(
  settings: NodeSettings,
  mrn: string,
  who: EvidenceActor,
): Promise<Uint8Array | undefined> {
  const corridor = readCorridor(settings.corridor)
  const own = corridor.nodes.find(({ id }) => id === settings.node)
  if (own === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${settings.node} in ${corridor.id}.`)
  const db = connect(settings.databaseUrl, { max: 2, applicationName: 'corridor evidence' })
  try {
    const scope = await wholeScope(db, mrn)
    if (scope === undefined) return undefined
    const time = nodeClock(settings)
    const dataKey = createSecretKey(Buffer.from(settings.dataKey, 'base64'))
    return await evidenceOf({ corridor, own, settings, db, dataKey, clock: () => time.now() })(scope, who)
  } finally {
    await db.close()
  }
}
