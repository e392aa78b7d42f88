import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivate } from '@corridor/node'

/** Where the start page of a corridor that runs is, with its secret. */
export interface Address {
  url: string
  corridor: string
}

const fileOf = (home: string): string => join(home, 'start-page.json')

/** The address of the start page in the home of the corridor that runs, which its owner alone can read: for commands of the same account. */
export class DeskAddress {
  readonly #file: string

  private constructor(file: string) {
    this.#file = file
  }

  static leave(home: string, address: Address): DeskAddress {
    writePrivate(fileOf(home), JSON.stringify(address))
    return new DeskAddress(fileOf(home))
  }

  remove(): void {
    rmSync(this.#file, { force: true })
  }
}

/** The address that was left in a home; one that a kill left behind answers nothing. */
export function addressIn(home: string): Address | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(home), 'utf8')) as Address
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
