import type { Declaration } from '../api/declaration-types.ts'
import type { FieldError } from '../api/types.ts'

/** One element of the import, as its importer sees it in the form. */
export interface ImportRow {
  path: string
  meaning: string
  /** Why the importer must complete it; '' where the export filled it in. */
  why: string
  exported: string | null
  /** What stands in the draft. */
  draft: string
  isFixed: boolean
}

/** What is typed, by path. */
export type ImportEntries = Record<string, string>

const elementOf = (path: string): string => path.replaceAll(/\[\d+\]/g, '')

/** The rows of the form: what is to be completed, then what the export filled in, in the order of the data model. */
export function rowsOf({ elements, draft }: Pick<Declaration, 'elements' | 'draft'>): ImportRow[] {
  if (draft === null) return []
  const fixed = new Set(draft.fixed)
  const known = new Map(elements.map((element) => [element.path, element]))
  const blanks = draft.blanks.map(({ path, meaning, why }) => {
    const element = known.get(path)
    return { path, meaning, why, exported: element?.exported ?? null, draft: element?.draft ?? '', isFixed: false }
  })
  const isBlank = new Set(blanks.map(({ path }) => path))
  const filled = elements
    .filter((element) => element.draft !== null && !isBlank.has(element.path))
    .map(({ path, meaning, exported, draft: value }) => {
      const isFixed = fixed.has(elementOf(path))
      return { path, meaning, why: '', exported, draft: value ?? '', isFixed }
    })
  return [...blanks, ...filled]
}

/** What the request changes: only what is otherwise than in the draft; null takes away. */
export function changesIn(rows: readonly ImportRow[], entries: ImportEntries): Record<string, string | null> {
  const draft = new Map(rows.map((row) => [row.path, row.draft]))
  const changed = Object.entries(entries)
    .map(([path, value]) => [path, value.trim()] as const)
    .filter(([path, value]) => value !== (draft.get(path) ?? ''))
  return Object.fromEntries(changed.map(([path, value]) => [path, value === '' ? null : value]))
}

/** How an element stands to the draft, for the mark beside it. */
export function markOf({ draft }: ImportRow, value: string): 'completed' | 'changed' | 'removed' | undefined {
  const now = value.trim()
  if (now === draft) return undefined
  if (now === '') return 'removed'
  return draft === '' ? 'completed' : 'changed'
}

/** Remedies by path; those of something that the form does not show stand under ''. */
export function remediesByPath(
  rows: readonly ImportRow[],
  entries: ImportEntries,
  errors: readonly FieldError[],
): Record<string, string> {
  const shown = new Set([...rows.map(({ path }) => path), ...Object.keys(entries)])
  const found: Record<string, string> = {}
  for (const { field, value, remedy } of errors) {
    const text = value ? `${value}: ${remedy}` : remedy
    const at = shown.has(field) ? field : ''
    const said = at === '' ? `${field} ${text}` : text
    found[at] = found[at] === undefined ? said : `${found[at]} ${said}`
  }
  return found
}
