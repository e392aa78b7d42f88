import {
  type Database,
  DatabaseFault,
  type Settings,
  type Statement,
  type TransactionOptions,
  type Tx,
} from '@corridor/database'

/**
 * What goes wrong at one statement of a step; the commit of a transaction counts as one.
 * `kill`: the process dies before or after it · `refuse`: PostgreSQL refuses it with this SQLSTATE · `lose`: the connection is lost before
 * it, or after it was done and before the answer came.
 */
export type Mishap =
  | { kind: 'kill'; at: number; when: 'before' | 'after' }
  | { kind: 'refuse'; at: number; sqlState: '40001' | '40P01' | '53100' }
  | { kind: 'lose'; at: number; when: 'before' | 'after' }

/** The process is dead: nothing that it still tries has any effect. */
export class Killed extends Error {
  constructor() {
    super('the process is dead')
    this.name = 'Killed'
  }
}

/** One process's way to its node's database: the real one, with a mishap when the simulator has armed one. */
export class DatabasePort implements Database {
  readonly #real: Database
  readonly #onDeath: () => void
  readonly #underWay = new Set<Promise<unknown>>()
  #mishap: Mishap | undefined
  #dead = false
  /** The mishap that has come to pass since the port was armed. */
  happened: Mishap | undefined
  /** Statements since the port was armed. */
  statements = 0

  constructor(real: Database, onDeath: () => void) {
    this.#real = real
    this.#onDeath = onDeath
  }

  get dead(): boolean {
    return this.#dead
  }

  /** Begins a step; without a mishap all goes well in it. */
  arm(mishap?: Mishap): void {
    this.#mishap = mishap
    this.happened = undefined
    this.statements = 0
  }

  kill(): void {
    if (this.#dead) return
    this.#dead = true
    this.#onDeath()
  }

  /** Waits for statements that nobody waits for. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
  }

  run<Row = Record<string, unknown>>(
    statement: Statement,
    values?: readonly unknown[],
    settings?: Settings,
  ): Promise<Row[]> {
    return this.#track(this.#statement(this.#real, () => this.#real.run<Row>(statement, values, settings)))
  }

  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return this.#track(this.#statement(this.#real, () => this.#real.query<Row>(text, values)))
  }

  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#track(this.#transaction(work, options))
  }

  session<T>(work: (connection: Tx) => Promise<T>): Promise<T> {
    return this.#track(this.#real.session((connection) => work(this.#wrap(connection))))
  }

  /** In a simulation nobody is told: each step looks for itself. */
  listen(): Promise<() => Promise<void>> {
    return Promise.resolve(async () => {})
  }

  /** The connections are the node's, not the process's. */
  async close(): Promise<void> {}

  async #transaction<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions | undefined): Promise<T> {
    this.#live()
    let after: Mishap | undefined
    const result = await this.#real.transaction(async (tx) => {
      const port = this.#wrap(tx)
      const made = await work(port)
      this.#live()
      const mishap = this.#count()
      if (mishap !== undefined) await this.#before(mishap, tx)
      after = mishap
      return made
    }, options)
    if (after !== undefined) this.#after(after)
    return result
  }

  #wrap(tx: Tx): Tx {
    let lost: unknown
    const guarded = async <Row>(execute: () => Promise<Row[]>): Promise<Row[]> => {
      if (lost !== undefined) throw lost
      try {
        return await this.#statement(tx, execute)
      } catch (error) {
        if (error instanceof DatabaseFault && error.code === 'database.unreachable') lost = error
        throw error
      }
    }
    return {
      run: <Row>(statement: Statement, values?: readonly unknown[]) => guarded(() => tx.run<Row>(statement, values)),
      query: <Row>(text: string, values?: readonly unknown[]) => guarded(() => tx.query<Row>(text, values)),
    }
  }

  async #statement<Row>(target: Tx, execute: () => Promise<Row[]>): Promise<Row[]> {
    this.#live()
    const mishap = this.#count()
    if (mishap !== undefined) await this.#before(mishap, target)
    const rows = await execute()
    this.#live()
    if (mishap !== undefined) this.#after(mishap)
    return rows
  }

  #live(): void {
    if (this.#dead) throw new Killed()
  }

  #count(): Mishap | undefined {
    this.statements++
    if (this.#mishap?.at !== this.statements) return undefined
    const mishap = this.#mishap
    this.#mishap = undefined
    this.happened = mishap
    return mishap
  }

  async #before(mishap: Mishap, target: Tx): Promise<void> {
    // A real error of the real server: the transaction is aborted as it would be, and savepoints work as they would.
    if (mishap.kind === 'refuse')
      await target.query(`do $$ begin raise exception 'simulated' using errcode = '${mishap.sqlState}'; end $$`)
    else if (mishap.when === 'before') this.#strike(mishap)
  }

  #after(mishap: Mishap): void {
    if (mishap.kind !== 'refuse' && mishap.when === 'after') this.#strike(mishap)
  }

  #strike(mishap: Mishap): never {
    if (mishap.kind === 'lose') throw new DatabaseFault('database.unreachable', 'simulated: the connection is lost')
    this.kill()
    throw new Killed()
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work)
    try {
      return await work
    } finally {
      this.#underWay.delete(work)
    }
  }
}
