/** The shapes of `/declarations`, as the HTTP contract has them. Moments are ISO 8601 in UTC, days `yyyy-mm-dd`, amounts texts. */
import type { Named } from './types.ts'

export interface DeclarationSummary {
  id: string
  side: 'export' | 'partner-export' | 'import' | 'partner-import'
  state: string
  party: Named
  ucr: string
  number: string | null
  version: number
  day: string
  changedAt: string
  trader: Named | null
}

export interface DeclarationList {
  items: DeclarationSummary[]
  total: number
  more: boolean
  page: number
  pageSize: number
}

export interface DeclarationElement {
  path: string
  name: string
  meaning: string
  exported: string | null
  draft: string | null
  imported: string | null
  change: 'completed' | 'changed' | 'removed' | null
  differs: boolean
}

export interface Finding {
  rule: string
  path: string
  value: string
  text: string
  remedy: string
}

interface Hindrance {
  code: string
  text: string
  about: string[]
}

export interface Declaration extends DeclarationSummary {
  versions: {
    version: number
    event: string
    at: string
    by: Named
    digest: string
    answer: { outcome: 'taken' | 'held' | 'refused'; findings: Finding[]; at: string } | null
  }[]
  elements: DeclarationElement[]
  draft: {
    version: number
    complete: { path: string; meaning: string; why: string }[]
    leftOut: { element: string; why: string }[]
    claimedAt: string | null
    mayLodge: boolean
    isOutdated: boolean
    blanks: { path: string; meaning: string; why: string }[]
    fixed: string[]
  } | null
  /** How it stands to shares; null where none was agreed. The words of a code are `shareWhy.<code>`. */
  standing: {
    keptBack: Hindrance | null
    over: Hindrance | null
    share: { owner: string; id: string } | null
  } | null
  abroad: { state: 'lodged' | 'registered' | 'withdrawn'; day: string } | null
  related: DeclarationSummary[]
}

interface Totals {
  netMass: string
  value: string
}

export interface MirrorReport {
  party: Named
  direction: 'out' | 'in'
  from: string
  to: string
  day: string
  tolerance: { massPercent: string; valuePercent: string; travelDays: number }
  currency: string
  pairs: {
    ucr: string
    state: string
    exports: string[]
    imports: string[]
    exported: Totals
    imported: Totals
    differences: {
      kind: 'mass' | 'value' | 'code'
      subheading?: string
      exported: string
      imported: string
      difference: string
      percent?: string
    }[]
  }[]
  chapters: { chapter: string; exported: Totals & { items: number }; imported: Totals & { items: number } }[]
  counts: Record<string, number>
  unusable: { side: 'export' | 'import'; declaration: string; why: string; path: string; value?: string }[]
}
