/** Holds a JSON value against a message table and collects what does not fit, in the words of the XML readers where it is the same. */
import type { Doc, Place } from '../document.ts'
import type { TableNode } from '../messages/fields.ts'
import {
  Findings,
  missing,
  missingAttribute,
  missingChoice,
  notBoth,
  tooFew,
  tooMany,
  wrongPhase,
} from '../messages/findings.ts'
import type { MessageTable } from '../messages/messages.ts'
import { beginsOf, keysOf, mayBeEmpty } from './keys.ts'
import type { JsonMember, JsonNode } from './parse.ts'
import { noContent, twice, unknownName, valueProblem, wrongShape } from './problems.ts'

type JsonObject = JsonNode & { kind: 'object' }

/** One object while it is read. */
interface Open {
  /** what it has, by name, and has the table */
  readonly given: ReadonlyMap<string, JsonMember>
  readonly doc: Doc
  readonly at: Place
  /** offset of the object */
  readonly offset: number
}

export class FormReader {
  readonly #findings: Findings<number>

  /** `locate` gives line and column of an offset in the text. */
  constructor(locate: (offset: number) => { line: number; column: number }) {
    this.#findings = new Findings(locate)
  }

  get findings(): Findings<number>['list'] {
    return this.#findings.list
  }

  message({ type, phases, root }: MessageTable, { value }: JsonMember): Doc | undefined {
    const at: Place = { parent: undefined, name: type, index: 0 }
    if (value.kind !== 'object') return this.#wrongShape(type, 'an object', value, at)
    const phase = phases.length > 0 ? value.members.find(({ name }) => name === 'PhaseID') : undefined
    const document = this.#object(root, value, at, phase)
    if (phase === undefined) return document
    const { value: given } = phase
    if (given.kind === 'string' && phases.includes(given.value)) document['PhaseID'] = given.value
    else {
      const text = given.kind === 'string' ? given.value : ''
      this.#findings.add(wrongPhase(text, phases), { parent: at, name: '@PhaseID', index: 0 }, given.at)
    }
    return document
  }

  /** What an element or a model group with a name has; `apart` is a member that is looked at elsewhere. */
  #object(node: TableNode, object: JsonObject, at: Place, apart?: JsonMember): Doc {
    const rows = node.kind === 'choice' ? [{ ...node, name: '', required: true }] : (node.children ?? [])
    const known = new Set([...rows.flatMap(keysOf), ...(node.attributes ?? []).map(({ name }) => name)])
    if (node.format) known.add('#text')
    const given = new Map<string, JsonMember>()
    for (const member of object.members) {
      if (member === apart) continue
      const place = { parent: at, name: member.name, index: 0 }
      if (!known.has(member.name)) this.#findings.add(unknownName(member.name), place, member.at)
      else if (given.has(member.name)) this.#findings.add(twice(member.name), place, member.at)
      else given.set(member.name, member)
    }
    const open: Open = { given, doc: {}, at, offset: object.at }
    for (const attribute of node.attributes ?? []) this.#attribute(attribute, open)
    if (node.format) this.#text(node, open)
    this.#rows(rows, open)
    if (node.kind !== undefined && given.size === 0 && mayBeEmpty(node))
      this.#findings.add(noContent(node.name), at, object.at)
    return open.doc
  }

  #attribute(node: TableNode, { given, doc, at, offset }: Open): void {
    const place = { parent: at, name: node.name, index: 0 }
    const member = given.get(node.name)
    const value = member && this.#value(node, member.value, place)
    if (value !== undefined) doc[node.name] = value
    else if (!member && node.required) this.#findings.add(missingAttribute(node), place, offset)
  }

  #text(node: TableNode, { given, doc, at, offset }: Open): void {
    const member = given.get('#text')
    const value = member && this.#value(node, member.value, at)
    if (value !== undefined) doc['#text'] = value
    else if (!member) this.#findings.add(missing({ name: '#text', format: node.format }), at, offset)
  }

  #rows(rows: readonly TableNode[], open: Open): void {
    for (const row of rows) {
      if (row.name !== '' || row.kind === undefined) this.#row(row, open)
      else if (row.kind === 'choice') this.#choice(row, open)
      // A sequence that may be left out asks for nothing as long as nothing of it is there.
      else if (row.required || keysOf(row).some((key) => open.given.has(key))) this.#rows(row.children!, open)
    }
  }

  #choice(row: TableNode, open: Open): void {
    const firstOf = (alternative: TableNode) => keysOf(alternative).find((key) => open.given.has(key))
    const [chosen, ...others] = row.children!.filter((alternative) => firstOf(alternative) !== undefined)
    if (chosen) {
      this.#rows([chosen], open)
      for (const other of others) {
        const name = firstOf(other)!
        const place = { parent: open.at, name, index: 0 }
        this.#findings.add(notBoth(name, firstOf(chosen)!), place, open.given.get(name)!.at)
      }
    } else if (row.required && !mayBeEmpty(row)) this.#findings.add(missingChoice(beginsOf(row)), open.at, open.offset)
  }

  #row(row: TableNode, { given, doc, at, offset }: Open): void {
    const member = given.get(row.name)
    if (member !== undefined) {
      const value = this.#occurrences(row, member.value, at)
      if (value !== undefined) doc[row.name] = value
    } else if (row.required && !(row.kind !== undefined && mayBeEmpty(row)))
      this.#findings.add(missing(row), { parent: at, name: row.name, index: row.repeats ? 1 : 0 }, offset)
  }

  #occurrences(row: TableNode, node: JsonNode, parent: Place): Doc[string] {
    const place = { parent, name: row.name, index: 0 }
    if (!row.repeats) return this.#one(row, node, place)
    if (node.kind !== 'array' || node.items.length === 0)
      return this.#wrongShape(row.name, 'an array with at least one entry', node, place)
    const { length } = node.items
    if (length > row.max) this.#findings.add(tooMany(row), { ...place, index: row.max + 1 }, node.items[row.max]!.at)
    if (length < row.min) this.#findings.add(tooFew(row), { ...place, index: length }, node.at)
    const values = node.items.map((item, at) => this.#one(row, item, { ...place, index: at + 1 }))
    return values.filter((value) => value !== undefined)
  }

  #one(row: TableNode, node: JsonNode, place: Place): string | Doc | undefined {
    if (row.children === undefined && row.attributes === undefined) return this.#value(row, node, place)
    if (node.kind === 'object') return this.#object(row, node, place)
    return this.#wrongShape(row.name, 'an object', node, place)
  }

  #value(row: TableNode, node: JsonNode, place: Place): string | undefined {
    if (node.kind !== 'string') return this.#wrongShape(row.name, 'a string', node, place)
    const problem = valueProblem(row, node.value)
    if (problem) this.#findings.add(problem, place, node.at)
    return node.value
  }

  #wrongShape(name: string, wanted: string, node: JsonNode, place: Place): undefined {
    this.#findings.add(wrongShape(name, wanted, node), place, node.at)
  }
}
