import type { Checked } from './checked.ts'
import type { PassphraseSource } from '../keys/passphrase.ts'
import { type NationalKeys, nationalKeysFrom } from './national.ts'

/** Files of a node's own keys; paths are relative to the corridor file. */
export interface NodeKeyFiles {
  signing: { certificate: string; key: string }
  /** Pairs that decrypt beside the one that signs: what was before it, or comes next. */
  alsoDecrypts: { certificate: string; key: string }[]
  tls: { certificate: string; key: string }
  dataKey: string
  /** Where the pass phrase of the key files is; null where none is encrypted. */
  passphrase: PassphraseSource | null
  /** JSON file: access code by GRN, for guarantees that are registered at the next start. */
  accessCodes: string | null
  /** Files with the addresses of third places, by their names. */
  places: Record<string, string>
  /** File with the address of the national system, and in a second line the bearer token for it; null without one. */
  nationalSystem: NationalKeys | null
}

/** Files that a partner gave, and where it is. */
export interface PublishedFiles {
  signingCertificate: string
  /** Believed too, while the partner changes over; so are `nextTlsCertificate` and `nextCa`. Null when there is none. */
  nextSigningCertificate: string | null
  /** Null of a partner to which nothing goes directly. */
  direct: {
    url: string | null
    tlsCertificate: string
    nextTlsCertificate: string | null
    ca: string
    nextCa: string | null
  } | null
}

export function keysFrom(keys: Checked): NodeKeyFiles {
  return {
    signing: { certificate: keys.text('signingCertificate'), key: keys.text('signingKey') },
    alsoDecrypts: keys
      .optionalList('alsoDecrypts')
      .map((pair) => ({ certificate: pair.text('certificate'), key: pair.text('key') })),
    tls: { certificate: keys.text('tlsCertificate'), key: keys.text('tlsKey') },
    dataKey: keys.text('dataKey'),
    passphrase: passphraseFrom(keys.optionalGroup('passphrase')),
    accessCodes: keys.optionalText('accessCodes'),
    places: keys.values('places'),
    nationalSystem: nationalKeysFrom(keys),
  }
}

export function publishedFrom(published: Checked): PublishedFiles {
  return {
    signingCertificate: published.text('signingCertificate'),
    nextSigningCertificate: published.optionalText('nextSigningCertificate'),
    direct: published.has('tlsCertificate')
      ? {
          url: published.has('url') ? published.text('url', /^https:\/\/\S+$/) : null,
          tlsCertificate: published.text('tlsCertificate'),
          nextTlsCertificate: published.optionalText('nextTlsCertificate'),
          ca: published.text('ca'),
          nextCa: published.optionalText('nextCa'),
        }
      : null,
  }
}

/** `passphrase: { file: … }`, or `environment`, `credential`, `command` instead. */
function passphraseFrom(passphrase: Checked | null): PassphraseSource | null {
  if (passphrase === null) return null
  const [source, ...others] = passphrase.names()
  if (others.length > 0) return passphrase.refuse('', 'say one of file, environment, credential, command')
  if (source === 'file') return { file: passphrase.text('file') }
  if (source === 'environment') return { environment: passphrase.text('environment', /^[A-Za-z_]\w*$/) }
  if (source === 'credential') return { credential: passphrase.text('credential', /^[\w.-]{1,200}$/) }
  if (source === 'command') return { command: passphrase.texts('command', /^[^\0]+$/) }
  return passphrase.refuse('', 'say one of file, environment, credential, command')
}
