import type {
  CodeDifference,
  ListVersion,
  ListVersions,
  ReferenceChanges,
  ReferenceCode,
  ReferenceEntry,
  ReferenceList,
  ReferencePage,
  VersionDetail,
} from '../src/api/reference-types.ts'

/** Reference data of the STAND-IN: one invented list with two codes and two versions. Nothing can be changed. */

const today = new Date().toISOString().slice(0, 10)
const list: ReferenceList = {
  id: 'CL017',
  names: ['KindOfPackages'],
  tables: [],
  owner: 'NTA.AL',
  kind: 'national',
  version: 1,
  edition: '2026-01-01',
  source: 'Invented',
  publishedAt: `${today}T05:00:00Z`,
  open: true,
  inForce: 2,
  nextChange: null,
  illustrative: true,
  completeness: 'partial',
  note: '',
}

const entry = (code: string, en: string, validTo = ''): ReferenceEntry => ({
  code,
  validFrom: '2026-01-01',
  validTo,
  state: 'valid',
  texts: { en },
  items: {},
  keyItems: 0,
  groups: [],
  parent: null,
})
const entries = [entry('BX', 'Box'), entry('BA', 'Barrel')]

const version = (number: number, state: ListVersion['state'], counts: [number, number, number]): ListVersion => ({
  number,
  state,
  author: { id: 'author', name: 'Elira Dervishi' },
  reviewer: state === 'draft' ? null : { id: 'reviewer', name: 'Genc Basha' },
  effective: today,
  createdAt: `${today}T05:00:00Z`,
  publishedAt: state === 'published' ? `${today}T05:00:00Z` : null,
  note: 'Invented',
  digest: '',
  added: counts[0],
  changed: counts[1],
  ended: counts[2],
  acts: state === 'draft' ? [{ act: 'review', why: 'not-manager' }] : [],
})
const versions = [version(2, 'draft', [0, 1, 1]), version(1, 'published', [2, 0, 0])]

function detailOf(number: number): VersionDetail | undefined {
  const found = versions.find((one) => one.number === number)
  if (!found) return undefined
  const difference = (before: ReferenceEntry[], after: ReferenceEntry[]): CodeDifference => ({
    code: (after[0] ?? before[0])!.code,
    before,
    after,
  })
  const [box, barrel] = entries as [ReferenceEntry, ReferenceEntry]
  const differences =
    number === 1
      ? { added: entries.map((one) => difference([], [one])), changed: [], ended: [] }
      : {
          added: [],
          changed: [difference([box], [entry('BX', 'Wooden box')])],
          ended: [difference([barrel], [entry('BA', 'Barrel', today)])],
        }
  return {
    list,
    version: found,
    differences,
    next: null,
    effects: number === 2 ? { movements: [], more: false } : null,
  }
}

function codeOf(code: string): ReferenceCode | undefined {
  const found = entries.find((one) => one.code === code)
  if (!found) return undefined
  const shown = {
    entry: found,
    names: found.texts,
    state: 'in-force',
    addedIn: 1,
    removedIn: null,
    office: null,
  } as const
  return { list, code, versions: [shown], meanings: {} }
}

/** What is at an address below `/reference`; undefined when nothing is. */
export function referenceAt([id, part, number]: string[]): object | undefined {
  if (id === undefined) return { at: today, lists: [list] }
  if (id === 'changes') return { today, upcoming: [], recent: [], more: false, versions: [] } satisfies ReferenceChanges
  if (id === 'subscribers') return { subscribers: [] }
  if (id === 'search') return { hits: [] }
  if (id !== list.id) return undefined
  if (part === 'versions' && number !== undefined) return detailOf(Number(number))
  if (part === 'versions') return { list, versions, draftHindrance: 'not-manager' } satisfies ListVersions
  if (part !== undefined) return codeOf(part)
  const rows = entries.map((one) => ({
    ...one,
    text: one.texts['en'] ?? '',
    language: 'en',
    state: 'in-force' as const,
  }))
  return { list, at: today, today, entries: rows, next: null } satisfies ReferencePage
}
