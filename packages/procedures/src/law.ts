import type { CodeLists, Messages } from '@corridor/customs'
import { checkAccount, compileAccount } from './account/law.ts'
import { effects } from './effects.ts'
import { checkFallback, compileFallback, type FallbackTexts } from './fallback/law.ts'
import { ProcedureFault } from './faults.ts'
import { guards } from './guards.ts'
import { checkLaw, machineFiles } from './law-check.ts'
import { compileMachine } from './machine.ts'
import { checkServices, compileServices, compileStatistics } from './services/services.ts'
import { compileTrader } from './trader.ts'
import { rowsOf } from './tsv.ts'
import type { GuaranteeType } from './account/types.ts'
import type { Act, ActField, Law, Refusal, Role, Route, StateMeaning, Timer } from './types.ts'

/** The roles that the office of departure has beside its own (docs/decisions/0020, 0021). */
export const departureParts = ['enquiry', 'recovery', 'export'] as const
export type DeparturePart = (typeof departureParts)[number]

/** The texts of this room's tables, by file. */
export interface ProcedureTexts {
  machines: Record<Role, string>
  /** More rows for the office of departure, as competent authority of enquiry and of recovery, and as office of exit of an export. */
  parts: Record<DeparturePart, string>
  trader: string
  routes: string
  acts: string
  choices: string
  states: string
  refusals: string
  timers: string
  guaranteeTypes: string
  guaranteeReasons: string
  missing: string
  exportCodes: string
  account: string
  accountActs: string
  services: string
  statistics: string
  fallback: FallbackTexts
}

/**
 * Compiles the procedures' tables.
 * @throws ProcedureFault naming the file, when a table cannot be read, names a guard or an effect that does not exist, or does not fit
 * another table
 */
export function compileLaw(texts: ProcedureTexts, customs: { messages: Messages; codeLists: CodeLists }): Law {
  const known = { guards: new Set(Object.keys(guards)), does: new Set(Object.keys(effects)) }
  const parts = departureParts.map((part) => ({ part, text: texts.parts[part] }))
  const machine = (role: Role) =>
    compileMachine(machineFiles[role], texts.machines[role], known, role === 'departure' ? parts : [])
  const choices = new Map<string, { code: string; text: string }[]>()
  for (const row of rowsOf(texts.choices, 'results.tsv')) {
    const list = row['list'] ?? ''
    choices.set(list, [...(choices.get(list) ?? []), { code: row['code'] ?? '', text: row['text'] ?? '' }])
  }
  const law: Law = {
    ...customs,
    machines: {
      departure: machine('departure'),
      transit: machine('transit'),
      exit: machine('exit'),
      destination: machine('destination'),
      guarantee: machine('guarantee'),
    },
    trader: compileTrader(texts.trader, (type) => customs.messages.get(type) !== undefined),
    account: compileAccount(texts.account),
    accountActs: actsFrom(texts.accountActs, 'guarantee/account-acts.tsv'),
    fallback: compileFallback(texts.fallback, actsFrom(texts.fallback.acts, 'fallback/acts.tsv')),
    routes: routesFrom(texts.routes),
    acts: actsFrom(texts.acts, 'acts.tsv'),
    choices,
    refusals: new Map(rowsOf(texts.refusals, 'refusals.tsv').map((row) => [row['id'] ?? '', refusalFrom(row)])),
    states: new Map(
      rowsOf(texts.states, 'states.tsv').map((row) => [`${row['role']} ${row['state']}`, meaningOf(row)]),
    ),
    timers: new Map(rowsOf(texts.timers, 'timers.tsv').map((row) => [`${row['role']} ${row['timer']}`, timerOf(row)])),
    guaranteeTypes: new Map(
      rowsOf(texts.guaranteeTypes, 'guarantee/types.tsv').map((row) => [row['type'] ?? '', guaranteeTypeOf(row)]),
    ),
    exportCodes: new Map(
      rowsOf(texts.exportCodes, 'transit/export.tsv').map((row) => [`${row['list']} ${row['for']}`, row['code'] ?? '']),
    ),
    missing: new Map(
      rowsOf(texts.missing, 'guarantee/missing.tsv').map((row) => [row['state'] ?? '', row['document'] ?? '']),
    ),
    services: compileServices(texts.services),
    statistics: compileStatistics(texts.statistics),
    guaranteeReasons: new Map(
      rowsOf(texts.guaranteeReasons, 'guarantee/reasons.tsv').map((row) => [row['code'] ?? '', row['remedy'] ?? '']),
    ),
  }
  checkLaw(law)
  checkAccount(law)
  checkServices(law)
  checkFallback(law)
  return law
}

function meaningOf(row: Record<string, string>): StateMeaning {
  return {
    tone: row['tone'] as StateMeaning['tone'],
    turn: row['turn'] as StateMeaning['turn'],
    common: row['common'] ?? '',
    ended: row['ended'] === 'yes',
  }
}

function timerOf(row: Record<string, string>): Timer {
  return {
    role: row['role'] as Role,
    timer: row['timer'] ?? '',
    after: row['after'] ?? '',
    from: row['from'] as Timer['from'],
    waitsForPartner: row['waits'] === 'partner',
    cites: row['cites'] ?? '',
  }
}

function guaranteeTypeOf(row: Record<string, string>): GuaranteeType {
  return {
    form: row['form'] ?? '',
    reference: row['reference'] === 'yes',
    grn: row['grn'] as GuaranteeType['grn'],
    uses: row['uses'] as GuaranteeType['uses'],
    percent: (row['percent'] ?? '').split(' ').map(Number),
    used: row['used'] === '' ? undefined : row['used'],
  }
}

function refusalFrom(row: Record<string, string>): Refusal {
  return { code: row['code'] ?? '', path: row['path'] ?? '', value: row['value'] ?? '', remedy: row['remedy'] ?? '' }
}

function routesFrom(text: string): Map<string, Route> {
  const routes = new Map<string, Route>()
  for (const [document, rows] of Map.groupBy(rowsOf(text, 'routes.tsv'), (row) => row['document'] ?? '')) {
    const [first = {}, ...others] = rows
    for (const name of ['sender', 'sender-office', 'key', 'negative'])
      if (others.some((row) => row[name] !== first[name]))
        throw new ProcedureFault('TABLE', `routes.tsv: ${document}: its rows do not say the same ${name}`)
    const targets = rows.map((row) => ({ role: row['role'] as Role, office: row['office'] ?? '' }))
    routes.set(document, { ...routeOf(first), targets })
  }
  return routes
}

function routeOf(row: Record<string, string>): Omit<Route, 'targets'> {
  return {
    document: row['document'] ?? '',
    sender: row['sender'] as Route['sender'],
    senderOffice: row['sender-office'] ?? '',
    key: row['key'] as Route['key'],
    negative: row['negative'] ?? '',
  }
}

function actsFrom(text: string, file: string): Act[] {
  const acts: Act[] = []
  for (const row of rowsOf(text, file)) {
    const role = row['role'] as Role
    const name = row['act'] ?? ''
    let act = acts.find((known) => known.role === role && known.act === name)
    if (act === undefined) {
      act = {
        role,
        act: name,
        undoable: row['undoable'] === 'yes',
        effect: row['effect'] ?? '',
        awaited: row['awaited'] !== 'no',
        fields: [],
      }
      acts.push(act)
    }
    if (row['field'] !== '-') act.fields.push(fieldOf(row))
  }
  return acts
}

function fieldOf(row: Record<string, string>): ActField {
  return {
    name: row['field'] ?? '',
    kind: row['kind'] as ActField['kind'],
    required: row['required'] === 'yes',
    list: row['list'] ?? '',
    default: row['default'] ?? '',
    format: row['format'] ?? '',
  }
}
