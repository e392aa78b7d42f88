/** Two administrations and their records in memory: what casework does with decisions, without a database, for tests of the law. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { addAmounts, check, type Doc, overlayCodeLists, subtractAmounts } from '@corridor/customs'
import { loadLaw } from '@corridor/tables'
import { guards } from '../src/guards.ts'
import {
  decide,
  type Decision,
  earlierIn,
  type Event,
  eventName,
  type Facts,
  groups,
  type GuaranteeFacts,
  type MachineRow,
  type PaperFacts,
  type Movement,
  type Role,
  type Send,
  type System,
  text,
  type TimerChange,
} from '../src/index.ts'

const corridor = new URL('../../../corridors/albania-kosovo/', import.meta.url)

export const { law, rules, codeLists: published } = loadLaw(new URL('codelists/', corridor))

/** The corridor's lists and a few offices more, so that strangers pass the check of codes. */
export const codeLists = overlayCodeLists(published, {
  strangers: [
    '#name\tMore offices for tests',
    '#source\tthis test',
    '#version\t1',
    '#status\tillustrative',
    'lists\tcode\tvalidFrom\tvalidTo\ttext_en',
    'CL141 CL171 CL172 CL173 CL175\tMK000401\t\t\tTabanovce',
    'CL141 CL173\tXK000202\t\t\tMorinë',
    'CL141 CL172\tXK000302\t\t\tPejë',
    'CL141 CL175\tXK000204\t\t\tMerdare',
  ].join('\n'),
})

export const declarant = 'ALL12345678A'
export const consignee = 'XK810123456'
export const grn = '26AL0009010000019'
/** Not a run of digits that occurs in a document by chance. */
export const accessCode = 'Zq7x'
export const departure = 'AL000101'
export const transit = 'XK000201'
export const exit = 'XK000203'
export const destination = 'XK000301'
export const guaranteeOffice = 'AL000901'

/** The table rows (role and number) that decisions took, over all scenes of this process. */
export const rowsTaken = new Set<string>()

const offices: Record<string, { country: string; party: string }> = Object.fromEntries(
  [
    departure,
    transit,
    exit,
    'XK000204',
    destination,
    guaranteeOffice,
    'XK000901',
    'XK000202',
    'XK000302',
    'MK000401',
  ].map((reference) => [reference, { country: reference.slice(0, 2), party: `NTA.${reference.slice(0, 2)}` }]),
)

/** One of the corridor's documents, filled in and read. `change` edits the XML first. */
export function corridorDocument(name: string, values: Record<string, string>, change = (xml: string) => xml): Doc {
  const xml = readFileSync(new URL(`documents/${name}.xml`, corridor), 'utf8')
  const all: Record<string, string> = {
    now: '2026-11-24T14:00:00',
    today: '2026-11-24',
    recipient: 'NTA.AL',
    messageIdentification: 'M1',
    grn,
    accessCode,
    ...values,
  }
  const filled = change(xml.replace(/\{\{(\w+)\}\}/g, (_, key: string) => all[key] ?? assert.fail(`no ${key}`)))
  return readBack(/:(\w+) /.exec(filled)?.[1] ?? '', Buffer.from(filled))
}

function readBack(type: string, bytes: Uint8Array): Doc {
  const table = law.messages.get(type) ?? assert.fail(`no table ${type}`)
  const { document, findings } = table.read(bytes)
  assert.deepEqual(findings, [], `${type}: ${Buffer.from(bytes).toString()}`)
  return document ?? assert.fail(type)
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !(value instanceof Map)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}
freeze(law.machines)
freeze(law.acts)
for (const map of [law.routes, law.refusals, law.states, law.choices]) for (const value of map.values()) freeze(value)

/** How a document comes to an office. */
export interface Coming {
  sender: string
  from: 'trader' | 'administration' | 'system'
  office: string
  /** Of the record, where a document is for several. */
  role?: Role
  lastTry?: boolean
  conversation?: string
}

/** What went out of a decision, as its receiver reads it. */
export interface Sent extends Send {
  by: { role: Role; office: string }
}

export class Stage {
  readonly records = new Map<string, Movement>()
  readonly guarantees: Record<string, GuaranteeFacts> = {
    [grn]: {
      holder: declarant,
      type: '1',
      accessCodeMatches: true,
      valid: true,
      currency: 'EUR',
      available: '10000.00',
      notValidIn: [],
      terms: {},
      usedBy: null,
    },
  }
  now = '2026-11-24T14:00:00'
  /** Whether guarantees are recognised across the border. */
  mutual = true
  readonly suspendedGoods: string[] = []
  /** Units for one euro. */
  readonly rates: Record<string, string> = { EUR: '1', CHF: '0.95' }
  /** Whether the transitional period of NCTS P5 goes on: an arrival notification may have incidents in it. */
  transitional = false
  /** The published rules, as far as they bind these administrations. */
  rules = rules
  /** The declarant is an authorised consignor. */
  authorised = false
  /** The outside systems that there are. */
  systems: System[] = ['aes']
  /** Everything that was sent, in order. */
  readonly sent: Sent[] = []
  /** What traders and partners got, apart from what goes from office to office. */
  readonly told: Sent[] = []
  /** What offices owe each other and nobody carried yet. */
  readonly owed: Sent[] = []
  /** When what falls due, by role, office and timer. */
  readonly timers = new Map<string, string>()
  mrn = ''
  /** The paper behind a movement that departure does not know yet. */
  paper: PaperFacts | undefined
  /** The row that the last decision took, if any. */
  lastRow: MachineRow | undefined

  record(role: Role, office: string, mrn = this.mrn): Movement {
    const blank: Movement = { role, office, mrn, lrn: '', state: '-', data: {}, secrets: {} }
    return this.records.get(`${role} ${office} ${mrn}`) ?? blank
  }

  state(role: Role, office: string): string {
    return this.record(role, office).state
  }

  facts(country: string): Facts {
    return {
      now: this.now,
      party: `NTA.${country}`,
      country,
      today: this.now.slice(0, 10),
      mrnBody: 'ABCDEFGHIJK1',
      office: (reference) => offices[reference],
      administration: (where) => (['AL', 'XK', 'MK'].includes(where) ? `NTA.${where}` : undefined),
      guaranteeOffice: (where) => ({ AL: guaranteeOffice, XK: 'XK000901' })[where],
      operator: (id) =>
        id === declarant
          ? { name: 'Adria', Address: { streetAndNumber: 'Rruga 1', postcode: '1001', city: 'Tirana', country: 'AL' } }
          : undefined,
      hasSystem: (system) => this.systems.includes(system),
      serves: () => this.mutual,
      rate: (currency) => this.rates[currency],
      suspendedGoods: [...this.suspendedGoods],
      authorisations: (id) => ({ [consignee]: ['C522'], [declarant]: this.authorised ? ['C521'] : [] })[id] ?? [],
      guarantees: structuredClone(this.guarantees),
    }
  }

  /** A document comes to an office: checked as casework checks it, and decided. */
  document(type: string, doc: Doc, { sender, from, office, role: wanted, lastTry = false }: Coming): Decision {
    const route = law.routes.get(type) ?? assert.fail(`no route ${type}`)
    const role = wanted ?? route.targets[0]?.role ?? assert.fail(type)
    const table = law.messages.get(type) ?? assert.fail(`no table ${type}`)
    const lrn = text(doc, 'TransitOperation.LRN')
    const known = [...this.records.values()].find(
      (record) => record.role === 'departure' && record.lrn === lrn && record.data.trader === sender,
    )
    const named = text(doc, 'TransitOperation.MRN')
    const byLrn = route.key === 'lrn' || (route.key === 'either' && named === undefined)
    const isAnyOffice = route.targets.some((target) => target.role === role && target.office === 'MRN')
    const where = isAnyOffice ? this.holderOf(role, named ?? '') : office
    const movement = byLrn ? (known ?? this.record(role, office, '')) : this.record(role, where, named ?? '')
    const previous = earlierIn(movement)
    const findings = check(table, doc, {
      codeLists,
      rules: this.rules,
      date: this.now.slice(0, 10),
      ...(this.transitional && { dates: { TPendDate: '2027-12-31' } }),
      ...(previous && { facts: { previous } }),
    })
    return this.#decide(movement, { kind: 'document', type, doc, findings, sender, from, lastTry })
  }

  act(role: Role, office: string, act: string, fields: Record<string, string> = {}): Decision {
    return this.#decide(this.record(role, office), { kind: 'act', act, fields, office })
  }

  timer(role: Role, office: string, timer: string): Decision {
    this.timers.delete(`${role} ${office} ${timer}`)
    return this.#decide(this.record(role, office), { kind: 'timer', timer })
  }

  /** Carries what offices owe each other until nothing is left; `hold` keeps documents back. */
  carry(hold: (sent: Sent) => boolean = () => false): void {
    for (;;) {
      const at = this.owed.findIndex((sent) => !hold(sent))
      const [sent] = at < 0 ? [] : this.owed.splice(at, 1)
      if (sent === undefined || 'trader' in sent.to || 'system' in sent.to) return
      const sender = offices[sent.by.office]?.party ?? ''
      const party = 'party' in sent.to ? sent.to.party : offices[sent.to.office]?.party
      for (const { role, office } of this.#recordsOf(sent, party))
        this.document(sent.type, sent.doc, { sender, from: 'administration', role, office })
    }
  }

  /** The last document of a type that was told, or fails. */
  lastTold(type: string): Sent {
    return this.told.findLast((sent) => sent.type === type) ?? assert.fail(`no ${type} was told`)
  }

  #decide(movement: Movement, event: Event): Decision {
    const isUnknown = movement.role === 'departure' && movement.state === '-'
    const facts = { ...this.facts(movement.office.slice(0, 2)), ...(isUnknown && { paper: this.paper }) }
    freeze(movement)
    freeze(event)
    freeze(facts)
    const decision = decide(law, movement, event, facts)
    assert.deepEqual(decide(law, movement, event, facts), decision, 'the same arguments give the same decision')
    this.lastRow = law.machines[movement.role]
      .find(movement.state, eventName(event))
      .find((candidate) => guards[candidate.guard]?.({ law, movement, event, facts }))
    if (this.lastRow !== undefined) rowsTaken.add(`${movement.role} ${this.lastRow.number}`)
    if (decision.outcome === 'moved') {
      const after = decision.movement
      noAccessCode(after.data, `data of ${after.role}`)
      // A pre-lodged declaration gets its MRN later.
      this.records.delete(`${movement.role} ${movement.office} ${movement.mrn}`)
      this.records.set(`${after.role} ${after.office} ${after.mrn}`, after)
      if (after.role === 'departure') this.mrn = after.mrn
      this.#timers(after, decision.timers)
      for (const { op, grn: number, amount } of decision.ledger) {
        const held = this.guarantees[number] ?? assert.fail(number)
        const sum = op === 'lock' ? subtractAmounts : addAmounts
        // A claim takes from what is locked: nothing more is available.
        if (op !== 'liability') this.guarantees[number] = { ...held, available: sum(held.available, amount) }
      }
    }
    if (decision.outcome === 'moved' || decision.outcome === 'kept') this.#send(movement, decision.send)
    return decision
  }

  /** The records of an administration that a document is for: of every office of it that the document names, as casework finds them. */
  #recordsOf({ type, doc, to }: Sent, party: string | undefined): { role: Role; office: string }[] {
    const { targets } = law.routes.get(type) ?? assert.fail(`no route ${type}`)
    const found = targets.flatMap(({ role, office: group }) => {
      if (group === '') return 'office' in to ? [`${role} ${to.office}`] : []
      if (group === 'MRN') return [`${role} ${this.holderOf(role, text(doc, 'TransitOperation.MRN') ?? '')}`]
      const named = groups(doc, group).map((member) => text(member, 'referenceNumber') ?? '')
      return named
        .filter((each) => offices[each]?.party === party && (rolesOf[each] ?? role) === role)
        .map((office) => `${role} ${office}`)
    })
    return [...new Set(found)].map((each) => {
      const [role = '', office = ''] = each.split(' ')
      return { role: role as Role, office }
    })
  }

  /** The office that holds a movement in a role; '' when none does. */
  holderOf(role: Role, mrn: string): string {
    return [...this.records.values()].find((record) => record.role === role && record.mrn === mrn)?.office ?? ''
  }

  #timers({ role, office }: Movement, changes: TimerChange[]): void {
    for (const { timer, due } of changes) {
      const key = `${role} ${office} ${timer}`
      if (due === null) this.timers.delete(key)
      else this.timers.set(key, due)
    }
  }

  #send({ role, office }: Movement, sends: Send[]): void {
    for (const send of sends) {
      const sent = { ...send, doc: asReceived(send, this.now, this.rules), by: { role, office } }
      if (!mayHaveAccessCode(send)) noAccessCode(sent.doc, send.type)
      this.sent.push(sent)
      const isForRecord = 'office' in send.to || ('party' in send.to && law.routes.has(send.type))
      ;(isForRecord ? this.owed : this.told).push(sent)
    }
  }
}

/** An office is in the role that is its own: a document that names it is for no other. */
const rolesOf: Record<string, Role> = {
  XK000201: 'transit',
  XK000202: 'transit',
  XK000203: 'exit',
  XK000204: 'exit',
  XK000301: 'destination',
  XK000302: 'destination',
}

/** The office of guarantee compares the code; the declarant gave it. */
function mayHaveAccessCode({ type, to }: Send): boolean {
  return ['CD200C', 'CD203C'].includes(type) || (type === 'CC029C' && 'trader' in to && to.trader === declarant)
}

function noAccessCode(value: unknown, where: string): void {
  const json = JSON.stringify(value)
  assert.ok(!json.includes(accessCode) && !json.includes('accessCode'), `${where} has the access code`)
}

/** The document with a header, written and read back: a decision makes nothing that its receiver would refuse. */
export function asReceived(send: Send, now: string, binding = rules): Doc {
  const table = law.messages.get(send.type) ?? assert.fail(`no table ${send.type}`)
  const header: Doc = {
    messageSender: 'NTA.AL',
    messageRecipient: 'trader' in send.to ? send.to.trader : 'NTA.XK',
    preparationDateAndTime: now,
    messageIdentification: 'M2',
    messageType: send.type,
  }
  const doc = readBack(send.type, table.write({ ...header, ...send.doc }))
  const wrong = check(table, doc, { codeLists, rules: binding, date: now.slice(0, 10) })
  assert.deepEqual(wrong, [], `${send.type} would be refused`)
  return doc
}

/** The functional errors of a refusal: pointer, code, reason, value. */
export function errorsOf(sent: Send): (string | undefined)[][] {
  return groups(sent.doc, 'FunctionalError').map((error) =>
    ['errorPointer', 'errorCode', 'errorReason', 'originalAttributeValue'].map((name) => text(error, name)),
  )
}
