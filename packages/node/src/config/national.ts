import type { Checked } from './checked.ts'

/** How a node reaches the national system of its administration. */
export const nationalKinds = ['database-triggers', 'watched-folder', 'rest', 'rest-push'] as const

/** The national system of a node's administration. */
export interface CorridorNationalSystem {
  kind: (typeof nationalKinds)[number]
  /** Form of its declarations (a folder of `packages/declarations/forms`) and national currency (ISO 4217), which that leaves unsaid; null of one that hands over no such declarations. */
  declarations: { form: string; currency: string } | null
  /** Whether it hands over documents of the transit procedure, and is told of movements. */
  transit: boolean
  /** How a file of a watched folder is known to be whole. */
  whole: 'rename' | 'quiet'
}

/**
 * `nationalSystem: { kind: database-triggers, form: asycuda-world-like, currency: AFN }` of a node, or `transit: yes` instead of form and currency, or all
 * three; null without one.
 */
export function nationalFrom(told: Checked | null): CorridorNationalSystem | null {
  if (told === null) return null
  const transit = told.has('transit') && told.text('transit', /^(yes|no)$/) === 'yes'
  const isForm = told.has('form') || told.has('currency') || !transit
  return {
    kind: told.text('kind', (kind) => nationalKinds.some((known) => known === kind)) as CorridorNationalSystem['kind'],
    declarations: isForm
      ? { form: told.text('form', /^[a-z][a-z0-9-]{0,39}$/), currency: told.text('currency', /^[A-Z]{3}$/) }
      : null,
    transit,
    whole: told.has('whole') ? (told.text('whole', /^(rename|quiet)$/) as CorridorNationalSystem['whole']) : 'rename',
  }
}

/** Files of a real node about its national system. */
export interface NationalKeys {
  /** Where it is, or where it finds the node; in a second line the token. */
  address: string
  /** PEM files: own certificate and key, and the authority of the other side's; of a system that pushes the fingerprints of its certificates. */
  tls: { certificate: string | null; key: string | null; authority: string | null; clients: string[] } | null
}

/** `nationalSystem` and `nationalSystemTls` of the `keys` of a node; null without the first. */
export function nationalKeysFrom(keys: Checked): NationalKeys | null {
  const address = keys.optionalText('nationalSystem')
  const tls = keys.optionalGroup('nationalSystemTls')
  if (address === null) return tls === null ? null : keys.refuse('nationalSystem', 'is missing')
  if (tls === null) return { address, tls }
  const [certificate, key] = [tls.optionalText('certificate'), tls.optionalText('key')]
  if ((certificate === null) !== (key === null))
    return tls.refuse(certificate === null ? 'certificate' : 'key', 'is missing')
  const clients = tls.optionalTexts('clients')
  const wrong = clients.find((each) => !/^[0-9A-Fa-f]{64}$/.test(each.replaceAll(':', '')))
  if (wrong !== undefined) return tls.refuse('clients', `“${wrong}” is no SHA-256 fingerprint`)
  const authority = tls.optionalText('authority')
  if (clients.length > 0 && authority === null) return tls.refuse('authority', 'is missing')
  return { address, tls: { certificate, key, authority, clients: clients.map((each) => each.replaceAll(':', '')) } }
}
