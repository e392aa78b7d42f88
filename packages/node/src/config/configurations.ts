import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Corridor, corridorFileOf, readCorridor } from './corridor.ts'
import { likeOf } from './like.ts'

/** A file by which the nodes of a corridor can work. */
export interface Configuration {
  /** Name of the file. */
  name: string
  /** Path of the file. */
  file: string
  /** What it says; null when something is wrong in it. */
  corridor: Corridor | null
}

/**
 * All configurations of a corridor: the file that others are like, first, and those beside it that are like it.
 * @param nameOrPath of the corridor, or of any of them
 * @throws NodeFault CORRIDOR_UNKNOWN, CORRIDOR_FILE when the file itself cannot be read
 */
export function configurationsOf(nameOrPath: string): Configuration[] {
  const given = corridorFileOf(nameOrPath)
  const first = new URL(likeOf(given) ?? basename(fileURLToPath(given)), given)
  const main = basename(fileURLToPath(first))
  const beside = readdirSync(new URL('.', first))
    .filter((name) => /\.ya?ml$/.test(name) && name !== main && isLike(new URL(name, first), main))
    .toSorted()
  return [main, ...beside].map((name) => {
    const file = fileURLToPath(new URL(name, first))
    return { name, file, corridor: readable(file) }
  })
}

/** A file that is no YAML is nobody's configuration. */
function isLike(file: URL, main: string): boolean {
  try {
    return likeOf(file) === main
  } catch {
    return false
  }
}

/** Who wants to work by it is told what is wrong. */
function readable(file: string): Corridor | null {
  try {
    return readCorridor(file)
  } catch {
    return null
  }
}
