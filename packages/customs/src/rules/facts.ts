/** What a rule may ask beyond the document: pure look-ups that the caller gives, and what becomes of a rule when one is not given. */
import type { CodeLists } from '../codelists/code-lists.ts'
import type { Doc } from '../document.ts'
import { rootFrame, type Frame } from './frame.ts'
import { defaultDates, type NamedDates } from './period.ts'

/** An authorisation as the register of authorisations knows it. */
export interface Authorisation {
  /** code of the type, such as C521 (authorised consignor) or C524 (reduced data set) */
  readonly type: string
  /** identification number of the holder */
  readonly holder: string
  /** its holder seals the goods */
  readonly usesSeals: boolean
}

/**
 * Look-ups that the caller can answer. One that is missing, or that answers `undefined` where it says so, leaves the rules that ask it
 * not evaluated; they are then reported, and neither passed nor failed.
 */
export interface Facts {
  /** The latest message of that type in the same movement, as this administration has it; `undefined`: there is none. */
  previous?(type: string): Doc | undefined
  /** Whether the economic operators' register (EOS, or the country's own) knows the number; `undefined`: it is not for us to say. */
  isOperator?(identificationNumber: string): boolean | undefined
  /** Whether the eight digits are a code of the tariff (TARIC); `undefined`: it is not for us to say. */
  isTariffCode?(code: string): boolean | undefined
  /** Whether a message with this identification was exchanged with the sender, so that it may be answered; `undefined`: we cannot tell. */
  isMessage?(messageIdentification: string): boolean | undefined
  /** The valid authorisation of that number; `null`: there is none; `undefined`: it is not for us to say. */
  authorisation?(number: string): Authorisation | null | undefined
}

/** What rules are evaluated with. */
export interface Env {
  readonly codeLists: CodeLists
  /** the day for which codes must be valid and rules count, `yyyy-mm-dd` */
  readonly date: string
  /** the days that rules name; `defaultDates` when not given */
  readonly dates?: NamedDates
  readonly facts?: Facts
}

/** A rule that could not be evaluated, and what it would need. */
export interface NotEvaluated {
  readonly rule: string
  /** `isOperator`, `message CC015C`, `list CL610` … */
  readonly needs: string
}

/** The need for one of these earlier messages. */
export function needOf(types: readonly string[]): string {
  return `message ${types.join(' or ')}`
}

/** One evaluation of all rules on one document. */
export class Run {
  readonly codeLists: CodeLists
  readonly date: string
  readonly dates: NamedDates
  readonly facts: Facts
  readonly #earlier = new Map<string, Frame | undefined>()
  #needed: Set<string> | undefined

  constructor({ codeLists, date, dates, facts }: Env) {
    this.codeLists = codeLists
    this.date = date
    this.dates = dates ?? defaultDates
    this.facts = facts ?? {}
  }

  /** Notes that something is not known; what was being evaluated has no result then. */
  need(what: string): void {
    this.#needed = (this.#needed ?? new Set()).add(what)
  }

  /** Something was not known since the last call of `takeNeeds`. */
  get isInNeed(): boolean {
    return this.#needed !== undefined
  }

  /** What was not known since the last call. */
  takeNeeds(): ReadonlySet<string> | undefined {
    const needed = this.#needed
    this.#needed = undefined
    return needed
  }

  /** An answer that may be undefined, as false and a need in that case. */
  known(answer: boolean | undefined, what: string): boolean {
    if (answer === undefined) this.need(what)
    return answer ?? false
  }

  /** The document element of the first of these messages that the movement has; a need when it has none and must have one. */
  earlier(types: readonly string[], mayBeMissing = false): Frame | undefined {
    const { previous } = this.facts
    const root = previous && types.map((type) => this.#rootOf(type, previous)).find((found) => found !== undefined)
    if (!previous || (!root && !mayBeMissing)) this.need(needOf(types))
    return root
  }

  #rootOf(type: string, previous: (type: string) => Doc | undefined): Frame | undefined {
    if (!this.#earlier.has(type)) {
      const doc = previous(type)
      this.#earlier.set(type, doc && rootFrame(type, doc))
    }
    return this.#earlier.get(type)
  }
}
