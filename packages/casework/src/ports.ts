import type { KeyObject } from 'node:crypto'
import type { Database } from '@corridor/database'
import type { Exchange } from '@corridor/exchange'
import type { Law } from '@corridor/procedures'
import type { Correspondence, Doc, Rules } from '@corridor/customs'
import type { DeclarationPorts } from './declarations/settings.ts'
import type { Directory } from './directory.ts'
import type { FileSettings } from './files/settings.ts'
import type { SharedList } from './reference/sharing.ts'

/** What casework needs from outside: nothing here reads a clock, a random number or the network by itself. */
export interface CaseworkPorts {
  db: Database
  exchange: Exchange
  law: Law
  rules: Rules
  /** What our codes are in the common lists, for documents that cross; without it codes cross as they are. */
  correspondence?: Correspondence
  directory: Directory
  clock: () => Date
  /** A new UUID. */
  newId: () => string
  /** Random characters A-Z and 0-9 for the body of a new MRN. */
  randomBody: (length: number) => string
  /** Seals access codes at rest; 32 bytes. */
  dataKey: KeyObject
  /** Domain of this node's message ids: the part after @. */
  domain: string
  /** What this administration publishes for guarantees; absent: nothing. */
  guaranteeRules?: GuaranteeRules
  /** How many MRNs are reserved for paper at once, unless the officer says another number; default 20. */
  fallbackBlock?: number
  /** IANA time zone of this node's offices (`Europe/Tirane`), for the dates that officers give; default UTC. */
  timeZone?: string
  /** The language in which a country prints documents (BCP 47), for the second one on paper; undefined for a country that takes no part. */
  languageOf?: (country: string) => string | undefined
  /** Lists of reference data that go over the links; none unless told. */
  reference?: readonly SharedList[]
  /** How files of supporting documents are dealt with; as usual unless told. */
  files?: FileSettings
  /** For declaration data that others and we give each other; without it there are none. */
  declarations?: DeclarationPorts
  /** Whether the national system hands over documents of the transit procedure and is told of movements; it does not unless told. */
  nationalTransit?: boolean
  /** Regional hubs that get copies; none unless told. */
  regional?: readonly RegionalHub[]
}

/** A hub that gets a copy of what its members agreed on (docs/hub.md). */
export interface RegionalHub {
  party: string
  /** Whether anything is copied of a message (`CD001C`) or of an event (`departure.released`). */
  covers(messageType: string): boolean
  /** Under which a copy goes over the link. */
  documentType: string
  /** The copy, with what was agreed and nothing else. */
  copy(
    about: {
      messageType: string
      messageId: string
      sender: string
      recipient: string | null
      mrn: string
      time: string
    },
    doc: Doc,
  ): Uint8Array
}

/** What an administration publishes by dates; days are yyyy-mm-dd, the last one included, null is open. */
export interface GuaranteeRules {
  /** Units of a currency for one euro. */
  rates: { currency: string; perEuro: string; validFrom: string; validTo: string | null }[]
  /** Goods for which the use of comprehensive guarantees is suspended: beginnings of commodity codes. */
  suspendedGoods: { commodity: string; validFrom: string; validTo: string | null }[]
}
