import type { ExchangeEvent } from '../api/exchange-types.ts'

/** What tells an algorithm from others: the last part of its URI. */
export const lastOf = (uri: string): string => uri.split(/[#/]/).findLast((part) => part !== '') ?? uri

interface Sealed {
  sealedBy: string | null
  references: { uri: string; digest: string }[]
}

/** A signed part of a message as it was tried before, and as it is tried now. */
export interface TryDifference {
  part: string
  before: string
  after: string
}

const isSealed = (given: unknown): given is Sealed =>
  typeof given === 'object' && given !== null && Array.isArray((given as Sealed).references)

/** What is other in the bytes of a try than in those of the one before; undefined when the line is about something else. */
export function tryDifference({ kind, detail }: Pick<ExchangeEvent, 'kind' | 'detail'>): TryDifference[] | undefined {
  const { before, after } = (detail ?? {}) as { before?: unknown; after?: unknown }
  if (kind !== 'message.resealed' || !isSealed(after)) return undefined
  const old = isSealed(before) ? before : { sealedBy: null, references: [] }
  const parts = [...new Set([...old.references, ...after.references].map(({ uri }) => uri))]
  const digestIn = ({ references }: Sealed, uri: string) => references.find((each) => each.uri === uri)?.digest ?? '—'
  return [
    { part: 'certificates', before: old.sealedBy ?? '—', after: after.sealedBy ?? '—' },
    ...parts.map((part) => ({ part, before: digestIn(old, part), after: digestIn(after, part) })),
  ]
}

/** What a line of the journal says beside its kind, name by name. */
export function detailsOf(detail: unknown): [string, string][] {
  if (detail === null || detail === undefined) return []
  if (typeof detail !== 'object') return [['', typeof detail === 'string' ? detail : JSON.stringify(detail)]]
  return Object.entries(detail).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
}
