import { inflateSync } from 'node:zlib'
import { type Refusal, refusal } from '../refusal.ts'
import { namesIn } from './names.ts'
import { objectsIn, type PdfObject, skipBlank } from './objects.ts'

const broken = (text: string): Refusal =>
  refusal('broken', `The PDF is damaged: ${text}. Print it into a new PDF and attach that.`)
const hidden = (text: string): Refusal =>
  refusal('hidden-content', `The PDF cannot be looked into: ${text}. Print it into a new PDF and attach that.`)
const active = (what: string): Refusal =>
  refusal('active-content', `The PDF contains ${what}. Print it into a new PDF without that and attach it.`)

/** Bytes that all objects in streams may have together when they are unpacked. */
const mostUnpacked = 8 * 1024 * 1024

/** What a document does by itself or carries along, by the name without which it cannot (ISO 32000-2, 12.6.4, 7.11, 13). */
const acting = new Map([
  ['JavaScript', 'a program (JavaScript)'],
  ['Launch', 'an action that starts another program'],
  ['SubmitForm', 'a form that sends itself elsewhere'],
  ['ImportData', 'an action that reads another file'],
  ['GoToR', 'an action that opens another file'],
  ['GoToE', 'an action that opens an embedded file'],
  ['EmbeddedFile', 'embedded files'],
  ['EmbeddedFiles', 'embedded files'],
  ['FileAttachment', 'embedded files'],
  ['RichMedia', 'a film or program (RichMedia)'],
  ['RichMediaExecute', 'a film or program (RichMedia)'],
  ['Rendition', 'a film or sound'],
  ['Movie', 'a film or sound'],
  ['Sound', 'a film or sound'],
  ['XFA', 'a form that acts (XFA)'],
])
/** Names too short to be looked for among data, where they stand by chance. */
const actingInObjects = new Map([
  ['JS', 'a program (JavaScript)'],
  ['AA', 'actions that happen by themselves'],
  ['EF', 'embedded files'],
])

/**
 * The structure of a document, and whether it would do something: every name of the file is looked at, and those in its packed objects.
 * @param bytes that begin with `%PDF-`
 */
export function pdfWrong(bytes: Buffer): Refusal | undefined {
  const text = bytes.toString('latin1')
  return structureWrong(text) ?? namesWrong(text) ?? objectsWrong(bytes, text)
}

function structureWrong(text: string): Refusal | undefined {
  if (!/^%PDF-(?:1\.[0-7]|2\.0)[\r\n ]/.test(text)) return broken('its first line is none of a PDF')
  const end = text.lastIndexOf('%%EOF')
  if (end < 0) return broken('it has no end')
  const behind = text.slice(end + 5)
  if (!/^[\r\n \t\0]{0,64}$/.test(behind))
    return refusal(
      'trailing-data',
      `There are ${behind.length} bytes behind the end of the PDF. Print it into a new PDF and attach that.`,
    )
  const start = /startxref\s+(\d{1,10})\s+$/.exec(text.slice(Math.max(0, end - 64), end))?.[1]
  if (start === undefined) return broken('it does not say where its objects are')
  const table = text.slice(skipBlank(text, Number(start)), Number(start) + 64)
  if (!/^(?:xref\s|\d+\s+\d+\s+obj)/.test(table)) return broken('its objects are not where it says')
  return undefined
}

function namesWrong(text: string): Refusal | undefined {
  let hasRoot = false
  for (const { name, end } of namesIn(text)) {
    const wrong = nameWrong(name, text, end)
    if (wrong !== undefined) return wrong
    hasRoot ||= name === 'Root'
  }
  return hasRoot ? undefined : broken('it has no pages')
}

function nameWrong(name: string, text: string, end: number): Refusal | undefined {
  if (name === 'Encrypt')
    return refusal('encrypted', 'The PDF is encrypted. Save it without password and restrictions, and attach that.')
  const what = acting.get(name)
  if (what !== undefined) return active(what)
  // A place of the document to begin at is no action; most office programs write one, close behind and without a comment before it.
  if (name === 'OpenAction' && !/^[\0\t\n\f\r ]*\[/.test(text.slice(end, end + 64)))
    return active('an action that happens when it is opened (OpenAction)')
  return undefined
}

function objectsWrong(bytes: Buffer, text: string): Refusal | undefined {
  let unpacked = 0
  for (const object of objectsIn(text, bytes.length * 4 + 1_000_000)) {
    if (object === undefined) return hidden('it is built in a way that no program writes')
    for (const name of object.names) {
      const what = actingInObjects.get(name)
      if (what !== undefined) return active(what)
    }
    if (object.data === undefined || !isObjectStream(object)) continue
    if (isPackedOtherwise(object)) return hidden('objects are packed in an unusual way')
    if (!object.names.includes('FlateDecode') && !object.names.includes('Fl')) continue
    const inside = unpack(bytes.subarray(object.data), mostUnpacked - unpacked)
    if (inside === undefined) return hidden('packed objects are damaged or too large')
    unpacked += inside.length
    const wrong = packedWrong(inside.toString('latin1'))
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** Objects packed into a stream (7.5.7); some readers ask only for the place of the first one. */
const isObjectStream = ({ names }: PdfObject): boolean => names.includes('ObjStm') || names.includes('First')

const usual = new Set(['Type', 'ObjStm', 'N', 'First', 'Length', 'Filter', 'FlateDecode', 'Fl', 'Extends'])

function isPackedOtherwise({ names }: PdfObject): boolean {
  if (!names.includes('ObjStm') && !names.includes('N')) return false
  if (names.some((name) => !usual.has(name))) return true
  // A filter that stands elsewhere in the file, or more than one.
  const filters = names.filter((name) => name === 'FlateDecode' || name === 'Fl').length
  return names.includes('Filter') ? filters !== 1 : filters !== 0
}

function unpack(data: Buffer, most: number): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: Math.max(1, most) })
  } catch {
    return undefined
  }
}

function packedWrong(text: string): Refusal | undefined {
  for (const { name, end } of namesIn(text)) {
    const what = actingInObjects.get(name)
    const wrong = what === undefined ? nameWrong(name, text, end) : active(what)
    if (wrong !== undefined) return wrong
  }
  return undefined
}
