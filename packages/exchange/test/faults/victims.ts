import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '../nodes.ts'
import type { Orders } from './victim.ts'

/** A process that will be killed, or that kills itself. */
export interface Victim {
  port: number
  pid: number
  /** Waits until it is dead. */
  died(): Promise<void>
  kill(): Promise<void>
}

const program = fileURLToPath(new URL('victim.ts', import.meta.url))

/** Starts victims, with the next one always warm: a process takes longer to load than to do what it is for. */
export class Victims {
  readonly #living = new Set<ChildProcess>()
  readonly #execArgv: readonly string[]
  #spare: ChildProcess

  /** @param execArgv for Node, as of `fork` */
  constructor(execArgv: readonly string[] = []) {
    this.#execArgv = execArgv
    this.#spare = this.#fork()
  }

  async start(orders: Orders): Promise<Victim> {
    const child = this.#spare
    this.#spare = this.#fork()
    child.send(orders)
    const [{ ready }] = (await once(child, 'message')) as [{ ready: number }]
    const died = () => until('it is dead', () => child.signalCode === 'SIGKILL', 60_000)
    return {
      port: ready,
      pid: child.pid ?? 0,
      died,
      async kill() {
        // It may be dead already, by its own hand.
        child.kill('SIGKILL')
        await died()
      },
    }
  }

  end(): void {
    for (const child of this.#living) child.kill('SIGKILL')
  }

  #fork(): ChildProcess {
    const child = fork(program, { execArgv: [...this.#execArgv] })
    this.#living.add(child)
    child.once('exit', () => this.#living.delete(child))
    return child
  }
}
