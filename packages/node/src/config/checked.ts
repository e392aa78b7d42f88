import { NodeFault } from '../faults.ts'

/** A place in a file whose members are asked for one by one; what is not as asked is a fault that names the place. */
export class Checked {
  readonly #value: Record<string, unknown>
  readonly #place: string

  constructor(value: unknown, place: string) {
    this.#place = place
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new NodeFault('CORRIDOR_FILE', `${place}: here must stand a group of names and values`)
    }
    this.#value = value as Record<string, unknown>
  }

  /** Whether something stands under a name. */
  has(name: string): boolean {
    return this.#value[name] !== undefined && this.#value[name] !== null
  }

  /** What stands under a name, as it is; checked by whoever uses it. */
  any(name: string): unknown {
    return this.#value[name]
  }

  /** A group of texts by name; empty when it is not there. */
  values(name: string): Record<string, string> {
    const group = this.optionalGroup(name)
    if (group === null) return {}
    return Object.fromEntries(Object.keys(group.#value).map((each) => [each, group.text(each)]))
  }

  /** @throws NodeFault always */
  refuse(name: string, what: string): never {
    throw new NodeFault('CORRIDOR_FILE', `${this.#place}${name === '' ? '' : ` › ${name}`}: ${what}`)
  }

  text(name: string, form?: RegExp | ((text: string) => boolean)): string {
    const value = this.optionalText(name)
    if (value === null) return this.refuse(name, 'is missing')
    if (form !== undefined && !(form instanceof RegExp ? form.test(value) : form(value)))
      return this.refuse(name, `“${value}” has not the right form`)
    return value
  }

  optionalText(name: string): string | null {
    const value = this.#value[name]
    if (value === undefined || value === null) return null
    if (value instanceof Date) return value.toISOString().slice(0, 10)
    if (typeof value !== 'string' && typeof value !== 'number') return this.refuse(name, 'must be a text')
    return String(value)
  }

  number(name: string, least: number, most: number): number {
    const value = this.#value[name]
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      return this.refuse(name, `must be a whole number from ${least} to ${most}`)
    }
    return value
  }

  group(name: string): Checked {
    return this.optionalGroup(name) ?? this.refuse(name, 'is missing')
  }

  optionalGroup(name: string): Checked | null {
    const value = this.#value[name]
    return value === undefined || value === null ? null : new Checked(value, `${this.#place} › ${name}`)
  }

  entries(name: string): [string, Checked][] {
    return this.group(name).members()
  }

  /** The members of this place, each a place itself. */
  members(): [string, Checked][] {
    return this.names().map((name) => [name, this.group(name)])
  }

  names(): string[] {
    return Object.keys(this.#value)
  }

  list(name: string): Checked[] {
    return this.#value[name] === undefined ? this.refuse(name, 'is missing') : this.optionalList(name)
  }

  optionalList(name: string): Checked[] {
    const value = this.#value[name] ?? []
    if (!Array.isArray(value)) return this.refuse(name, 'must be a list')
    return value.map((member, index) => new Checked(member, `${this.#place} › ${name} ${index + 1}`))
  }

  texts(name: string, form: RegExp): string[] {
    const value = this.optionalTexts(name)
    if (value.length === 0) return this.refuse(name, 'needs at least one entry')
    for (const text of value) if (!form.test(text)) this.refuse(name, `“${text}” has not the right form`)
    return value
  }

  optionalTexts(name: string): string[] {
    const value = this.#value[name] ?? []
    if (!Array.isArray(value) || value.some((member) => typeof member !== 'string'))
      return this.refuse(name, 'must be a list of texts')
    return value as string[]
  }
}
