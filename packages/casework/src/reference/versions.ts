/** The versions of a list as people see them: who made them, what they change, whom that concerns, what may be done with them now. */
import { type Account, listAccounts, reference } from '@corridor/registry'
import { actsOn, type Asker, draftHindrance, type Hindrance, type VersionAct } from './allowed.ts'
import type { ReferencePorts } from './ports.ts'
import { type CodeUse, usesOf } from './uses.ts'

/** Who made or reviewed a version: an account with the person's name, or a program. */
export interface VersionPerson {
  readonly id: string
  readonly name: string
}

/** A version with what it changed and what may be done with it. */
export interface VersionView extends Omit<reference.ListVersion, 'author' | 'reviewer'>, reference.DifferenceCounts {
  readonly author: VersionPerson
  readonly reviewer?: VersionPerson
  readonly acts: readonly VersionAct[]
}

/** The versions of a list, newest first. */
export interface VersionsView {
  readonly versions: readonly VersionView[]
  /** Why the asker cannot begin a version now. */
  readonly draftHindrance?: Hindrance
}

/** One version: its differences page by page, and the movements under way that it concerns. */
export interface VersionDetail {
  readonly version: VersionView
  readonly differences: readonly reference.CodeDifference[]
  /** The code to go on after; undefined on the last page. */
  readonly next?: string
  /** Only of a version that is not in use yet. */
  readonly effects?: { readonly uses: readonly CodeUse[]; readonly more: boolean }
}

/** Codes on one page of differences. */
const pageSize = 50

/** What people see of versions. */
export interface ReferenceVersions {
  /** Undefined when nobody declared the list. */
  versions(by: Account, list: string): Promise<VersionsView | undefined>
  /** Undefined when there is no such list or version. @param after the last code of the page before */
  version(by: Account, list: string, number: number, after?: string): Promise<VersionDetail | undefined>
}

/** The views over their ports. */
export function createReferenceVersions(ports: ReferencePorts): ReferenceVersions {
  const { db, party } = ports
  const views = async (by: Account, list: string, number?: number) => {
    const head = await reference.listSummary(db, list)
    if (head === undefined) return undefined
    const [found, counts, accounts] = await Promise.all([
      reference.versionsOf(db, list),
      reference.differenceCounts(db, list, number),
      listAccounts(db),
    ])
    const names = new Map(accounts.map(({ id, name }) => [id, name]))
    const asker: Asker = { account: by.id, isManager: by.role === 'reference', party }
    const person = (id: string): VersionPerson => ({ id, name: names.get(id) ?? id })
    const none = { added: 0, changed: 0, ended: 0 }
    const view = ({ author, reviewer, ...version }: reference.ListVersion): VersionView => ({
      ...version,
      ...(counts.get(version.number) ?? none),
      author: person(author),
      ...(reviewer !== undefined && { reviewer: person(reviewer) }),
      acts: actsOn({ ...version, author }, head, asker),
    })
    return { head, asker, found: found.filter((each) => number === undefined || each.number === number).map(view) }
  }
  return {
    async versions(by, list) {
      const viewed = await views(by, list)
      if (viewed === undefined) return undefined
      const hindrance = draftHindrance(viewed.head, viewed.asker)
      return { versions: viewed.found, ...(hindrance !== undefined && { draftHindrance: hindrance }) }
    },
    async version(by, list, number, after = '') {
      const version = (await views(by, list, number))?.found[0]
      if (version === undefined) return undefined
      const more = await reference.differencesOf(db, list, number, { after, limit: pageSize + 1 })
      const differences = more.slice(0, pageSize)
      const next = more.length > pageSize ? differences.at(-1)?.code : undefined
      return {
        version,
        differences,
        ...(next !== undefined && { next }),
        ...(version.state !== 'published' && { effects: await usesOf(ports, db, list, number) }),
      }
    },
  }
}
