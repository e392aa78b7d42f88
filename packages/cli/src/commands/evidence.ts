import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { isMrn } from '@corridor/customs'
import { type CorridorNode, defaultCorridor, readCorridor, takeEvidence } from '@corridor/node'
import { actor } from '../actor.ts'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { settingsOf } from '../node-settings.ts'

/**
 * `corridor evidence MRN [--node NODE] [--out FILE] [--reason WORDS]`: everything that proves what was exchanged about a movement, in one
 * signed file. Without a node that of the MRN's country, else the first that knows the movement.
 */
export async function evidence(typed: string[]): Promise<number> {
  const { words, options } = readArguments(typed, { options: ['node', 'corridor', 'out', 'reason'], words: 1 })
  const [mrn] = words
  if (mrn === undefined) throw new UsageError('Say of which movement: corridor evidence 26AL….')
  if (!isMrn(mrn)) throw new UsageError(`“${mrn}” is no MRN: 18 characters, the last of which checks the others.`)
  const out = options.get('out') ?? `${mrn}.asice`
  const reason = options.get('reason')
  const who = { actor: actor(), ...(reason !== undefined && { reason }) }
  const name = options.get('corridor') ?? defaultCorridor
  const corridor = readCorridor(name)
  const nodes = asked(corridor.nodes, mrn, options)
  // Before anything is taken, which the journal would tell of.
  const file = opened(out)
  let taken: Uint8Array | undefined
  try {
    for (const node of nodes) {
      taken = await takeEvidence(settingsOf(name, corridor, node), mrn, who)
      if (taken === undefined) continue
      writeFileSync(file, taken)
      process.stdout.write(`${out}: ${taken.length} bytes, what ${node.party} has of ${mrn}.\n`)
      return 0
    }
  } finally {
    closeSync(file)
    if (taken === undefined) rmSync(out)
  }
  process.stderr.write(`${mrn} is unknown to ${options.get('node') ?? `every node of ${corridor.id}`}.\n`)
  return 1
}

/** A new file that nobody else on this machine reads. */
function opened(out: string): number {
  try {
    return openSync(out, 'wx', 0o600)
  } catch (error) {
    throw new UsageError(`${out} cannot be written: ${(error as Error).message}. Name another file with --out.`)
  }
}

/** The nodes to ask, one after the other. A database that is given is that of one node only. */
function asked(nodes: readonly CorridorNode[], mrn: string, options: Arguments['options']): CorridorNode[] {
  const named = options.get('node')
  const names = nodes.map(({ id }) => id).join(' or --node ')
  if (named === undefined) {
    if (process.env['DATABASE_URL']) throw new UsageError(`Say whose database DATABASE_URL is: --node ${names}.`)
    return [...nodes].sort((a, b) => Number(isOf(b, mrn)) - Number(isOf(a, mrn)))
  }
  const node = nodes.find(({ id }) => id === named)
  if (node === undefined) throw new UsageError(`Say whose evidence: --node ${names}.`)
  return [node]
}

/** An MRN has the country that gave it in its third and fourth character. */
const isOf = ({ country }: CorridorNode, mrn: string): boolean => mrn.slice(2, 4) === country
