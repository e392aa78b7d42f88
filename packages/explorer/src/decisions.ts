/** Decisions of the offices, remembered: the same record and the same document are decided once. */
import { check, type Doc } from '@corridor/customs'
import {
  decide,
  earlierIn,
  type Event,
  groups,
  type LedgerEntry,
  type Movement,
  type Send,
  text,
} from '@corridor/procedures'
import type { CompiledLaw } from '@corridor/tables'
import { factsOf, now, offices, partyOf, today } from './corridor.ts'
import { canonical, Interned } from './interned.ts'
import type { Balances } from './ledger.ts'
import type { Letter } from './post.ts'

/** A record of an office, with its timers that run. */
export interface RecordHere {
  movement: Movement
  timers: string[]
}

/** A document between offices that was refused. */
export interface Refused {
  type: string
  role: string
  state: string
  /** Ids of the reasons, from refusals.tsv or of a published rule. */
  reasons: string[]
}

/** What came of a decision, in numbers of the lists. */
export interface Decided {
  outcome: 'moved' | 'kept' | 'waits' | 'conflict' | 'fault'
  record: number
  letters: number[]
  ledger: readonly LedgerEntry[]
  refused: Refused[]
  wrong: string[]
  silent: boolean
}

const nothing = { letters: [], ledger: [], refused: [], wrong: [], silent: false }

export class Decisions {
  readonly #compiled: CompiledLaw
  readonly records = new Interned<RecordHere | undefined>()
  readonly letters = new Interned<Letter>()
  readonly balances = new Interned<Balances>()
  readonly #decided = new Map<string, Decided>()

  constructor(compiled: CompiledLaw) {
    this.#compiled = compiled
    this.records.add('', undefined)
  }

  get size(): number {
    return this.#decided.size
  }

  /** The record with this number; without one, what an office knows of a movement that it has no record of. */
  movement(id: number, place: number, mrn: string): Movement {
    const office = offices[place]
    if (office === undefined) throw new Error(`there is no office ${place}`)
    const { role, reference } = office
    return (
      this.records.get(id)?.movement ?? { role, office: reference, mrn, lrn: '', state: '-', data: {}, secrets: {} }
    )
  }

  /** A document that comes, checked as it is checked when it comes from a trader; administrations have checked theirs. */
  eventOf(
    { type, doc, sender }: Letter,
    from: 'trader' | 'administration',
    movement: Movement,
  ): Extract<Event, { kind: 'document' }> {
    const { law, rules, codeLists } = this.#compiled
    const table = law.messages.get(type)
    const previous = earlierIn(movement.state === '-' ? undefined : movement)
    const findings =
      table === undefined || from === 'administration'
        ? []
        : check(table, doc, { codeLists, rules, date: today, ...(previous && { facts: { previous } }) })
    return { kind: 'document', type, doc, findings, sender, from, lastTry: false }
  }

  /**
   * @param id number of the record, 0 for none @param place of the office
   * @param what came, as a text: the same for the same @param balances their number
   */
  decide(
    id: number,
    place: number,
    mrn: string,
    what: string,
    balances: number,
    eventFor: (movement: Movement) => Event,
  ): Decided {
    const atGuarantee = offices[place]?.role === 'guarantee'
    const key = `${id} ${place} ${what}${atGuarantee ? ` ${balances}` : ''}`
    const known = this.#decided.get(key)
    if (known !== undefined) return known
    const movement = this.movement(id, place, mrn)
    let made: Decided
    try {
      made = this.#decideAnew(id, movement, eventFor(movement), this.balances.get(balances))
    } catch (error) {
      made = { ...nothing, outcome: 'fault', record: id, wrong: [`fault: ${(error as Error).message}`] }
    }
    this.#decided.set(key, made)
    return made
  }

  #decideAnew(id: number, movement: Movement, event: Event, balances: Balances): Decided {
    const party = partyOf(movement.office)
    const decision = decide(this.#compiled.law, movement, event, factsOf(party, balances))
    if (decision.outcome === 'waits' || decision.outcome === 'conflict')
      return { ...nothing, outcome: decision.outcome, record: id }
    const sent = decision.send.map((send) => this.#sent(send, party, movement, event))
    const outcome = {
      letters: sent.flatMap(({ letter }) => (letter === undefined ? [] : [letter])),
      refused: sent.flatMap(({ refused }) => refused ?? []),
      wrong: sent.flatMap(({ wrong }) => wrong),
    }
    if (decision.outcome === 'kept') {
      const isSilent = event.kind === 'document' && event.from === 'trader' && decision.send.length === 0
      const wrong = isSilent
        ? [...outcome.wrong, `${event.type} of a trader gets no answer in ${movement.state}`]
        : outcome.wrong
      return { ...nothing, ...outcome, wrong, outcome: 'kept', record: id }
    }
    const running = new Set(this.records.get(id)?.timers ?? [])
    if (event.kind === 'timer') running.delete(event.timer)
    for (const { timer, due } of decision.timers)
      if (due === null) running.delete(timer)
      else running.add(timer)
    const record = { movement: decision.movement, timers: [...running].sort() }
    return {
      ...nothing,
      ...outcome,
      ledger: decision.ledger,
      outcome: 'moved',
      record: this.records.add(canonical(record), record),
    }
  }

  /** What a decision sends: a letter to an administration, a refusal of one, or something for a trader or a system, which ends there. */
  #sent(
    send: Send,
    party: string,
    movement: Movement,
    event: Event,
  ): { letter?: number; refused?: Refused[]; wrong: string[] } {
    const { law } = this.#compiled
    const wrong = this.#faultsOf(send, party)
    if ('trader' in send.to || 'system' in send.to) return { wrong }
    if (!law.routes.has(send.type)) {
      const reasons = groups(send.doc, 'FunctionalError').map((error) => text(error, 'errorReason') ?? '')
      const type = event.kind === 'document' ? event.type : send.type
      return { refused: [{ type, role: movement.role, state: movement.state, reasons }], wrong }
    }
    const to = 'party' in send.to ? send.to.party : partyOf(send.to.office)
    const letter = { type: send.type, doc: send.doc, sender: party, to, copy: false }
    return { letter: this.letters.add(canonical(letter), letter), wrong }
  }

  /** Whether the receiver would refuse the document for what it is: written, read back and checked as it will be there. */
  #faultsOf(send: Send, party: string): string[] {
    const { law, rules, codeLists } = this.#compiled
    const table = law.messages.get(send.type)
    if (table === undefined) return [`${send.type} has no message table`]
    const recipient = recipientOf(send)
    const header: Doc = {
      PhaseID: 'NCTS5.1',
      messageSender: party,
      messageRecipient: recipient,
      preparationDateAndTime: now,
      messageIdentification: 'M1',
      messageType: send.type,
      ...(send.answers ? { correlationIdentifier: 'M0' } : {}),
    }
    const { document, findings } = table.read(table.write({ ...header, ...send.doc }))
    const all =
      document === undefined ? findings : [...findings, ...check(table, document, { codeLists, rules, date: today })]
    return all.map(({ path, rule, text: words }) => `${send.type} would be refused: ${rule} ${path} ${words}`)
  }
}

function recipientOf({ to }: Send): string {
  if ('trader' in to) return to.trader
  if ('system' in to) return to.system
  return 'party' in to ? to.party : partyOf(to.office)
}
