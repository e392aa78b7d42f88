import { ApiFault } from '../faults.ts'

/** Writes a mailbox position as an opaque cursor: base64url, with the edition of its form in front. */
export function encodeCursor(position: string): string {
  return Buffer.from(`1:${position}`, 'utf8').toString('base64url')
}

/**
 * Reads a cursor back into the position.
 * @returns undefined for the cursor of the beginning.
 * @throws {ApiFault} `bad-cursor` for anything that `encodeCursor` does not write.
 */
export function decodeCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!text.startsWith('1:') || encodeCursor(text.slice(2)) !== cursor) throw new ApiFault('bad-cursor')
  return text.slice(2) || undefined
}
