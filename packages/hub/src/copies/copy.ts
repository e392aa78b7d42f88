import { type Doc, groups, isDateTime, isMrn, texts } from '@corridor/customs'
import { type CopyTable, groupOf } from './table.ts'

/** Document type of a copy on the wire. */
export const regionalCopyType = 'RegionalCopy'
/** What the hub answers when it does not take one. */
export const regionalCopyRefusedType = 'RegionalCopyRefused'

const version = 1
const longest = 65_536
/** Values of one name. */
const mostValues = 999
const longestValue = 512

/** What a name says: values in the order of the document, or groups of values. */
export type Said = string[] | Record<string, string>[]

/** What a member tells the hub of a message that it sent, or of an event at one of its offices. */
export interface RegionalCopy {
  /** Of the message, or `role.event`. */
  messageType: string
  /** Of the message; an event has one of its own. */
  messageId: string
  /** Party that sent the message or whose office it is. */
  sender: string
  /** Party, office or other receiver; null of an event. */
  recipient: string | null
  mrn: string
  /** When the message was made, ISO 8601 in UTC. */
  time: string
  elements: Record<string, Said>
}

/** A copy of a document with what the table lets through and nothing else. */
export function copyOf(table: CopyTable, about: Omit<RegionalCopy, 'elements'>, doc: Doc): RegionalCopy {
  const elements: Record<string, Said> = {}
  const plain = table.elementsOf(about.messageType).filter(({ name }) => groupOf(name) === '')
  for (const { name, path } of plain) {
    const found = path.includes('.') ? texts(doc, path) : [doc[path]].filter((value) => typeof value === 'string')
    const values = [...new Set(found)]
    if (values.length > 0) elements[name] = values
  }
  for (const [group, members] of groupsOf(table, about.messageType)) {
    const said = groups(doc, groupOf(members[0]?.path ?? '')).flatMap((one) => {
      const known = members.flatMap(({ name, path }) => {
        const value = one[path.slice(path.lastIndexOf('.') + 1)]
        return typeof value === 'string' ? [[name.slice(group.length + 1), value] as const] : []
      })
      return known.length === 0 ? [] : [Object.fromEntries(known)]
    })
    if (said.length > 0) elements[group] = said
  }
  return { ...about, elements }
}

/** As it goes to the hub. */
export function writeCopy({
  messageType,
  messageId,
  sender,
  recipient,
  mrn,
  time,
  elements,
}: RegionalCopy): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({ version, messageType, messageId, sender, recipient, mrn, time, elements }),
  )
}

/** Reads what a member says it has copied. It may have the elements that the table lets through, and no other: those are refused, and named. */
export function readCopy(table: CopyTable, bytes: Uint8Array): RegionalCopy | { refused: string } {
  if (bytes.length > longest) return { refused: `it has ${bytes.length} bytes; ${longest} at most` }
  const json = membersOf(bytes)
  if (json === undefined) return { refused: 'it is no JSON object' }
  const { messageType, messageId, sender, recipient, mrn, time, elements, ...more } = json
  if (json['version'] !== version) return { refused: `it is not of version ${version}` }
  const other = Object.keys(more).find((name) => name !== 'version')
  if (other !== undefined) return { refused: `“${shown(other)}” is no member of a copy` }
  if (typeof messageType !== 'string' || !table.covers(messageType))
    return { refused: `nothing is copied of “${shown(messageType)}”` }
  if (typeof messageId !== 'string' || !/^[!-~]{1,255}$/.test(messageId)) return { refused: 'messageId is no id' }
  if (typeof sender !== 'string' || !/^[A-Za-z0-9._-]{1,35}$/.test(sender)) return { refused: 'sender is no party id' }
  if (recipient !== null && (typeof recipient !== 'string' || !/^[A-Za-z0-9._:-]{1,35}$/.test(recipient)))
    return { refused: 'recipient is no receiver' }
  if (typeof mrn !== 'string' || !isMrn(mrn)) return { refused: `“${shown(mrn)}” is no MRN` }
  if (typeof time !== 'string' || !isMoment(time)) return { refused: `“${shown(time)}” is no time` }
  const wrong = wrongElement(table, messageType, elements)
  if (wrong !== undefined) return { refused: wrong }
  return { messageType, messageId, sender, recipient, mrn, time, elements: elements as Record<string, Said> }
}

function groupsOf(table: CopyTable, type: string): Map<string, { name: string; path: string }[]> {
  const found = new Map<string, { name: string; path: string }[]>()
  for (const element of table.elementsOf(type)) {
    const group = groupOf(element.name)
    if (group !== '') found.set(group, [...(found.get(group) ?? []), element])
  }
  return found
}

function wrongElement(table: CopyTable, type: string, elements: unknown): string | undefined {
  if (typeof elements !== 'object' || elements === null || Array.isArray(elements)) return 'elements is no object'
  const names = table.elementsOf(type).map(({ name }) => name)
  for (const [name, said] of Object.entries(elements)) {
    const members = names.filter((known) => groupOf(known) === name)
    if (!names.includes(name) && members.length === 0) return `“${shown(name)}” was not agreed for ${type}`
    if (!Array.isArray(said) || said.length === 0 || said.length > mostValues) return `${name} is no list of values`
    const wrong = said.find((one: unknown) => (members.length === 0 ? !isValue(one) : !isGroup(one, name, members)))
    if (wrong !== undefined) return `${name} has what was not agreed, or no value`
  }
  return undefined
}

function isGroup(one: unknown, group: string, members: readonly string[]): boolean {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return false
  const entries = Object.entries(one)
  return entries.length > 0 && entries.every(([name, value]) => members.includes(`${group}.${name}`) && isValue(value))
}

const isValue = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longestValue

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && isDateTime(text.slice(0, 19))
}

function membersOf(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** What somebody else wrote, short enough for a reason. */
function shown(value: unknown): string {
  if (value === undefined) return ''
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 60)
}
