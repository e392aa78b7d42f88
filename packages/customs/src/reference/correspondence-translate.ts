/** A document, translated when it crosses from one party to another. */
import { pathOf, type Doc, type Place } from '../document.ts'
import { isSecret } from '../finding.ts'
import type { TableNode } from '../messages/fields.ts'
import type { MessageTable } from '../messages/messages.ts'
import type { Correspondence, Way } from './correspondence.ts'

/** A code that became another. */
export interface ChangedCode {
  readonly path: string
  readonly list: string
  readonly from: string
  readonly to: string
}

/** A code that has no counterpart on the other side; it stands in the document as it was. */
export interface MissingCode {
  readonly path: string
  readonly list: string
  readonly code: string
  /** why, where the correspondence says it */
  readonly note: string
}

/** A document on the other side. Do not send it while codes are missing, unless the parties agreed to. */
export interface TranslatedDocument {
  readonly document: Doc
  readonly changed: readonly ChangedCode[]
  readonly missing: readonly MissingCode[]
}

/**
 * Translates the codes of a document, element by element: each whose code list the correspondence covers. The document given is not
 * touched. The day (`yyyy-mm-dd`) is that of the movement, whose codes count for all of its documents.
 */
export function translate(
  document: Doc,
  table: MessageTable,
  correspondence: Correspondence,
  way: Way,
  date: string,
): TranslatedDocument {
  const changed: ChangedCode[] = []
  const missing: MissingCode[] = []
  const look = (list: string, code: string, place: Place): string => {
    const became = correspondence.translate(list, code, way, date)
    if (became.kind === 'unchanged') return code
    const path = pathOf(place)
    if (became.kind === 'no-counterpart') {
      missing.push({ path, list, code: isSecret(place.name) ? '' : code, note: became.note })
      return code
    }
    changed.push({ path, list, from: code, to: became.code })
    return became.code
  }
  const root: Place = { parent: undefined, name: table.type, index: 0 }
  return { document: group(table.root, document, root, look), changed, missing }
}

type Look = (list: string, code: string, place: Place) => string

function group({ children = [], attributes = [] }: Partial<TableNode>, doc: Doc, at: Place, look: Look): Doc {
  const made: Doc = { ...doc }
  for (const field of [...attributes, ...children]) {
    // A choice or sequence without a name has its fields where it stands itself.
    if (field.name === '') Object.assign(made, group(field, made, at, look))
    const found = doc[field.name]
    if (field.name === '' || found === undefined) continue
    const each = (value: string | Doc, index: number): string | Doc => {
      const place = { parent: at, name: field.name, index }
      if (typeof value !== 'string') return group(field, value, place, look)
      return field.codeList === undefined ? value : look(field.codeList, value, place)
    }
    made[field.name] = Array.isArray(found)
      ? found.map((value, position) => each(value, field.repeats ? position + 1 : 0))
      : each(found, field.repeats ? 1 : 0)
  }
  return made
}
