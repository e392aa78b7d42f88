import {
  followOperators,
  guaranteePaper,
  localDay,
  movementPaper,
  type MovementPaper,
  type PaperOutcome,
  type PaperPorts,
  type PaperWish,
} from '@corridor/casework'
import { connect, type Database } from '@corridor/database'
import { createPrinter, PrinterFault, systemBrowser } from '@corridor/printer'
import { findAccount } from '@corridor/registry'
import { loadLaw } from '@corridor/tables'
import { nodeClock } from './clock.ts'
import { readCorridor } from './config/corridor.ts'
import { directoryOf } from './directory.ts'
import type { NodeSettings } from './settings.ts'

/** What is to be printed for whom: a document about a movement, or the receipt of a guarantee. */
export interface PaperOrder extends PaperWish {
  /** Id of the account that prints: what it may see on its screen, it may print. */
  account: string
  /** MRN or GRN. */
  number: string
  kind: MovementPaper | 'receipt'
}

/** Prints a document from the database of a node on this machine. `nobody`: no account of this id may use the node. */
export async function printPaper(
  settings: NodeSettings,
  order: PaperOrder,
): Promise<PaperOutcome | { kind: 'nobody' }> {
  const db = connect(settings.databaseUrl, { max: 2, applicationName: 'corridor paper' })
  try {
    const account = await findAccount(db, order.account)
    if (account === undefined || account.disabledAt !== null) return { kind: 'nobody' }
    const { number, kind } = order
    const { ports, stop } = await portsOf(db, settings)
    try {
      return kind === 'receipt'
        ? await guaranteePaper(ports, account, number, order)
        : await movementPaper(ports, account, number, kind, order)
    } finally {
      await stop()
    }
  } finally {
    await db.close()
  }
}

/** A page as PDF, by the Chromium of this machine. @throws PrinterFault, with what the browser said */
export async function pdfOfPaper(html: string): Promise<Uint8Array> {
  try {
    return await createPrinter({ browser: systemBrowser }).pdf(html)
  } catch (error) {
    // On the command line there is no log to look into.
    if (error instanceof PrinterFault && error.said !== '') error.message += `\n${error.said}`
    throw error
  }
}

async function portsOf(db: Database, settings: NodeSettings): Promise<{ ports: PaperPorts; stop(): Promise<unknown> }> {
  const corridor = readCorridor(settings.corridor)
  const own = corridor.nodes.find(({ id }) => id === settings.node)!
  const { law } = loadLaw(corridor.codelists)
  const time = nodeClock(settings)
  const clock = () => time.now()
  const { timeZone } = own
  const operators = await followOperators({ db, log: () => undefined, later: () => undefined })
  const directory = directoryOf(corridor, own, {
    operator: (id) => operators.operator(id, localDay({ clock, timeZone })),
  })
  const languageOf = (country: string) => corridor.nodes.find((node) => node.country === country)?.paperLanguage
  return { ports: { db, directory, law, clock, timeZone, languageOf }, stop: () => operators.stop() }
}
