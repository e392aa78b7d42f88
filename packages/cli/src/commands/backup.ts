import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  type RestoredNode,
  restoreNode,
  takeBackup,
  type VerifiedBackup,
  verifyBackup,
  whyNotUsed,
} from '@corridor/node'
import { actor } from '../actor.ts'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { namedNode } from '../node-settings.ts'
import { print } from '../print.ts'

/** `corridor backup --node NODE --out FOLDER`: the database of a node as files, as it is at one moment; the node may run. */
export async function backup(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: ['node', 'corridor', 'out', 'reason'],
    flags: ['json'],
    words: 0,
  })
  const { readSettings } = namedNode(options, 'backup')
  const out = options.get('out')
  if (!out) throw new UsageError('Say where to: --out FOLDER, which is made.')
  const reason = options.get('reason')
  const { manifest, sha256, pushed } = await takeBackup(readSettings(), out, {
    actor: actor(),
    ...(reason !== undefined && { reason }),
  })
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  const bytes = manifest.tables.reduce((sum, table) => sum + table.bytes, 0)
  if (flags.has('json'))
    await print(`${JSON.stringify({ out, sha256, rows, bytes, pushedNotInIt: pushed, ...manifest })}\n`)
  else
    await print(
      `${out}: ${manifest.node} as of ${manifest.takenAt}, ${rows} rows of ${manifest.tables.length} tables, ${bytes} bytes.
Manifest: SHA-256 ${sha256}
${headOf(manifest)}
${notInIt(pushed)}Nobody can read its documents without the data key of the node, which is not in it. Other rows stand there as in the database:
guard it as you guard that. Prove it: npx --no corridor restore ${out} --verify --node ${manifest.node}
`,
    )
  return 0
}

const notInIt = (pushed: number | null): string =>
  pushed === null
    ? ''
    : `NOT IN IT: the schema corridor_gateway, with what the national system has pushed; ${pushed} documents wait there now (docs/backup.md).\n`

/**
 * `corridor restore FOLDER --verify [--to FOLDER]`: restores a backup into a PostgreSQL of its own and looks at all of it.
 * `corridor restore FOLDER --node NODE --reason WORDS`: puts it in the place of what is in the node's database.
 */
export async function restore(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['node', 'corridor', 'to', 'reason', 'data-key'],
    flags: ['verify', 'json'],
    words: 1,
  })
  const [folder] = words
  if (folder === undefined) throw new UsageError('Say which backup: corridor restore FOLDER --verify --node al.')
  return flags.has('verify') ? verify(folder, options, flags.has('json')) : replace(folder, options, flags.has('json'))
}

async function verify(folder: string, options: Arguments['options'], json: boolean): Promise<number> {
  const to = options.get('to')
  if (options.has('reason')) throw new UsageError('--verify changes nothing, and takes no reason.')
  const stop = new AbortController()
  // Else the PostgreSQL of this look would go on without us, with all that is in the backup.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const verified = await verifyBackup(folder, {
    dataKey: dataKeyOf(options),
    ...(to !== undefined && { to }),
    stopped: stop.signal,
    tell: (line) => process.stderr.write(`${line}\n`),
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
    return undefined
  })
  if (verified === undefined) {
    process.stderr.write('Stopped before all of it was looked at.\n')
    return 130
  }
  const why = whyNotUsed(verified)
  if (json) await print(`${JSON.stringify(report(verified, why))}\n`)
  else await print(`${told(verified)}${why === undefined ? 'This backup restores whole.' : `BROKEN: ${why}`}\n`)
  return why === undefined ? 0 : 1
}

async function replace(folder: string, options: Arguments['options'], json: boolean): Promise<number> {
  for (const name of ['to', 'data-key']) if (options.has(name)) throw new UsageError(`--${name} goes with --verify.`)
  const { readSettings } = namedNode(options, 'database is restored, or --verify')
  const reason = options.get('reason')?.trim()
  if (!reason) throw new UsageError('Say why: --reason WORDS. The journal keeps it.')
  const restored = await restoreNode(readSettings(), folder, { actor: actor(), reason })
  if (json)
    await print(
      `${JSON.stringify({ ...report(restored, undefined), before: restored.before, revoked: restored.revoked })}\n`,
    )
  else await print(`${told(restored)}${next(restored)}`)
  return 0
}

function next({ manifest, before, revoked }: RestoredNode): string {
  const kept =
    before === null
      ? ''
      : `What was there before is in the schema ${before} of the same database. When nobody needs it any more: drop schema ${before} cascade;\n`
  return `The database of ${manifest.node} is as it was at ${manifest.takenAt}. ${kept}Revoked: ${revoked.sessions} sessions, ${revoked.links} sign-in links and ${revoked.tokens} API tokens, since which of them were revoked after the backup is not known here.
Give those who are still to have one a new link (corridor login) or token (corridor token). Start the node. Then compare each day since with each partner, which brings back what is missing:
npx --no corridor reconcile PARTNER --node ${manifest.node} --day ${manifest.takenAt.slice(0, 10)} --repair --reason "restored"
`
}

function told({ manifest, sha256, bytes, rows, journal, stored }: VerifiedBackup): string {
  return `Backup of ${manifest.node} (${manifest.party}) as of ${manifest.takenAt}, PostgreSQL ${manifest.server}, manifest SHA-256 ${sha256}
${manifest.tables.length} files, ${bytes} bytes: each is what was written.
${rows} rows are restored: every table has what it had, and the keys between tables hold.
${journal.entries} journal lines under ${journal.seals} seals hold. ${headOf(manifest)}
${stored.values} documents, messages and receipts of ${stored.messages} messages open with the data key.${stored.notKept === 0 ? '' : ` ${stored.notKept} were forgotten before it was taken, as agreed.`}
`
}

const headOf = ({ head }: VerifiedBackup['manifest']): string =>
  head === null ? 'The journal had no seal yet.' : `Chain head: seal ${head.number}, hash ${head.hash}`

function report({ manifest, sha256, bytes, rows, journal, stored }: VerifiedBackup, why: string | undefined): object {
  const { node, party, takenAt, server, head, tables } = manifest
  return {
    outcome: why === undefined ? 'whole' : 'broken',
    ...(why !== undefined && { why }),
    node,
    party,
    takenAt,
    server,
    sha256,
    head,
    bytes,
    rows,
    tables: Object.fromEntries(tables.map((table) => [table.name, table.rows])),
    journal,
    stored,
  }
}

/** From a file, where nothing else of the node is at hand, or from the node's settings. */
function dataKeyOf(options: Arguments['options']): string {
  const file = options.get('data-key')
  if (file === undefined) return namedNode(options, 'data key, or give it: --data-key FILE; or').readSettings().dataKey
  let key: string
  try {
    key = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new UsageError(`--data-key: ${(error as Error).message}.`)
  }
  if (createSecretKey(Buffer.from(key, 'base64')).symmetricKeySize !== 32)
    throw new UsageError(`${file} is no data key: 32 bytes in base64.`)
  return key
}
