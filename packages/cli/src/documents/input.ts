import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file that was asked for: its bytes, or why there are none and what to do. */
export type Input =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly file: string; readonly text: string; readonly remedy: string }

/** The reader's own bound (XmlLimits.bytes); a larger file is refused before it is read into memory. */
const mostBytes = 64 * 1024 * 1024

/** The files that words on the command line mean: a folder stands for the XML and JSON files directly in it, in order. */
export function filesOf(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    if (statSync(word, { throwIfNoEntry: false })?.isDirectory() !== true) return [word]
    const names = readdirSync(word).filter((name) => /\.(xml|json)$/i.test(name))
    return names.length === 0 ? [word] : names.sort().map((name) => join(word, name))
  })
}

/** Reads one file whole, or says why not; `-` is standard input. */
export function readInput(file: string): Input {
  try {
    if (file === '-') return { file, bytes: readFileSync(0) }
    const { size } = statSync(file)
    if (size > mostBytes) {
      const text = `The file has ${size} bytes; a document has at most ${mostBytes}.`
      return { file, text, remedy: 'Split the document.' }
    }
    return { file, bytes: readFileSync(file) }
  } catch (error) {
    return { file, ...sayUnreadable((error as NodeJS.ErrnoException).code ?? String(error)) }
  }
}

function sayUnreadable(code: string): { text: string; remedy: string } {
  if (code === 'ENOENT') return { text: 'There is no such file.', remedy: 'Correct the name of the file.' }
  if (code === 'EACCES' || code === 'EPERM')
    return { text: 'The file may not be read.', remedy: 'Give yourself the right to read it.' }
  if (code === 'EISDIR')
    return { text: 'The folder has no XML or JSON file in it.', remedy: 'Give files, or a folder that has some.' }
  return { text: `The file cannot be read (${code}).`, remedy: 'Give the path of a file.' }
}
