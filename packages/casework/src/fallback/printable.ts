/** What can be printed of a fallback mode. */
export const fallbackPapers = ['forms', 'register'] as const

/** Name of a document on paper about a fallback mode. */
export type FallbackPaper = (typeof fallbackPapers)[number]

/** What an officer of departure can print of a mode in a state: forms as long as they may be used, the register until all is copied. */
export function papersOfMode({ role, state }: { role: string; state: string }): FallbackPaper[] {
  if (role !== 'departure') return []
  if (state === 'prepared' || state === 'open') return ['forms', 'register']
  return state === 'ended' ? ['register'] : []
}
