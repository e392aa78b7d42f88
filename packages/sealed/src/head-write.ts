import type { SealedContent } from './content.ts'
import { SealedFault } from './faults.ts'
import { fieldsOf, FIRST_LINE, FORMS } from './head-fields.ts'
import { LIMITS } from './limits.ts'

/**
 * The bytes that are signed: the lines of the head, an empty line, the document. A receipt has nothing after the empty line.
 * @throws SealedFault sealed.bad-value when a value has not its form
 */
export function writeContent(content: SealedContent): Uint8Array {
  const values = content as unknown as Readonly<Record<string, unknown>>
  const lines = [FIRST_LINE]
  for (const { name, key, form, optional } of fieldsOf(content.kind)) {
    const value = values[key]
    if (value === undefined && optional) continue
    const text = value instanceof Date ? timeText(value) : value
    if (typeof text !== 'string' || text === '' || !FORMS[form](text) || bytesOf(name, text) > LIMITS.lineBytes)
      throw new SealedFault('sealed.bad-value', `${name} is missing or not of its form`)
    lines.push(`${name}: ${text}`)
  }
  if (content.expiresAt <= content.issuedAt) throw new SealedFault('sealed.bad-value', 'Expires is not after Issued')
  const head = Buffer.from(`${lines.join('\n')}\n\n`)
  if (head.length > LIMITS.headBytes) throw new SealedFault('sealed.bad-value', 'the head is too long')
  return content.kind === 'message' ? Buffer.concat([head, content.document]) : head
}

function timeText(at: Date): string {
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

function bytesOf(name: string, text: string): number {
  return Buffer.byteLength(name) + 2 + Buffer.byteLength(text)
}
