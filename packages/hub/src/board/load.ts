import { readFileSync } from 'node:fs'
import { type Meanings, readMeanings } from './meanings.ts'

let own: Meanings | undefined

/** What copies mean, as this room's table says; read once a process. */
export function loadMeanings(): Meanings {
  return (own ??= readMeanings(readFileSync(new URL('../../meanings.tsv', import.meta.url), 'utf8')))
}
