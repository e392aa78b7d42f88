import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'

/** A document of `documents/`, filled in. */
export function documentOf(
  name: 'declaration' | 'arrival' | 'unloading-remarks',
  values: Readonly<Record<string, string>>,
  now: Date,
): string {
  const moment = now.toISOString().slice(0, 19)
  const all: Record<string, string> = {
    now: moment,
    today: moment.slice(0, 10),
    messageIdentification: randomUUID().replaceAll('-', ''),
    ...values,
  }
  const text = readFileSync(new URL(`../documents/${name}.xml`, import.meta.url), 'utf8')
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => all[key] ?? '')
}
