import type { OfflineList } from './offline.ts'
import { textIn } from './entry.ts'

/** The name of a list as TypeScript takes it: `CL141_NTA_AL`. */
export function typeNameOf(list: string): string {
  const name = list.replaceAll(/[^A-Za-z0-9]+/g, '_')
  return /^\d/.test(name) ? `_${name}` : name
}

/**
 * A copy as a TypeScript module: the codes in force on its day with what they are called, and the type of a code.
 * @param language of the texts
 */
export function offlineTypescript({ list, version, day, entries }: OfflineList, language: string): string {
  const name = typeNameOf(list)
  const codes = entries.filter(([, from, to]) => from <= day && (to === '' || to >= day))
  const lines = codes.map(
    ([code, , , names]) => `  ${JSON.stringify(code)}: ${JSON.stringify(textIn(names, language))},\n`,
  )
  return `// ${list}, version ${version}, as of ${day}. Made by corridor reference copy --typescript; not to be edited.

export const ${name} = {
${lines.join('')}} as const

/** A code of ${list}. */
export type ${name} = keyof typeof ${name}
`
}
