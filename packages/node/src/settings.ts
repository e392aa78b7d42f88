import { readFileSync } from 'node:fs'

/** How a node and its national system know each other: own certificate and key, the authority of the other side's, fingerprints of those that may push. */
export interface NationalTls {
  certificate?: string
  key?: string
  authority?: string
  clients: string[]
}

/** Everything that one node needs to run: which node of which corridor, and what is its own on this machine. PEM texts throughout. */
export interface NodeSettings {
  /** Name of the corridor, or path of its file. */
  corridor: string
  node: string
  databaseUrl: string
  /** Folder of the database on this machine, for its free space; left out when the database is elsewhere. */
  dataFolder?: string
  ports: { api: number; as4: number }
  /** Address that the AS4 endpoint listens on; the API and the console are on the loopback address only. */
  as4Host: string
  signing: { certificate: string; key: string }
  /** For which partners may encrypt too, while this node changes over: the pair before, or the next. */
  alsoDecrypts?: { certificate: string; key: string }[]
  tls: { certificate: string; key: string }
  /** 32 bytes, base64: seals access codes at rest. */
  dataKey: string
  partners: {
    node: string
    signingCertificate: string
    /** Believed too, so that it can change over at a moment of its own. */
    nextSigningCertificate?: string
    /** Null where nothing goes to it directly; `url` is where its AS4 endpoint is, null of one that fetches; `tunnel`: it is reached inside of that only. */
    direct: {
      url: string | null
      tlsCertificate: string
      nextTlsCertificate?: string
      ca: string
      nextCa?: string
      tunnel?: { local: string; peer: string }
    } | null
  }[]
  /** Where this node finds third places, by their names, with what it signs in with there: a PostgreSQL URL of a border database, a JSON object of a cloud store. */
  places?: Record<string, string>
  /**
   * Where its national system is: a PostgreSQL URL, a folder, or an https address with the bearer token for it. Of one that pushes: the address
   * where the node listens for it, and the SHA-256 of its token (hex).
   */
  nationalSystem?: { address: string; token?: string; tls?: NationalTls }
  /** Access codes of demonstration guarantees by GRN. */
  accessCodes: Record<string, string>
  /** How far its clock is ahead of the machine's, in milliseconds: for stories and tests, see clock.ts. */
  clockAheadMs?: number
}

/** Reads the settings that {@link writePrivate} wrote for a node. */
export function readSettings(path: string): NodeSettings {
  return JSON.parse(readFileSync(path, 'utf8')) as NodeSettings
}
