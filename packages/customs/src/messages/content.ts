/**
 * The content of one element while it is read: takes the children in document order, knows where each belongs, finds what is wrong with
 * number, order and choice, and builds the JSON form. Both readers use it, so both find the same.
 */
import type { Doc, Place } from '../document.ts'
import {
  missing,
  missingChoice,
  notBoth,
  outOfOrder,
  tooFew,
  tooMany,
  unknownElement,
  type Findings,
} from './findings.ts'
import { expandedName, type Member, type Model, type Plan } from './plan.ts'

type Value = string | Doc

/** One occurrence of a sequence or choice. */
interface Instance {
  readonly model: Model
  /** where the values of its members go */
  readonly doc: Doc
  /** how often each member has occurred */
  readonly counts: number[]
  /** the last member in order; of a choice the chosen one; -1 before the first */
  reached: number
  /** the open occurrence of each member that is a model group */
  inner: (Instance | undefined)[] | undefined
}

const instanceOf = (model: Model, doc: Doc): Instance => ({
  model,
  doc,
  counts: Array.from<number>({ length: model.members.length }).fill(0),
  reached: -1,
  inner: undefined,
})

export class Content<W> {
  readonly doc: Doc
  /** the element that `take` found, and its place */
  member!: Member
  place!: Place
  readonly #plan: Plan
  readonly #at: Place
  readonly #where: W
  readonly #findings: Findings<W>
  readonly #top: Instance
  #target: Doc
  /** how often an element below a model group has occurred in the whole content */
  #occurred: Map<Member, number> | undefined

  /** `where` is the element itself, for what is missing in it. */
  constructor(plan: Plan, at: Place, where: W, findings: Findings<W>, doc: Doc = {}) {
    this.#plan = plan
    this.#at = at
    this.#where = where
    this.#findings = findings
    this.doc = doc
    this.#target = doc
    this.#top = instanceOf(plan.model, doc)
  }

  /** Goes on where a reader of flat content stopped: what is in the document has occurred, the last in order was `reached`. */
  resume(reached: number): void {
    const { counts, model } = this.#top
    for (const { order, name } of model.members) {
      const found = this.doc[name]
      counts[order] = found === undefined ? 0 : Array.isArray(found) ? found.length : 1
    }
    this.#top.reached = reached
  }

  /** Takes the next child. False when the group has no such element; else `member` and `place` are set, and `put` is next. */
  take(namespace: string, local: string, where: W): boolean {
    const route = this.#plan.routes.get(expandedName(namespace, local))
    if (!route) {
      const problem = unknownElement(local, namespace, this.#plan.namespaces.get(local))
      this.#findings.add(problem, { parent: this.#at, name: local, index: 0 }, where)
      return false
    }
    this.member = route.at(-1)!
    this.place = { parent: this.#at, name: this.member.node.local, index: this.#index(route) }
    this.#enter(this.#top, route, 0, where)
    return true
  }

  /** Keeps the value of the element that was taken. */
  put(value: Value): void {
    append(this.#target, this.member, value)
  }

  /** Adds what is missing. */
  finish(): Doc {
    this.#close(this.#top)
    return this.doc
  }

  /** Counts from 1 how often an element has occurred that may occur more than once; 0 for others. */
  #index(route: readonly Member[]): number {
    const member = route.at(-1)!
    if (route.length === 1) return member.max > 1 ? this.#top.counts[member.order]! + 1 : 0
    this.#occurred ??= new Map()
    const count = (this.#occurred.get(member) ?? 0) + 1
    this.#occurred.set(member, count)
    return route.some(({ max }) => max > 1) ? count : 0
  }

  #enter(instance: Instance, route: readonly Member[], depth: number, where: W): void {
    const member = route[depth]!
    const { model, counts, reached } = instance
    if (model.choice && reached >= 0 && reached !== member.order) {
      this.#findings.add(notBoth(this.member.name, nameOf(model.members[reached]!)), this.place, where)
    } else if (member.order < reached) {
      this.#findings.add(outOfOrder(this.member.name, nameOf(model.members[reached]!)), this.place, where)
    } else instance.reached = member.order
    if (!member.model) {
      const count = (counts[member.order]! += 1)
      if (count === member.max + 1) this.#findings.add(tooMany(member), this.place, where)
      this.#target = instance.doc
      return
    }
    instance.inner ??= []
    let inner = instance.inner[member.order]
    const full = counts[member.order]! >= member.max
    if (!inner || !(full || fits(inner, route, depth + 1))) {
      if (inner) this.#close(inner)
      inner = instanceOf(member.model, member.name === '' ? instance.doc : {})
      if (member.name !== '') append(instance.doc, member, inner.doc)
      instance.inner[member.order] = inner
      counts[member.order]! += 1
    }
    this.#enter(inner, route, depth + 1, where)
  }

  #close({ model, counts, inner }: Instance): void {
    for (const member of model.members) {
      const count = counts[member.order]!
      if (count === 0) {
        if (!member.optional && !model.choice) this.#missing(member)
        continue
      }
      if (count < member.min) this.#findings.add(tooFew(member), this.#placeOf(member), this.#where)
      const open = inner?.[member.order]
      if (open) this.#close(open)
    }
  }

  #missing(member: Member): void {
    if (!member.model) this.#findings.add(missing(member), this.#placeOf(member), this.#where)
    else if (member.model.choice) {
      const [first] = leavesOf(member)
      this.#findings.add(missingChoice(member.model.members.map(nameOf)), this.#placeOf(first!), this.#where)
    } else for (const each of member.model.members) if (!each.optional) this.#missing(each)
  }

  #placeOf(member: Member): Place {
    const leaf = leavesOf(member)[0]!
    return { parent: this.#at, name: leaf.node.local, index: leaf.max > 1 ? 1 : 0 }
  }
}

function append(doc: Doc, { name, max }: Member, value: Value): void {
  if (max === 1) doc[name] ??= value
  else if (doc[name] === undefined) doc[name] = [value]
  else (doc[name] as Value[]).push(value)
}

/** Whether an element still has its place in an open occurrence of a model group. */
function fits({ model, counts, reached, inner }: Instance, route: readonly Member[], depth: number): boolean {
  const { order, max } = route[depth]!
  if (model.choice ? reached >= 0 && reached !== order : order < reached) return false
  if (counts[order]! < max) return true
  const open = inner?.[order]
  return open !== undefined && reached === order && fits(open, route, depth + 1)
}

/** The elements that a member may begin with. */
function leavesOf(member: Member): readonly Member[] {
  return member.model ? member.model.members.flatMap(leavesOf) : [member]
}

const nameOf = (member: Member): string => leavesOf(member)[0]!.name
