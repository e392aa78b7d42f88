/** Tables that do not fit together are found when they are loaded, not when a truck stands at the border. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { actsOf, compileLaw, type ProcedureTexts } from '../src/index.ts'
import { law, Stage } from './stage.ts'
import { offices, stageIn } from './states.ts'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

const texts: ProcedureTexts = {
  machines: {
    departure: read('transit/departure.machine.tsv'),
    transit: read('transit/transit.machine.tsv'),
    exit: read('transit/exit.machine.tsv'),
    destination: read('transit/destination.machine.tsv'),
    guarantee: read('guarantee/guarantee.machine.tsv'),
  },
  parts: {
    enquiry: read('transit/enquiry.machine.tsv'),
    recovery: read('transit/recovery.machine.tsv'),
    export: read('transit/export.machine.tsv'),
  },
  trader: read('transit/trader.machine.tsv'),
  routes: read('transit/routes.tsv'),
  acts: read('transit/acts.tsv'),
  choices: read('transit/results.tsv'),
  states: read('transit/states.tsv'),
  refusals: read('transit/refusals.tsv'),
  timers: read('transit/timers.tsv'),
  guaranteeTypes: read('guarantee/types.tsv'),
  guaranteeReasons: read('guarantee/reasons.tsv'),
  exportCodes: read('transit/export.tsv'),
  missing: read('guarantee/missing.tsv'),
  account: read('guarantee/account.machine.tsv'),
  accountActs: read('guarantee/account-acts.tsv'),
  services: read('services/services.tsv'),
  statistics: read('services/statistics.tsv'),
  fallback: {
    machine: read('fallback/fallback.machine.tsv'),
    paper: read('fallback/paper.machine.tsv'),
    acts: read('fallback/acts.tsv'),
    flags: read('fallback/flags.tsv'),
    refusals: read('fallback/refusals.tsv'),
  },
}
const { messages, codeLists } = law

const broken =
  (change: Partial<ProcedureTexts>): (() => unknown) =>
  () =>
    compileLaw({ ...texts, ...change }, { messages, codeLists })

const machine = (from: string, to: string): Partial<ProcedureTexts> => {
  assert.ok(texts.machines.transit.includes(from))
  return { machines: { ...texts.machines, transit: texts.machines.transit.replaceAll(from, to) } }
}

test('the tables of this room compile and fit together', () => {
  assert.equal(compileLaw(texts, { messages, codeLists }).acts.length, 44)
})

test('what does not fit names the table and what is missing', () => {
  const cases: [Partial<ProcedureTexts>, RegExp][] = [
    [{ guaranteeTypes: texts.guaranteeTypes.replace('\nR\t', '\nX\t') }, /guarantee\/types\.tsv: X is not in CL251/],
    [{ guaranteeTypes: texts.guaranteeTypes.replace('\nJ\t', '\n#') }, /there is no row for J of CL251/],
    [{ guaranteeTypes: texts.guaranteeTypes.replace('yes\t24', 'no\t24') }, /there is no row for 4 of CL076/],
    [{ guaranteeTypes: texts.guaranteeTypes.replace('G05', '') }, /4: what is used once has a reason for the second/],
    [
      { account: texts.account.replace('refuse:N0071', 'refuse:N9999') },
      /account\.machine\.tsv: refusals\.tsv has no N9999/,
    ],
    [{ account: texts.account.replaceAll('CC229C', 'CC228C') }, /account\.machine\.tsv: no row answers CC229C/],
    [{ services: texts.services.replace('CD971C\tcentral', 'CD971C\tnobody') }, /services.tsv: CD971C is from nobody/],
    [{ services: texts.services.replace('CD971C', 'CD979C') }, /services.tsv: CD979C has no message table/],
    [{ services: texts.services.replace('CD971C', 'CD006C') }, /services.tsv: CD006C is in routes.tsv/],
    [{ statistics: texts.statistics.replace('DEP1', 'DEP') }, /statistics.tsv: DEP has no code/],
    [{ accountActs: texts.accountActs.replaceAll('change-reference', 'change-it') }, /change-reference is not in/],
    [{ guaranteeReasons: texts.guaranteeReasons.replace('\nG13', '\nG14') }, /G14 is not in CL252/],
    [{ exportCodes: texts.exportCodes.replace('\tT2SM', '\tT9') }, /export\.tsv: there is no code of CL166 for T2SM/],
    [{ routes: texts.routes.replace('system\taes', 'system\tsea') }, /routes\.tsv: CC191C: there is no system sea/],
    [machine('refuse:90', 'refuse:N9999'), /transit\/transit\.machine\.tsv: refusals\.tsv has no N9999/],
    [machine('act:cross', 'act:fly'), /transit\/transit\.machine\.tsv: act:fly is not in acts\.tsv/],
    [machine('CD050C', 'CD999C'), /transit\/transit\.machine\.tsv: CD999C is not in routes\.tsv/],
    [machine('crossed', 'flown'), /states\.tsv: transit has no row flown/],
    [machine('always\tclosed', 'soon\tclosed'), /UNKNOWN_GUARD: transit\/transit\.machine\.tsv: soon/],
    [{ states: `${texts.states}transit\tlost\tbad\t-\tLOS\n` }, /states\.tsv: transit lost is no state of/],
    [{ states: texts.states.replace('\tEXP', '\tEX') }, /states\.tsv: transit expected has no common code/],
    [{ acts: `${texts.acts}transit\tfly\tno\tfly\t-\n` }, /acts\.tsv: no row of the machine transit answers fly/],
    [
      { acts: texts.acts.replace('departure-result', 'no-such-list') },
      /acts\.tsv: results\.tsv has no list no-such-list/,
    ],
    [
      machine('refuse:90', 'refuse-record:77'),
      /transit\/transit\.machine\.tsv: results\.tsv has no 77 in record-rejection/,
    ],
    [{ routes: texts.routes.replaceAll('CD906C', 'CD996C') }, /routes\.tsv: CD996C has no message table/],
    [{ routes: texts.routes.replace('\ttransit\t', '\tsea\t') }, /routes\.tsv: CD050C: there is no role sea/],
    [{ refusals: texts.refusals.replace('N0001\t14', 'N0001\tXX') }, /refusals\.tsv: N0001: XX/],
    [{ timers: texts.timers.replace('P7D', 'a week') }, /timers\.tsv: arrival-limit: a week is not a duration/],
    [
      { timers: texts.timers.replace('limit-date\t', 'midnight\t') },
      /timers\.tsv: arrival-limit: there is no start midnight/,
    ],
    [
      { timers: `${texts.timers}transit\trest\tP1D\tnow\t\n` },
      /timers\.tsv: no row of the machine transit starts rest/,
    ],
    [
      { timers: texts.timers.replace('arrival-limit', 'late') },
      /departure\.machine\.tsv: timer:arrival-limit is not in timers/,
    ],
    [{ routes: `${texts.routes}a\tb\tc\td\te\tf\tg\th\n` }, /routes\.tsv line \d+: 8 cells, 7 columns/],
  ]
  for (const [change, message] of cases) assert.throws(broken(change), { name: 'ProcedureFault', message })
})

test('the acts of a record are those of its state, the first being the next one', () => {
  const acts = (role: 'departure' | 'transit' | 'destination', state: string) => {
    const stage = stageIn(role, state)
    return actsOf(law, stage.record(role, offices[role]), stage.facts('AL')).map((act) => act.act)
  }
  assert.deepEqual(acts('departure', 'accepted'), ['release', 'control', 'refuse', 'ask-for-amendment', 'invalidate'])
  assert.deepEqual(acts('departure', 'under-control'), ['release', 'refuse', 'ask-for-amendment', 'invalidate'])
  assert.deepEqual(acts('departure', 'guarantee-not-valid'), ['refuse', 'invalidate'])
  assert.deepEqual(acts('departure', 'pre-lodged'), ['invalidate'])
  assert.deepEqual(acts('departure', 'submitted'), ['refuse', 'invalidate'])
  const incidents = ['register-incident', 'register-seals', 'register-transhipment']
  assert.deepEqual(acts('transit', 'expected'), ['cross', ...incidents, 'record-control', 'query'])
  assert.deepEqual(acts('destination', 'expected'), [...incidents, 'query'])
  assert.deepEqual(acts('destination', 'arrived'), ['permit-unloading', 'query'])
  assert.deepEqual(acts('destination', 'unloaded'), ['record-results', 'query'])
  assert.deepEqual(acts('destination', 'goods-released'), ['query'])
})

/** States of departure that no act and no timer of its own leads out of, with the reason why that is right. */
const endless: Record<string, string> = {}

test('from each state of departure some chain of acts and timers alone reaches an end: nobody waits for a document for ever', () => {
  const machine = law.machines.departure
  const isEnd = (state: string) => law.states.get(`departure ${state}`)?.turn === '-'
  const after = (state: string): string[] =>
    machine.events
      .filter((event) => /^(act|timer):/.test(event))
      .flatMap((event) => machine.find(state, event).map(({ to }) => to))
      .filter((to) => to !== '=')
  const reaches = (state: string): boolean => {
    const seen = new Set([state])
    for (const each of seen) for (const next of after(each)) seen.add(next)
    return [...seen].some(isEnd)
  }
  assert.ok(machine.states.some((state) => !isEnd(state)))
  assert.deepEqual(
    machine.states.filter((state) => !reaches(state)),
    Object.keys(endless),
  )
})

test('an act that is not of the role is a conflict, whatever the state', () => {
  const stage = new Stage()
  assert.deepEqual(stage.act('guarantee', 'AL000901', 'release'), { outcome: 'conflict', state: '-' })
})
