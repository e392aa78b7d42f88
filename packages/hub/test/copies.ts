import { readFileSync } from 'node:fs'
import { loadMessages } from '@corridor/tables'
import { readCopyTable } from '../src/index.ts'

/** A table of copies as members might agree on it. */
export const tableText = readFileSync(new URL('copies.tsv', import.meta.url), 'utf8')

export const messages = loadMessages()
export const table = readCopyTable(tableText, messages, 'copies.tsv')
