import type { MovementView } from '../api/types.ts'
import { hasWord, t, word } from '../lib/language.svelte.ts'

/** Whose turn it is, and for what: `Waiting for Vërmicë: crossing of the frontier`. Empty when it is ours or nobody's. */
export function turnWords(movement: MovementView): string {
  const waiting = movement.waitingFor
  if (waiting === null) return ''
  const what = hasWord('waiting', waiting.code) ? word('waiting', waiting.code) : ''
  // The trader of a movement is unknown before its own document came.
  if (waiting.party === '') return t('turn.of', { party: what || waiting.code })
  return what === '' ? t('turn.of', { party: waiting.party }) : `${t('turn.of', { party: waiting.party })}: ${what}`
}
