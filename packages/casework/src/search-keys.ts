import type { Doc } from '@corridor/customs'
import type { InboxMessage, KeyKind, MessageKey } from '@corridor/exchange'

/** Elements of the documents that messages are found by, whatever group they stand in. */
const anywhere: Readonly<Record<string, KeyKind>> = {
  MRN: 'mrn',
  LRN: 'lrn',
  containerIdentificationNumber: 'container',
}

/** Those that mean it only in a group of this name: means of transport at departure and at the border, seals. */
const inGroups: readonly { group: RegExp; element: string; kind: KeyKind }[] = [
  { group: /TransportMeans$/, element: 'identificationNumber', kind: 'plate' },
  { group: /^Seal$/, element: 'identifier', kind: 'seal' },
]

/** What a document can be found by: its references, plates of means of transport, seals and containers, wherever they stand in it. */
export function keysOf(doc: Doc): MessageKey[] {
  const found: MessageKey[] = []
  collect(doc, '', found)
  return found
}

/** Says of a message that came what it can be found by. */
export function noteKeys(message: InboxMessage, document: Doc): void {
  for (const key of keysOf(document)) message.keys?.push(key)
}

function collect(doc: Doc, group: string, found: MessageKey[]): void {
  for (const [name, content] of Object.entries(doc)) {
    const kind = anywhere[name] ?? inGroups.find((each) => each.element === name && each.group.test(group))?.kind
    for (const each of Array.isArray(content) ? content : [content]) {
      if (typeof each === 'object') collect(each, name, found)
      else if (each !== undefined && kind !== undefined) found.push({ kind, value: each })
    }
  }
}
