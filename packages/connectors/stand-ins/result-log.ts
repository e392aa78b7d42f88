/** What came back to a stand-in that has no database: a line each in a file that only grows, so that the thousandth costs what the first did. */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { StandInResult } from './system.ts'

/** A result as it is kept; `content` in base64. */
export interface KeptResult {
  id: string
  declaration: string
  kind: string
  content: string
}

/** Results in a file, and beside it up to which of its bytes they were told. */
export class ResultLog {
  readonly #file: string
  readonly #toldFile: string
  readonly #known = new Map<string, string>()

  /** @param file read again when the stand-in starts again */
  constructor(file: string) {
    this.#file = file
    this.#toldFile = `${file}.told`
    for (const { id, content } of this.#from(0)) this.#known.set(id, digestOf(content))
  }

  /** Keeps a result, unless one came under its id. */
  add({ id, declaration, kind, content }: KeptResult): 'new' | 'there' | 'conflict' {
    const [known, digest] = [this.#known.get(id), digestOf(content)]
    if (known !== undefined) return known === digest ? 'there' : 'conflict'
    appendFileSync(this.#file, `${JSON.stringify({ id, declaration, kind, content })}\n`, { mode: 0o600 })
    this.#known.set(id, digest)
    return 'new'
  }

  /** What came since this was asked before. */
  fresh(): StandInResult[] {
    const told = existsSync(this.#toldFile) ? Number(readFileSync(this.#toldFile, 'utf8')) : 0
    const results = this.#from(told)
    if (results.length > 0) writeFileSync(this.#toldFile, String(statSync(this.#file).size))
    return results.map(({ declaration, kind, content }) => ({
      declaration,
      kind,
      bytes: Buffer.from(content, 'base64'),
    }))
  }

  #from(offset: number): KeptResult[] {
    if (!existsSync(this.#file)) return []
    const bytes = Buffer.alloc(statSync(this.#file).size - offset)
    const file = openSync(this.#file, 'r')
    const length = readSync(file, bytes, 0, bytes.length, offset)
    closeSync(file)
    const lines = bytes.toString('utf8', 0, length).split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as KeptResult)
  }
}

const digestOf = (content: string): string => createHash('sha256').update(content).digest('base64')
