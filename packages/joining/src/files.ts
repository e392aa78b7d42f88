import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writePrivate } from '@corridor/node'
import { JoinFault } from './faults.ts'
import { lineDifference } from './line-difference.ts'

/** A file as it is to be; nothing is written before a person has seen it. */
export interface FileChange {
  /** From the folder of the corridor file. */
  path: string
  before: string | null
  after: string
}

/** @throws JoinFault join.no-file */
export function readFileOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new JoinFault('join.no-file', `${path}: ${(error as Error).message}.`)
  }
}

/** The change that makes a file as told; undefined when it is so already. */
export function changeOf(folder: string, path: string, after: string): FileChange | undefined {
  const file = join(folder, path)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : null
  return before === after ? undefined : { path, before, after }
}

/** Writes files in their order, each whole: the corridor file comes last, so that what it names is there. */
export function writeChanges(folder: string, changes: readonly FileChange[]): void {
  for (const { path, after } of changes) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.${process.pid}.new`, after, { flush: true })
    renameSync(`${file}.${process.pid}.new`, file)
  }
}

/** Makes a secret file unless it is there. @returns whether it was made */
export function keepSecret(path: string, make: () => string): boolean {
  if (existsSync(path)) return false
  writePrivate(path, make())
  return true
}

/** Changes for people: new files by name, of others the lines that go (-) and come (+) with their neighbours. */
export function differenceOf(changes: readonly FileChange[]): string {
  return changes
    .map(({ path, before, after }) =>
      before === null
        ? `new      ${path}, ${after.trimEnd().split('\n').length} lines\n`
        : `changed  ${path}\n${hunks(before, after)}`,
    )
    .join('')
}

const around = 2

function hunks(before: string, after: string): string {
  const lines = lineDifference(before.trimEnd().split('\n'), after.trimEnd().split('\n'))
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(({ sign }) => sign !== ' '),
  )
  return lines
    .flatMap(({ sign, line }, at) => (near[at] ? [`  ${sign} ${line}\n`] : near[at - 1] ? ['    …\n'] : []))
    .join('')
}
