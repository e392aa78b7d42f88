import { createInterface } from 'node:readline'

/** What the test says to this program, one line of JSON each; ends when the test does. */
export const heard = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

/** The next of them; undefined at the end. */
export async function hear<Said>(): Promise<Said | undefined> {
  const { done, value } = await heard.next()
  return done ? undefined : (JSON.parse(value) as Said)
}

export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
