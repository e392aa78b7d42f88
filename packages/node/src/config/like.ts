import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { NodeFault } from '../faults.ts'

type Content = Record<string, unknown>

/**
 * What a corridor file says, with what it does not say taken from the file that it is `like`, which lies beside it: a group is merged member
 * by member, null takes a member away, anything else takes the place of what is there. So another configuration of a corridor is only what is other in it.
 * @throws NodeFault CORRIDOR_FILE
 */
export function readLike(file: URL): unknown {
  const content = contentOf(file)
  if (!isGroup(content) || content['like'] === undefined) return content
  const { like, ...own } = content
  if (typeof like !== 'string' || !/^[\w-]+\.ya?ml$/.test(like))
    throw new NodeFault('CORRIDOR_FILE', `${nameOf(file)} › like: must be the name of a corridor file beside it`)
  const other = contentOf(new URL(like, file))
  if (isGroup(other) && other['like'] !== undefined)
    throw new NodeFault('CORRIDOR_FILE', `${nameOf(file)} › like: ${like} is like another file itself`)
  return merged(other, own)
}

/** The name of the file beside it that a corridor file is like; undefined when it is like none. @throws NodeFault CORRIDOR_FILE */
export function likeOf(file: URL): string | undefined {
  const content = contentOf(file)
  return isGroup(content) && typeof content['like'] === 'string' ? content['like'] : undefined
}

function merged(there: unknown, own: unknown): unknown {
  if (!isGroup(there) || !isGroup(own)) return own
  const members = Object.entries(own).map(([name, value]) => [name, merged(there[name], value)])
  const all = Object.entries({ ...there, ...Object.fromEntries(members) })
  return Object.fromEntries(all.filter(([, value]) => value !== null))
}

function contentOf(file: URL): unknown {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new NodeFault('CORRIDOR_FILE', `${nameOf(file)}: ${(error as Error).message}`)
  }
}

const nameOf = (file: URL): string => basename(fileURLToPath(file))

const isGroup = (value: unknown): value is Content =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
