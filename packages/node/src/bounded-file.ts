import { closeSync, copyFileSync, fstatSync, openSync, truncateSync, writeSync } from 'node:fs'

/**
 * Appends to a file that does not grow beyond `mostBytes`: what is full becomes `<path>.1`, in place of the one before. The file itself
 * stays the same one, so what others append to it (the last words of a dying process) is not lost either. A disk that is full costs
 * lines, never the process.
 */
export function boundedFile(path: string, mostBytes: number): (text: string) => void {
  let file: number | undefined
  return (text) => {
    const bytes = Buffer.from(text)
    try {
      file ??= openSync(path, 'a', 0o600)
      const { size } = fstatSync(file)
      if (size > 0 && size + bytes.length > mostBytes) {
        copyFileSync(path, `${path}.1`)
        truncateSync(path)
      }
      writeSync(file, bytes)
    } catch {
      if (file !== undefined) closeSync(file)
      file = undefined
    }
  }
}
