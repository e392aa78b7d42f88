import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'

/** One SQL statement, prepared on each connection under its name. */
export interface Statement {
  /** File name and a piece of the text's digest: two rooms may both have a `save.sql`, and an edited file is another statement. */
  readonly name: string
  readonly text: string
}

/**
 * Reads every `.sql` file of a folder, once: `claim-inbox.sql` becomes `claimInbox`. One file holds one statement with `$1`
 * placeholders. Throws when a name is asked for that no file has, so that a misspelt statement fails at load and not in use.
 */
export function statements<Name extends string = string>(directory: URL): Readonly<Record<Name, Statement>> {
  const found = new Map<string, Statement>()
  for (const file of readdirSync(directory)) {
    if (!file.endsWith('.sql')) continue
    const text = readFileSync(new URL(file, directory), 'utf8')
    const stem = file.slice(0, -'.sql'.length)
    found.set(camelCase(stem), statement(stem, text))
  }
  return new Proxy(Object.fromEntries(found) as Record<Name, Statement>, {
    get(target, key) {
      const one = target[key as Name]
      if (one === undefined) throw new Error(`no statement ${String(key)} in ${directory.pathname}`)
      return one
    },
  })
}

/** A statement from text that is not a file. */
export function statement(stem: string, text: string): Statement {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 10)
  return { name: `${stem.slice(0, 50)}.${digest}`, text }
}

function camelCase(stem: string): string {
  return stem.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
