/** The facts of a case in rules/*cases.tsv, written in a line. */
import assert from 'node:assert/strict'
import {
  overlayCodeLists,
  type Authorisation,
  type CodeLists,
  type Doc,
  type Facts,
  type Messages,
} from '../src/index.ts'
import { documentOf } from './documents.ts'

/** What a case knows beyond its document. */
export interface Given {
  readonly facts: Facts
  lists(published: CodeLists): CodeLists
}

/**
 * Facts in a line, joined by `;`: `CC015C: TransitOperation/security=1` (an earlier message), `none` (there is no earlier message),
 * `operators GB1 GB2`, `tariff 01012100`, `messages M1`, `authorisation A1 C524 GB1 seals`, `list CL610 CC028C`.
 */
export function factsOf(text: string, messages: Messages): Given {
  const earlier = new Map<string, Doc>()
  const authorisations = new Map<string, Authorisation>()
  const lists: Record<string, string> = {}
  let facts: Facts = {}
  for (const clause of text.split(/\s*;\s*/).filter(Boolean)) {
    const [word = '', ...rest] = clause.split(' ')
    const isOne = (value: string): boolean => rest.includes(value)
    if (word === 'operators') facts = { ...facts, isOperator: isOne }
    else if (word === 'tariff') facts = { ...facts, isTariffCode: isOne }
    else if (word === 'messages') facts = { ...facts, isMessage: isOne }
    else if (word === 'authorisation') {
      const [number = '', type = '', holder = '', seals] = rest
      if (number !== '') authorisations.set(number, { type, holder, usesSeals: seals === 'seals' })
      facts = { ...facts, authorisation: (each) => authorisations.get(each) ?? null }
    } else if (word === 'list') {
      const [list = '', ...codes] = rest
      lists[list] =
        `#name\ta case\n#source\ta case\n#version\t1\n#status\tillustrative\nlists\tcode\tvalidFrom\tvalidTo\ttext_en\n${codes.map((code) => `${list}\t${code}\n`).join('')}`
    } else {
      assert.ok(word === 'none' || word.endsWith(':'), `not a fact: ${clause}`)
      const type = word.slice(0, -1)
      if (word !== 'none')
        earlier.set(type, rest.length === 0 ? {} : documentOf(rest.join(' '), messages.get(type)!.root))
      facts = { ...facts, previous: (each) => earlier.get(each) }
    }
  }
  return {
    facts,
    lists: (published) => (Object.keys(lists).length > 0 ? overlayCodeLists(published, lists) : published),
  }
}

/** A rule has at least one case that it passes and one that it fails. */
export function assertBothCases(id: string, own: readonly { cell(column: string): string }[]): void {
  const outcomes = own.map((row) => row.cell('expect'))
  assert.ok(outcomes.includes(''), `${id} has no passing case`)
  assert.ok(
    outcomes.some((expected) => expected !== ''),
    `${id} has no failing case`,
  )
}
