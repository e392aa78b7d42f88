import type { X509Certificate } from 'node:crypto'
import { type SignatureAlgorithm, signatureFor, SIGNATURES } from './algorithms/signature.ts'
import type { Trust } from './certificates/trust.ts'
import { As4Fault } from './faults.ts'
import type { Identity, PMode } from './model.ts'
import { profileOf } from './profiles/index.ts'
import type { Profile, TokenReference } from './profiles/profile.ts'

/** How something of ours is to be sealed. */
export interface SealPolicy {
  signature: SignatureAlgorithm
  /** Undefined where nothing is encrypted. */
  encryption: Profile['encryption']
  token: TokenReference
  fullChain: boolean
  receiptSigns: Profile['receiptSigns']
  compress: boolean
}

/** What is demanded of what a partner sends. */
export interface OpenPolicy extends SealPolicy {
  accept: readonly TokenReference[]
  compressionRequired: boolean
  /** The partner's certificates that are pinned; none when only authorities are trusted. */
  pins: readonly X509Certificate[]
  trust: Trust | undefined
}

// A P-Mode is read for every message and does not change.
const policies = new WeakMap<PMode, OpenPolicy>()

/** A P-Mode and its profile as one. Throws {@link As4Fault} `unknown-profile` or `bad-p-mode`. */
export function policyOf(pmode: PMode): OpenPolicy {
  const known = policies.get(pmode)
  if (known) return known
  const profile = profileOf(pmode.profile)
  const encrypt = pmode.encrypt ?? profile.encryption !== undefined
  if (encrypt && !profile.encryption) {
    throw new As4Fault('bad-p-mode', `${pmode.id} asks for encryption, which ${profile.name} does not have`)
  }
  const pins = [pmode.partnerCertificate, pmode.nextPartnerCertificate].filter((each) => each !== undefined)
  if (pins.length === 0 && Object.keys(pmode.trust?.subject ?? {}).length === 0) {
    throw new As4Fault('bad-p-mode', `${pmode.id} neither pins a certificate nor says whose an authority vouches for`)
  }
  const policy: OpenPolicy = {
    signature: SIGNATURES[profile.signature],
    encryption: encrypt ? profile.encryption : undefined,
    token: pmode.tokens?.send ?? profile.tokens.send,
    accept: pmode.tokens?.accept ?? profile.tokens.accept,
    fullChain: profile.tokens.fullChain,
    receiptSigns: profile.receiptSigns,
    compress: pmode.compress ?? true,
    compressionRequired: profile.compression === 'required',
    pins,
    trust: pmode.trust,
  }
  policies.set(pmode, policy)
  return policy
}

/** How a signal is sealed when it is under no P-Mode, as an error about something unknown is: as our key can sign. */
export function policyFor(identity: Identity): SealPolicy {
  const name = signatureFor(identity.privateKey)
  if (!name) throw new As4Fault('bad-key', 'No profile has a signature algorithm for the key of the identity')
  return {
    signature: SIGNATURES[name],
    encryption: undefined,
    token: 'x509v3',
    fullChain: false,
    receiptSigns: ['Messaging', 'Body'],
    compress: true,
  }
}
