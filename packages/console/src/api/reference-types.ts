/** Reference data as the node answers it. Days are `yyyy-mm-dd`, '' when open; texts are by language. */

export type Texts = Record<string, string>

export interface ReferenceList {
  id: string
  names: string[]
  tables: { number: number; oldList: string; todayLists: string[] }[]
  owner: string | null
  kind: 'common' | 'national' | 'corridor'
  /** Number of the version in use; 0 before the first. */
  version: number
  edition: string
  source: string
  publishedAt: string | null
  /** Whether a version is being prepared. */
  open: boolean
  inForce: number
  nextChange: string | null
  illustrative: boolean
  completeness: 'complete' | 'partial' | 'filled-by-administration'
  note: string
}

export type EntryState = 'in-force' | 'future' | 'ended' | 'replaced' | 'draft'

export interface ReferenceRow {
  code: string
  text: string
  language: string
  validFrom: string
  validTo: string
  state: EntryState
  parent: string | null
}

export interface ReferencePage {
  list: ReferenceList
  /** A day, or `any`. */
  at: string
  today: string
  entries: ReferenceRow[]
  next: string | null
}

export interface ReferenceGroup {
  name: string
  items: Texts
  groups: ReferenceGroup[]
}

export interface TimetableLine {
  /** 1 Monday to 7 Sunday. */
  fromDay: number
  toDay: number
  hours: { from: string; to: string }[]
  competences: { role: string; trafficType: string }[]
}

export interface CustomsOffice {
  reference: string
  country: string
  region?: string
  unLocode?: string
  geoInfo?: string
  postalCode?: string
  phone?: string
  fax?: string
  email?: string
  mainOffice?: string
  higherAuthority?: string
  enquiryAuthority?: string
  recoveryAuthority?: string
  nearestOffice?: string
  takenOverBy?: string
  addresses: { language: string; name: string; streetAndNumber: string; city: string }[]
  seasons: { code: string; name: string; from: string; to: string; lines: TimetableLine[] }[]
  specificNotes: string[]
  dedicatedTraders: { language: string; name: string }[]
}

export interface ReferenceVersion {
  entry: ReferenceEntry
  names: Texts
  state: EntryState
  addedIn: number
  removedIn: number | null
  office: CustomsOffice | null
}

export interface ReferenceCode {
  list: ReferenceList
  code: string
  versions: ReferenceVersion[]
  /** What the codes in the record of an office mean: by list, then by code. */
  meanings: Record<string, Texts>
}

export interface ReferenceHit {
  list: string
  code: string
  text: string
  validFrom: string
  validTo: string
}

export interface ReferenceTurn {
  list: string
  code: string
  day: string
  what: 'begins' | 'changes' | 'ends'
  text: string
  language: string
}

export interface ReferenceChanges {
  today: string
  upcoming: ReferenceTurn[]
  recent: ReferenceTurn[]
  more: boolean
  versions: { list: string; number: number; author: string; effective: string; publishedAt: string; note: string }[]
}

export interface ReferenceSubscriber {
  party: string
  name: string
  list: string
  version: number
  sent: number
  published: number
  acknowledgedAt: string | null
  refusal: string | null
}

/** A month of reference data that a side produces. */
export interface VolumeMonth {
  month: string
  kind: 'observed' | 'running' | 'forecast'
  entries: number
  changes: number
  low: number
  high: number
  announced: number
  versions: number
  loaded: number
  bytes: number
}

export interface VolumeSeries {
  /** Null for lists that are nobody's here. */
  owner: string | null
  list?: string
  basisMonths: number
  months: VolumeMonth[]
}

export interface ReferenceVolume {
  from: string
  to: string
  current: string
  sides: VolumeSeries[]
  lists: VolumeSeries[]
}

export interface ReferenceEntry {
  code: string
  validFrom: string
  validTo: string
  state: 'valid' | 'invalid'
  texts: Texts
  items: Texts
  keyItems: number
  groups: ReferenceGroup[]
  parent: string | null
}

export type VersionActName = 'review' | 'publish' | 'discard' | 'restore'
/** Why something may not be done now. The words are `hindrance.<code>`. */
export type Hindrance = 'not-manager' | 'not-owner' | 'same-person' | 'not-reviewed' | 'version-open'

export interface ListVersion {
  number: number
  state: 'draft' | 'reviewed' | 'published'
  author: { id: string; name: string }
  reviewer: { id: string; name: string } | null
  effective: string
  createdAt: string
  publishedAt: string | null
  note: string
  digest: string
  added: number
  changed: number
  ended: number
  acts: { act: VersionActName; why: Hindrance | null }[]
}

export interface ListVersions {
  list: ReferenceList
  versions: ListVersion[]
  draftHindrance: Hindrance | null
}

export interface CodeDifference {
  code: string
  before: ReferenceEntry[]
  after: ReferenceEntry[]
}

export type DifferenceKind = 'added' | 'changed' | 'ended'

export interface CodeUse {
  mrn: string
  role: string
  office: string
  officeName: string | null
  state: string
  code: string
  ended: boolean
}

export interface VersionDetail {
  list: ReferenceList
  version: ListVersion
  differences: Record<DifferenceKind, CodeDifference[]>
  next: string | null
  /** Null once the version is in use. */
  effects: { movements: CodeUse[]; more: boolean } | null
}

/** What an act did. */
export interface ReferenceActDone {
  list: string
  number: number
  state: 'draft' | 'reviewed' | 'published' | 'discarded'
}
