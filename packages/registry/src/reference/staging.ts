import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import { namesOf, type ReadEntry, type ReferenceEntry, wordsOf } from '@corridor/customs'
import { sql } from './statements.ts'

/** A batch is written when it has so many entries, or so many characters: customs offices are large. */
const mostEntries = 2000
const mostCharacters = 2_000_000

/** Words of an entry that are sought; 2,000 of the longest are less than the megabyte that an index of words takes. */
const mostWords = 2000

const create = `
  create temp table if not exists reference_staging (
    line int not null, list text collate "C" not null, code text collate "C" not null,
    valid_from date not null, valid_to date not null, end_only boolean not null, parent text collate "C",
    texts json not null, names json, items json not null, key_items smallint not null, groups json not null,
    digest text not null, words tsvector not null, same bigint
  ) on commit drop;
  truncate reference_staging`

/** Entries on their way into the lists, in a table of this transaction alone. */
export class Staging {
  readonly #tx: Tx
  #batch: string[] = []
  #characters = 0

  constructor(tx: Tx) {
    this.#tx = tx
  }

  async open(): Promise<void> {
    await this.#tx.query(create)
  }

  async add(read: ReadEntry): Promise<void> {
    const row = JSON.stringify(rowOf(read))
    this.#batch.push(row)
    this.#characters += row.length
    if (this.#batch.length >= mostEntries || this.#characters >= mostCharacters) await this.#write()
  }

  /** Writes the rest, and lets the planner know what came. */
  async close(): Promise<void> {
    await this.#write()
    await this.#tx.query('create index on reference_staging (list, code); analyze reference_staging')
  }

  async #write(): Promise<void> {
    if (this.#batch.length === 0) return
    const rows = `[${this.#batch.join(',')}]`
    this.#batch = []
    this.#characters = 0
    await this.#tx.run(sql.stage, [rows])
  }
}

function rowOf({ line, entry }: ReadEntry): Record<string, unknown> {
  const { list, code, validFrom, validTo, state, parent, texts, items, keyItems, groups } = entry
  const names = namesOf(entry)
  return {
    line,
    list,
    code,
    valid_from: validFrom || '-infinity',
    valid_to: validTo || 'infinity',
    end_only: state === 'invalid',
    parent: parent ?? null,
    texts,
    names: names === texts ? null : names,
    items,
    key_items: keyItems,
    groups,
    digest: digestOf(entry),
    words: [...new Set([code, ...Object.values(names)].flatMap(wordsOf))].slice(0, mostWords),
  }
}

/** Of all that an entry says, days aside; texts in any order of languages. */
function digestOf({ parent = '', texts, items, keyItems, groups }: ReferenceEntry): string {
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1))
  const content = JSON.stringify([parent, sorted, items, keyItems, groups])
  return createHash('sha256').update(content).digest('base64url').slice(0, 22)
}
