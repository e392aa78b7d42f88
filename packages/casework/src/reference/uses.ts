/** Which movements under way a version of a list concerns. */
import { baseOf, codePaths, officesList } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { reference } from '@corridor/registry'
import type { ReferencePorts } from './ports.ts'

/** More movements than these are not named. */
const mostShown = 200

/** A movement under way whose document has a code that a version ends or changes. */
export interface CodeUse extends reference.MovementUsing {
  /** Whether the version ends the code; else it changes what it means or how long it holds. */
  readonly ended: boolean
}

/** The movements under way that use a code which a version ends or changes; the first of them, and whether there are more. */
export async function usesOf(
  ports: ReferencePorts,
  db: Tx,
  list: string,
  number: number,
): Promise<{ uses: CodeUse[]; more: boolean }> {
  const codes = await reference.codesChangedBy(db, list, number)
  const paths = codePaths(ports.law.messages, listsCheckedWith(ports, list))
  if (codes.length === 0 || paths.length === 0) return { uses: [], more: false }
  const ended = new Set(codes.filter((each) => each.ended).map(({ code }) => code))
  const found = await reference.movementsUsing(db, {
    paths,
    codes: codes.map(({ code }) => code),
    endStates: endStates(ports.law),
    limit: mostShown + 1,
  })
  const uses = found.slice(0, mostShown).map((use) => ({ ...use, ended: ended.has(use.code) }))
  return { uses, more: found.length > mostShown }
}

/** A change of the customs offices is one of the lists that follow from their roles. */
function listsCheckedWith({ officeLists }: ReferencePorts, list: string): string[] {
  return baseOf(list) === officesList ? [list, ...officeLists.map((one) => one.list)] : [list]
}

/** The states in which a movement is over: it is nobody's turn any more. */
function endStates({ states }: ReferencePorts['law']): string[] {
  const over = [...states].filter(([, { turn }]) => turn === '-').map(([roleAndState]) => roleAndState.split(' ')[1]!)
  return [...new Set(over)]
}
