import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeFault } from '../faults.ts'

/** Where the pass phrase of encrypted key files comes from: exactly one of these. */
export type PassphraseSource =
  | { file: string }
  /** Name of an environment variable. */
  | { environment: string }
  /** Name of a credential of systemd (LoadCredential=, LoadCredentialEncrypted=). */
  | { credential: string }
  /** A program and its arguments, run without a shell; what it prints is the pass phrase. */
  | { command: string[] }

/** What of the machine pass phrases are read from. */
export interface Machine {
  environment: NodeJS.ProcessEnv
  /** Reads a file that the corridor file names, relative to it. */
  read: (path: string) => string
}

/** The event loop stands still for so long at most: a node that runs asks at each SIGHUP. */
const commandMs = 5_000
const isEncrypted = (pem: string): boolean => /BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(pem)

/**
 * Opens private keys of a node: those that are encrypted with the pass phrase, which is asked for once and only when there is such a key.
 * The opened key is in the memory of the process alone.
 * @param place of `keys` in the corridor file, for people
 * @returns how to open one: PEM to PEM. Throws NodeFault KEY_FILE with the place; never what the key or the pass phrase is
 */
export function keyOpener(
  source: PassphraseSource | null,
  machine: Machine,
  place: string,
): (pem: string, member: string) => string {
  let known: string | undefined
  return (pem, member) => {
    if (!isEncrypted(pem)) return pem
    if (source === null)
      throw new NodeFault(
        'KEY_FILE',
        `${place} › ${member}: the key is encrypted. Say where its pass phrase is: ${place} › passphrase › file, environment, credential or command.`,
      )
    known ??= passphraseFrom(source, machine, `${place} › passphrase`)
    try {
      return createPrivateKey({ key: pem, passphrase: known }).export({ type: 'pkcs8', format: 'pem' }).toString()
    } catch {
      // What OpenSSL says is of its insides, and the same for every cause.
      throw new NodeFault(
        'KEY_FILE',
        `${place} › ${member}: the pass phrase of ${place} › passphrase does not open this key, or the file is damaged. Try it: openssl pkey -in FILE -noout.`,
      )
    }
  }
}

function passphraseFrom(source: PassphraseSource, machine: Machine, place: string): string {
  const refuse = (what: string): never => {
    throw new NodeFault('KEY_FILE', `${place}: ${what}.`)
  }
  const [text, where] = found(source, machine, refuse)
  // An editor or echo ends the line; a pass phrase has no end of line in it.
  const passphrase = text.replace(/\r?\n$/, '')
  if (passphrase === '') refuse(`${where} is empty`)
  if (/[\r\n]/.test(passphrase)) refuse(`${where} has several lines; a pass phrase is one`)
  return passphrase
}

function found(
  source: PassphraseSource,
  { environment, read }: Machine,
  refuse: (what: string) => never,
): [text: string, where: string] {
  if ('file' in source) return [read(source.file), `the file ${source.file}`]
  if ('environment' in source) {
    const { environment: name } = source
    return [environment[name] ?? refuse(`there is no ${name} in the environment of the node`), name]
  }
  if ('credential' in source) {
    const { credential: name } = source
    const folder = environment['CREDENTIALS_DIRECTORY']
    if (folder === undefined) return refuse('the node was not started by systemd with LoadCredential=')
    try {
      return [readFileSync(join(folder, name), 'utf8'), `the credential ${name}`]
    } catch {
      return refuse(`there is no credential ${name}`)
    }
  }
  const [program = '', ...typed] = source.command
  try {
    const printed = execFileSync(program, typed, {
      encoding: 'utf8',
      timeout: commandMs,
      // One that does not heed SIGTERM would be waited for without end.
      killSignal: 'SIGKILL',
      maxBuffer: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return [printed, `what ${program} printed`]
  } catch (error) {
    const { code, status, signal } = error as { code?: string; status?: number | null; signal?: string | null }
    const why = signal ? `was ended after ${commandMs / 1_000} s` : `failed (${code ?? `exit code ${status}`})`
    return refuse(`the command ${program} ${why}`)
  }
}
