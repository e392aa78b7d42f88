/** The code lists that documents are checked with: what is published in the store of reference data, taken up with each commit. */
import {
  baseOf,
  type CodeListPart,
  type CodeLists,
  type OfficeCode,
  officeCodeOf,
  type OfficeLists,
  officeParts,
  officesList,
  partOf,
  withParts,
} from '@corridor/customs'
import type { Database } from '@corridor/database'
import { reference } from '@corridor/registry'
import { Refresh } from './refresh.ts'

/** What the lists are taken from. */
export interface CodeListSources {
  db: Database
  /** lists that come as files: what counts for a list that the store does not have */
  files: CodeLists
  /** ids of the lists that documents are checked with; no other is held */
  used: ReadonlySet<string>
  /** lists of offices that follow from the roles in the records of offices */
  offices: OfficeLists
  log: (level: 'info' | 'warn', event: string, fields: Record<string, unknown>) => void
  /** calls again after a while, when the store could not be read */
  later: (again: () => void) => void
}

/** The code lists of a running node. */
export interface CurrentCodeLists {
  /** As they are now; what was taken once does not change, so a document is judged by one state of all lists. */
  current(): CodeLists
  /** When all that was announced so far is taken up. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/**
 * Takes the lists from the store and follows its changes, in every process of a node: each hears of a new version with its commit, and
 * looks at all lists when its connection was away. Only lists that changed are read, and all of them are swapped at once.
 */
export async function followCodeLists(sources: CodeListSources): Promise<CurrentCodeLists> {
  const follower = new Follower(sources)
  const { used, log, later } = sources
  const refresh = new Refresh(
    (lists) => follower.takeUp(lists, () => refresh.stopped),
    (lists, error) => log('warn', 'reference.not-taken-up', { lists, error }),
    later,
  )
  const stopHearing = await reference.onReferenceChange(sources.db, (list) =>
    refresh.hear((list === '' ? [...used] : [baseOf(list)]).filter((id) => used.has(id))),
  )
  await refresh.start([...used]).catch(async (error: unknown) => {
    await stopHearing()
    throw error
  })
  return {
    current: () => follower.lists,
    settled: () => refresh.settled(),
    stop: async () => {
      await stopHearing()
      await refresh.stop()
    },
  }
}

class Follower {
  lists: CodeLists
  readonly #sources: CodeListSources
  /** the versions that each list was made of: `CL141 1, CL141/NTA.AL 3` */
  readonly #made = new Map<string, string>()
  /** offices by the version that has them */
  #offices = new Map<string, OfficeCode[]>()

  constructor(sources: CodeListSources) {
    this.lists = sources.files
    this.#sources = sources
  }

  /** Reads those of the lists that have another version in use, and what follows from them; swaps all at once. */
  async takeUp(lists: readonly string[], isOver: () => boolean): Promise<void> {
    const { db, offices, used, log } = this.#sources
    const roleLists = offices.map(({ list }) => list)
    const concernsOffices = lists.some((list) => list === officesList || roleLists.includes(list))
    const looked = concernsOffices ? [...new Set([...lists, officesList, ...roleLists])] : lists
    const heads = await reference.listsInUse(db, looked)
    const officeHeads = heads.filter(({ id }) => baseOf(id) === officesList)
    const parts = new Map<string, CodeListPart[]>()
    const versions = new Map<string, string>()
    for (const list of looked.filter((id) => used.has(id))) {
      const own = heads.filter(({ id }) => (roleLists.includes(list) ? id === list : baseOf(id) === list))
      const made = [...own, ...(roleLists.includes(list) ? officeHeads : [])]
      const version = made.map(({ id, published }) => `${id} ${published}`).join(', ')
      if (version === (this.#made.get(list) ?? '')) continue
      versions.set(list, version)
      const read = await this.#partsOf(list, own, officeHeads)
      // A list of which nobody has a code is one that is not here: its codes are not checked.
      if (this.lists.knows(list) || read.some(({ codes }) => codes.length > 0)) parts.set(list, read)
    }
    if (versions.size === 0 || isOver()) return
    this.lists = withParts(this.lists, parts, 'instead')
    for (const [list, version] of versions) this.#made.set(list, version)
    if (concernsOffices)
      this.#offices = new Map([...this.#offices].filter(([key]) => officeHeads.some((head) => keyOf(head) === key)))
    const codes = [...parts.values()].flat().reduce((sum, part) => sum + part.codes.length, 0)
    log('info', 'reference.taken-up', {
      lists: [...new Set([...versions.values()].join(', ').split(', '))].sort(),
      codes,
    })
  }

  async #partsOf(
    list: string,
    own: readonly reference.ListInUse[],
    officeHeads: readonly reference.ListInUse[],
  ): Promise<CodeListPart[]> {
    const { db, offices } = this.#sources
    const parts: CodeListPart[] = []
    const isOffices = list === officesList
    for (const head of own)
      parts.push(
        partOf(head, isOffices ? await this.#officesOf(head) : await reference.codesOf(db, head.id, head.published)),
      )
    const following = offices.filter((each) => each.list === list)
    if (following.length === 0) return parts
    // What the record of an office says it does counts for more than a list that only names it.
    const described = new Set<string>()
    const fromRoles: CodeListPart[] = []
    for (const head of officeHeads) {
      const codes = await this.#officesOf(head)
      for (const { code, roles } of codes) if (roles.length > 0) described.add(code)
      fromRoles.push(...officeParts(following, partOf(head, []), codes).values())
    }
    const others = parts.map((part) => ({ ...part, codes: part.codes.filter(({ code }) => !described.has(code)) }))
    return [...others, ...fromRoles.filter(({ codes }) => codes.length > 0)]
  }

  async #officesOf(head: reference.ListInUse): Promise<OfficeCode[]> {
    const known = this.#offices.get(keyOf(head))
    if (known) return known
    const codes: OfficeCode[] = []
    for await (const entry of reference.exportList(this.#sources.db, head.id, head.published))
      codes.push(officeCodeOf(entry))
    this.#offices.set(keyOf(head), codes)
    return codes
  }
}

function keyOf({ id, published }: reference.ListInUse): string {
  return `${id} ${published}`
}
