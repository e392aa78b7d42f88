import { readFileSync } from 'node:fs'
import { compileCorrespondence, type Correspondence, CustomsFault } from '@corridor/customs'
import { NodeFault } from '../faults.ts'

/**
 * Reads what a node's codes are in the common lists.
 * @param path as the corridor file has it, relative to that file
 * @throws NodeFault CORRIDOR_FILE naming the file, the line and what is wrong
 */
export function readCorrespondence(
  path: string,
  folder: URL,
  { id, party }: { id: string; party: string },
): Correspondence {
  const wrong = (reason: string): never => {
    throw new NodeFault('CORRIDOR_FILE', `corridor.yaml: nodes.${id}.correspondence: ${reason}`)
  }
  let text: string
  try {
    text = readFileSync(new URL(path, folder), 'utf8')
  } catch {
    return wrong(`${path} cannot be read: give a file relative to corridor.yaml, such as correspondence/${party}.tsv`)
  }
  try {
    const read = compileCorrespondence(text, path)
    if (read.from !== party || read.to !== 'common')
      wrong(`${path} is from ${read.from} to ${read.to}: it must be from ${party} to common`)
    return read
  } catch (error) {
    if (error instanceof CustomsFault) return wrong(error.message)
    throw error
  }
}
