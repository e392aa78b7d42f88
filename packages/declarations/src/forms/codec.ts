/** How the text of a form becomes a tree and a tree the text. */
import type { Finding } from '@corridor/customs'
import { xmlErrorCode } from '@corridor/customs'
import type { Layout } from './layout.ts'
import type { FormNode } from './tree.ts'

/** What became of a text. */
export interface Decoded {
  /** undefined when nothing could be read */
  readonly root: FormNode | undefined
  readonly findings: readonly Finding[]
}

/** One way to write a form. */
export interface Codec {
  decode(bytes: Uint8Array, layout: Layout): Decoded
  encode(root: FormNode, layout: Layout): Uint8Array
}

/** Something wrong with the text of a form itself. */
export const formFinding = (
  rule: string,
  place: { path?: string; line?: number; column?: number; value?: string },
  text: string,
  remedy: string,
): Finding => ({
  kind: 'xml',
  rule,
  code: xmlErrorCode.notWellFormed,
  path: place.path ?? '/',
  ...(place.line !== undefined && { line: place.line }),
  ...(place.column !== undefined && { column: place.column }),
  ...(place.value !== undefined && { value: place.value }),
  remedy,
  text,
})

/** The text of bytes in UTF-8; undefined when they are none. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export const notUtf8: Finding = formFinding(
  'encoding',
  { line: 1, column: 1 },
  'The text is not UTF-8.',
  'Write the file in UTF-8.',
)
