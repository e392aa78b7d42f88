/** Files as text, strictly UTF-8, and as lines; what is wrong comes with its line. */
import type { WrongLine } from '../codelists/entry-rows.ts'

/** A file in chunks of any size. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>

/** Bytes that are not UTF-8, or an end in the middle of a character. */
export class WrongEncoding extends Error {
  readonly line: number
  constructor(line: number) {
    super('not UTF-8: save the file as UTF-8')
    this.line = line
  }
}

/** The text of a file. Throws WrongEncoding with the line of the first byte that is wrong. */
export async function* textOfUtf8(chunks: Chunks): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let line = 1
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') {
      yield chunk
      continue
    }
    let text: string
    try {
      text = decoder.decode(chunk, { stream: true })
    } catch {
      throw new WrongEncoding(line + linesBeforeWrong(chunk))
    }
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line += 1
    yield text
  }
  try {
    decoder.decode()
  } catch {
    throw new WrongEncoding(line)
  }
}

/** How many line ends of a chunk come before its first wrong byte; a line end is never part of another character. */
function linesBeforeWrong(chunk: Uint8Array): number {
  // The chunk may begin inside a character, which is none of its own lines.
  let start = 0
  while (start < 3 && (chunk[start] ?? 0) >> 6 === 0b10) start += 1
  for (let lines = 0; ; lines += 1) {
    const end = chunk.indexOf(0x0a, start)
    if (end < 0) return lines
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(chunk.subarray(start, end))
    } catch {
      return lines
    }
    start = end + 1
  }
}

/** The lines of a file, without their ends; the last says whether it had one. A line is cut beyond `longest`, and never kept whole. */
export async function* linesOfText(
  chunks: AsyncIterable<string>,
  longest: number,
): AsyncGenerator<{ readonly text: string; readonly ended: boolean }> {
  let open = ''
  for await (const chunk of chunks) {
    const lines = (open + chunk).split('\n')
    open = lines.pop()!.slice(0, longest)
    for (const line of lines) yield { text: line.slice(0, longest), ended: true }
  }
  if (open !== '') yield { text: open, ended: false }
}

/** Reads with a reader of text, and says as a wrong line where the text is not UTF-8. */
export async function* strictly<Read>(
  chunks: Chunks,
  read: (text: AsyncIterable<string>) => AsyncGenerator<Read | WrongLine>,
): AsyncGenerator<Read | WrongLine> {
  try {
    yield* read(textOfUtf8(chunks))
  } catch (error) {
    if (!(error instanceof WrongEncoding)) throw error
    yield { line: error.line, reason: error.message }
  }
}

/** False of a text with U+0000 or half a character, at any depth of a JSON value: JSON knows both, and no database takes them. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, own]) => isStorable(name) && isStorable(own))
}
