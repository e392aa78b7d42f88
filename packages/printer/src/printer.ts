import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { type Devtools, devtools } from './devtools.ts'
import { PrinterFault } from './faults.ts'

/** Makes PDF files. */
export interface Printer {
  /**
   * The pages of an HTML document that needs nothing but itself.
   * @throws PrinterFault NO_BROWSER, BROWSER_FAILED, BUSY
   */
  pdf(html: string): Promise<Uint8Array>
}

/** How a printer works. */
export interface PrinterOptions {
  /** Path of a Chromium; undefined where there is none. Asked for each document, so that one that is installed later is found. */
  browser: () => string | undefined
  /** How many browsers run at a time: each takes a core and some 200 MB. */
  atOnce?: number
  /** How many documents may wait for one of them. */
  waiting?: number
  /** A browser that takes longer is ended. A list of 999 items took 6 s on one of two shared cores. */
  patienceMs?: number
}

/** What a browser says is kept for the log up to here. */
const mostSaid = 2_000

/**
 * Chromium of this machine as a printer: one process for each document, with a profile of its own that is thrown away, without scripts and
 * without a network.
 */
export function createPrinter({ browser, atOnce = 1, waiting = 20, patienceMs = 60_000 }: PrinterOptions): Printer {
  const queue: (() => void)[] = []
  let running = 0
  const turn = async (): Promise<void> => {
    if (running < atOnce) {
      running += 1
      return
    }
    if (queue.length >= waiting) throw new PrinterFault('BUSY')
    // Who waits is handed the place of the one that ends.
    await new Promise<void>((resolve) => queue.push(resolve))
  }
  const next = (): void => {
    const waits = queue.shift()
    if (waits === undefined) running -= 1
    else waits()
  }
  return {
    async pdf(html) {
      const program = browser()
      if (program === undefined) throw new PrinterFault('NO_BROWSER')
      await turn()
      try {
        return await print(program, html, patienceMs)
      } finally {
        next()
      }
    },
  }
}

async function print(program: string, html: string, patienceMs: number): Promise<Uint8Array> {
  const profile = await mkdtemp(join(tmpdir(), 'corridor-paper-'))
  const browser = start(program, profile, patienceMs)
  try {
    return await made(browser.devtools, html)
  } catch (error) {
    // What it said last may come after its end is noticed.
    await browser.end()
    if (browser.isMissing()) throw new PrinterFault('NO_BROWSER')
    throw new PrinterFault('BROWSER_FAILED', `${(error as Error).message} ${browser.said()}`)
  } finally {
    await browser.end()
    await rm(profile, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** The document goes through the pipe into an empty page: it is on no disk, and has no address from which anything could be reached. */
async function made({ send }: Devtools, html: string): Promise<Uint8Array> {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
  const session = sessionId as string
  await send('Emulation.setScriptExecutionDisabled', { value: true }, session)
  const { frameTree } = await send('Page.getFrameTree', {}, session)
  const frameId = (frameTree as { frame: { id: string } }).frame.id
  await send('Page.setDocumentContent', { frameId, html }, session)
  const { data } = await send('Page.printToPDF', { preferCSSPageSize: true, printBackground: true }, session)
  return Buffer.from(data as string, 'base64')
}

/** A browser of its own for one document. `end` comes back when it and its helpers are gone. */
function start(
  program: string,
  profile: string,
  patienceMs: number,
): { devtools: Devtools; said(): string; isMissing(): boolean; end(): Promise<void> } {
  let said = ''
  let isMissing = false
  // Detached: a group of its own, so that the helpers of a browser that hangs end with it.
  const child = spawn(program, switches(profile), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: surroundings(profile),
    detached: true,
  })
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch (error) {
      // Gone by itself in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  const timer = setTimeout(() => {
    said += ` (ended after ${patienceMs} ms)`
    kill()
  }, patienceMs)
  const closed = new Promise<void>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      isMissing = error.code === 'ENOENT'
      said += error.message
      resolve()
    })
    child.once('close', () => resolve())
  })
  const [, , errors, into, from] = child.stdio
  ;(errors as Readable).setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-mostSaid)
  })
  return {
    devtools: devtools(into as Writable, from as Readable),
    said: () => said,
    isMissing: () => isMissing,
    end: () => {
      clearTimeout(timer)
      kill()
      return closed
    },
  }
}

/** What a browser needs of the environment, and no more: the node's has the address of its database, with the password. */
function surroundings(profile: string): Record<string, string> {
  const { PATH, LANG = 'C.UTF-8', FONTCONFIG_FILE, FONTCONFIG_PATH } = process.env
  return {
    HOME: profile,
    TMPDIR: profile,
    LANG,
    ...(PATH !== undefined && { PATH }),
    ...(FONTCONFIG_FILE !== undefined && { FONTCONFIG_FILE }),
    ...(FONTCONFIG_PATH !== undefined && { FONTCONFIG_PATH }),
  }
}

function switches(profile: string): string[] {
  return [
    '--headless',
    '--remote-debugging-pipe',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-extensions',
    '--disable-sync',
    '--disable-dev-shm-usage',
    '--log-level=3',
    // Every name is unknown, so that nothing could be fetched even if a page asked for it.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    `--user-data-dir=${profile}`,
    // Chromium has no sandbox for root, and says so instead of working.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    'about:blank',
  ]
}
