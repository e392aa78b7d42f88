/** A corridor file says what is wrong with it, and where. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { loadLaw } from '@corridor/tables'
import { checkCorridor, readCorridor } from '../src/config/corridor.ts'
import { checkGuarantees, rulesOf } from '../src/config/agreed.ts'

const file = new URL('../../../corridors/albania-kosovo/corridor.yaml', import.meta.url)
type Content = { nodes: Record<string, Record<string, unknown>> }
const content = (): Content => parse(readFileSync(file, 'utf8')) as Content

test('durations of an administration are read by role and timer', () => {
  const given = content()
  given.nodes['al']!['timers'] = { departure: { 'arrival-limit': 'P10D', 'control-results': 'PT36H' } }
  const [al, xk] = checkCorridor(given, file).nodes
  assert.deepEqual(al?.timers, { 'departure arrival-limit': 'P10D', 'departure control-results': 'PT36H' })
  assert.deepEqual(xk?.timers, {})
})

test('a duration that is none is refused with its place', () => {
  for (const [timers, message] of [
    [{ departure: { 'arrival-limit': 'ten days' } }, /nodes › al › timers › departure › arrival-limit: “ten days”/],
    [{ departure: 'P10D' }, /nodes › al › timers › departure: here must stand a group/],
    [['P10D'], /nodes › al › timers: here must stand a group/],
  ] as const) {
    const given = content()
    given.nodes['al']!['timers'] = timers
    assert.throws(() => checkCorridor(given, file), { code: 'CORRIDOR_FILE', message })
  }
})

test('how far guarantees reach, what they are good for, rates and suspended goods are read', () => {
  const given = content() as Content & { guarantees?: string; offices: { reference: string }[] }
  assert.equal(checkCorridor(given, file).guarantees, 'national')
  given.guarantees = 'mutual'
  assert.equal(checkCorridor(given, file).guarantees, 'mutual')
  given.guarantees = 'regional'
  const xk = given.nodes['xk']!
  xk['accounts'] = (xk['accounts'] as { id: string }[]).filter(({ id }) => id !== 'prishtina-guarantee')
  given.offices = given.offices.filter(({ reference }) => reference !== 'XK000901')
  assert.deepEqual(checkCorridor(given, file).guarantees, { regional: 'AL000901' })
  const al = given.nodes['al']!
  const [guarantee] = al['guarantees'] as Record<string, unknown>[]
  guarantee!['terms'] = { guarantor: 'ALK98765432B', percentage: 50, suspendedGoods: 'no', commodities: ['0808'] }
  al['rates'] = [{ currency: 'CHF', perEuro: '0.95', validFrom: '2026-11-01', validTo: '2026-11-30' }]
  al['suspendedGoods'] = [{ commodity: '2402', validFrom: '2026-01-01' }]
  const [read] = checkCorridor(given, file).nodes
  assert.deepEqual(read?.guarantees[0]?.terms, {
    guarantor: 'ALK98765432B',
    percentage: 50,
    restrictedUseForSuspendedGoods: true,
    commodities: ['0808'],
  })
  assert.deepEqual(read?.rates, [{ currency: 'CHF', perEuro: '0.95', validFrom: '2026-11-01', validTo: '2026-11-30' }])
  assert.deepEqual(read?.suspendedGoods, [{ commodity: '2402', validFrom: '2026-01-01', validTo: null }])
})

test('what is wrong about guarantees is refused with its place', () => {
  const cases: [(given: Content & Record<string, unknown>) => void, RegExp][] = [
    [(given) => (given['guarantees'] = 'everywhere'), /guarantees: “everywhere” is none of national, mutual, regional/],
    [(given) => (given['guarantees'] = 'regional'), /a regional guarantee needs one office of guarantee; there are 2/],
    [
      (given) => (given.nodes['al']!['rates'] = [{ currency: 'CHF', perEuro: '0', validFrom: '2026-01-01' }]),
      /rates 1 › perEuro: “0” has not the right form/,
    ],
    [
      (given) => (given.nodes['al']!['rates'] = [{ currency: 'CHF', perEuro: '1', validFrom: '2026-02-30' }]),
      /rates 1 › validFrom: “2026-02-30” has not the right form/,
    ],
    [
      (given) => ((given.nodes['al']!['guarantees'] as { grn: string }[])[0]!.grn = '26AL0009010000018'),
      /guarantees 1 › grn: “26AL0009010000018” has not the right form/,
    ],
  ]
  for (const [change, message] of cases) {
    const given = content() as Content & Record<string, unknown>
    change(given)
    assert.throws(() => checkCorridor(given, file), { code: 'CORRIDOR_FILE', message })
  }
})

test('a percentage that the type of guarantee does not have stops the start', () => {
  const { law } = loadLaw()
  const given = content()
  const [guarantee] = given.nodes['al']!['guarantees'] as Record<string, unknown>[]
  for (const [type, percentage, good] of [
    ['1', 50, true],
    ['1', 40, false],
    ['0', 0, true],
    ['0', 100, false],
  ] as const) {
    Object.assign(guarantee!, { type, terms: { percentage } })
    const [al] = checkCorridor(given, file).nodes
    const start = (): void => checkGuarantees(al ?? assert.fail(), law)
    if (good) start()
    else assert.throws(start, { code: 'CORRIDOR_FILE', message: /percentage \d+ is none that type \d may have/ })
  }
})

test('rules that do not bind the administrations are named with the reason, and must be published ones', () => {
  const { rules } = loadLaw()
  const given = content() as Content & Record<string, unknown>
  const isOff = (): boolean => !rulesOf(checkCorridor(given, file), rules).entries.some(({ id }) => id === 'R0901')
  assert.ok(isOff())
  delete given['withoutRules']
  assert.ok(!isOff())
  given['withoutRules'] = [{ rule: 'R0901' }]
  assert.throws(isOff, { code: 'CORRIDOR_FILE', message: /withoutRules 1 › because: is missing/ })
  given['withoutRules'] = [{ rule: 'R9999', because: 'Nobody published it' }]
  assert.throws(isOff, { code: 'CORRIDOR_FILE', message: /withoutRules: .*there is no rule R9999/ })
})

test('a corridor file that is like another says only what is other in it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-like-'))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  try {
    write('corridor.yaml', readFileSync(file, 'utf8'))
    const other = write('other.yaml', 'like: corridor.yaml\nguarantees: mutual\nnodes: { al: { name: Shqipëria } }\n')
    const [whole, read] = [readCorridor(join(folder, 'corridor.yaml')), readCorridor(other)]
    assert.deepEqual([read.guarantees, read.nodes[0]?.name], ['mutual', 'Shqipëria'])
    assert.deepEqual(read.nodes[0]?.accounts, whole.nodes[0]?.accounts)
    assert.deepEqual(read.nodes[1], whole.nodes[1])
    const without = write('without.yaml', 'like: corridor.yaml\nnodes: { al: { webhooks: null } }\n')
    assert.deepEqual(
      [whole.nodes[0]?.webhooks.loopback, readCorridor(without).nodes[0]?.webhooks.loopback],
      [true, false],
    )
    for (const [text, message] of [
      ['like: ../corridor.yaml\n', /wrong\.yaml › like: must be the name of a corridor file beside it/],
      ['like: other.yaml\n', /like: other\.yaml is like another file itself/],
      ['like: corridor.yaml\nguarantees: [\n', /wrong\.yaml: /],
    ] as const)
      assert.throws(() => readCorridor(write('wrong.yaml', text)), { code: 'CORRIDOR_FILE', message })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a national system hands over declarations in a form, transit documents, or both; and says which', () => {
  const system = (nationalSystem: unknown) => {
    const given = content()
    given.nodes['al']!['nationalSystem'] = nationalSystem
    return checkCorridor(given, file).nodes.find(({ id }) => id === 'al')!.nationalSystem
  }
  const form = { form: 'asycuda-world-like', currency: 'ALL' }
  assert.deepEqual(system({ kind: 'rest', ...form }), {
    kind: 'rest',
    declarations: form,
    transit: false,
    whole: 'rename',
  })
  assert.deepEqual(system({ kind: 'rest', transit: 'yes' })?.declarations, null)
  assert.deepEqual(system({ kind: 'rest', transit: 'yes', ...form })?.declarations, form)
  for (const [wrong, told] of [
    [{ kind: 'fax', transit: 'yes' }, /nationalSystem › kind: “fax” has not the right form/],
    [{ kind: 'rest' }, /nationalSystem › form: is missing/],
    [{ kind: 'rest', transit: 'no' }, /nationalSystem › form: is missing/],
    [{ kind: 'rest', transit: 'perhaps' }, /nationalSystem › transit: “perhaps”/],
    [{ kind: 'rest', transit: 'yes', form: 'plain-json' }, /nationalSystem › currency: is missing/],
  ] as const)
    assert.throws(() => system(wrong), told)
})
