/** What a person typed, for LIKE: `%` and `_` mean themselves. */
export function likeLiteral(words: string): string {
  return words.replace(/[\\%_]/g, (character) => `\\${character}`)
}
