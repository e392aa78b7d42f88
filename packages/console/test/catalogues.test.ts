import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Catalogue, piecesOf } from '../src/lib/catalogue.ts'
import { allStatuses, isFinal, statusesOf } from '../src/movement/statuses.ts'

const source = new URL('../src/', import.meta.url)
const folder = new URL('locales/', source)

function read(locale: string): Catalogue {
  return JSON.parse(readFileSync(new URL(`${locale}.json`, folder), 'utf8')) as Catalogue
}

const locales = readdirSync(folder).map((name) => name.replace('.json', ''))
const english = read('en')
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(new URL(name, source), 'utf8'))
  .join('\n')

// Families of codes that come from the node: looked up by code, so the source does not name each key.
const families = [...code.matchAll(/\b(?:word|hasWord)\(\s*'([a-zA-Z]+)'/g)].map((found) => `${found[1]}.`)
families.push(...[...code.matchAll(/[`'"]([a-zA-Z.]+\.)\$\{/g)].map((found) => found[1] as string))
families.push('event.', 'choice.')

/** Every quoted text in the source that could be a key; whether it is one, the catalogue tells. */
const quoted = new Set([...code.matchAll(/['"`]([a-zA-Z][a-zA-Z0-9.-]*)['"`]/g)].map((found) => found[1] as string))

function keysAsked(): string[] {
  const direct = [...code.matchAll(/\bt\(\s*'([^']+)'/g), ...code.matchAll(/\bkey="([^"]+)"/g)]
  const chosen = [...code.matchAll(/\bt\(([^()']*\?\s*'[^)]*)\)/g)].flatMap((found) =>
    [...(found[1] as string).matchAll(/[?:]\s*'([^']+)'/g)].map((one) => [one[0], one[1]] as const),
  )
  return [...direct, ...chosen].map((found) => found[1] as string)
}

test('every key that the source asks for is in English', () => {
  const asked = keysAsked()
  assert.ok(asked.length > 120, `only ${asked.length} keys found: the search in the source is broken`)
  const missing = asked.filter((key) => !Object.hasOwn(english, key))
  assert.deepEqual(missing, [])
})

test('every English key is asked for by name or belongs to a family of codes', () => {
  const idle = Object.keys(english).filter(
    (key) => !quoted.has(key) && !families.some((family) => key.startsWith(family)),
  )
  assert.deepEqual(idle, [])
})

const storyDocuments =
  'CC007C CC015C CC025C CC028C CC029C CC043C CC044C CC045C CC051C CC055C CC056C CC057C CC060C CC917C CC928C CD001C ' +
  'CD006C CD018C CD024C CD050C CD118C CD200C CD201C CD203C CD205C CD209C CD906C CD917C'
const acts = ['control', 'release', 'refuse', 'cross', 'permit-unloading', 'record-results']

test('every code that the node is known to send has words', () => {
  const wanted = [
    ...allStatuses.map((status) => `status.${status}`),
    ...acts.flatMap((act) => [`act.${act}`, `effect.${act}`]),
    ...storyDocuments.split(' ').map((type) => `message.${type}`),
    ...['queued', 'sent', 'receipted', 'received', 'waiting', 'done', 'parked'].map((state) => `messageState.${state}`),
    ...['none', 'checked', 'held', 'released'].map((state) => `guaranteeState.${state}`),
  ]
  assert.deepEqual(
    wanted.filter((key) => !Object.hasOwn(english, key)),
    [],
  )
})

const procedures = new URL('../../procedures/', import.meta.url)

/** Column of a table of the law, by its head; comment lines left out. */
function column(path: string, name: string): string[] {
  const lines = readFileSync(new URL(path, procedures), 'utf8').split('\n')
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'))
  const at = rows[0]?.indexOf(name) ?? -1
  assert.ok(at >= 0, `${path} has no column ${name}`)
  return rows.slice(1).map((row) => row[at] ?? '')
}

test('every state, event, act and field of the law has words', () => {
  const machines = [
    'transit/departure',
    'transit/enquiry',
    'transit/recovery',
    'transit/transit',
    'transit/destination',
    'guarantee/guarantee',
  ]
  const tables = machines.map((name) => `${name}.machine.tsv`)
  const states = tables.flatMap((path) => [...column(path, 'from'), ...column(path, 'to')]).flatMap((x) => x.split('|'))
  const wanted = new Set([
    ...states.filter((state) => !['-', '=', '*', ''].includes(state)).map((state) => `status.${state}`),
    ...tables
      .flatMap((path) => column(path, 'event'))
      .filter(Boolean)
      .map((event) => `event.${event}`),
    ...column('transit/acts.tsv', 'act').map((act) => `act.${act}`),
    ...column('transit/acts.tsv', 'effect').map((effect) => `effect.${effect}`),
    ...column('transit/acts.tsv', 'field')
      .filter((field) => field !== '-')
      .map((field) => `field.${field}`),
  ])
  assert.deepEqual(
    [...wanted].filter((key) => !Object.hasOwn(english, key)),
    [],
  )
})

test('every state, act, field, flag and event of working on paper has words', () => {
  const rows = (name: string, at: string) => column(`fallback/${name}.tsv`, at)
  const statesOf = (name: string) =>
    [...rows(name, 'from'), ...rows(name, 'to')]
      .flatMap((state) => state.split('|'))
      .filter((state) => /[a-z]/.test(state))
  const wanted = new Set([
    ...statesOf('fallback.machine').map((state) => `fallbackState.${state}`),
    ...statesOf('paper.machine').map((state) => `paperState.${state}`),
    ...rows('fallback.machine', 'event')
      .filter(Boolean)
      .map((event) => `event.fallback-${event}`),
    ...rows('acts', 'act').map((act) => `act.${act}`),
    ...rows('acts', 'effect').map((effect) => `effect.${effect}`),
    ...rows('acts', 'field')
      .filter((field) => field !== '-')
      .map((field) => `field.${field}`),
    ...rows('flags', 'flag').map((flag) => `flag.${flag}`),
    ...rows('flags', 'turn').map((turn) => `flagTurn.${turn}`),
  ])
  assert.deepEqual(
    [...wanted].filter((key) => !Object.hasOwn(english, key)),
    [],
  )
})

test('the list can be filtered by every state of the law, and knows which are the last', () => {
  const [roles, states, turns] = ['role', 'state', 'turn'].map((name) => column('transit/states.tsv', name))
  for (const [n, state] of (states ?? []).entries()) {
    const role = (roles as string[])[n] as 'departure' | 'transit' | 'exit' | 'destination' | 'guarantee'
    assert.ok(statusesOf(role).includes(state), `${role} ${state}`)
    assert.equal(isFinal(state), (turns as string[])[n] === '-', `${role} ${state}`)
  }
  assert.deepEqual(
    column('transit/states.tsv', 'turn').filter((turn) => turn !== '-' && !Object.hasOwn(english, `waiting.${turn}`)),
    [],
  )
})

function formsOf(text: Catalogue[string]): string[] {
  return typeof text === 'string' ? [text] : Object.values(text)
}

function placesOf(text: string): string[] {
  return [...new Set(piecesOf(text).flatMap((piece) => ('place' in piece ? [piece.place] : [])))].sort()
}

for (const locale of locales.filter((name) => name !== 'en')) {
  const catalogue = read(locale)

  test(`${locale}: no key that English does not have, and the same places in every text`, () => {
    assert.deepEqual(
      Object.keys(catalogue).filter((key) => !Object.hasOwn(english, key)),
      [],
    )
    for (const [key, text] of Object.entries(catalogue)) {
      const places = placesOf(formsOf(english[key] as string)[0] as string)
      for (const form of formsOf(text)) assert.deepEqual(placesOf(form), places, `${locale} ${key}`)
    }
  })

  test(`${locale}: every plural of the language has its form`, () => {
    const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted()
    for (const [key, text] of Object.entries(catalogue)) {
      if (typeof english[key] === 'string') assert.equal(typeof text, 'string', `${locale} ${key}`)
      else assert.deepEqual(Object.keys(text as object).toSorted(), categories, `${locale} ${key}`)
    }
  })
}

for (const locale of locales.filter((name) => name !== 'en')) {
  test(`${locale} is complete`, () => {
    const catalogue = read(locale)
    assert.deepEqual(
      Object.keys(english).filter((key) => !Object.hasOwn(catalogue, key)),
      [],
    )
  })
}
