import { matchesPMode, type PMode, readPModes, testPModeOf, type UserMessageHeader } from '@corridor/as4'
import { UsageError } from '../arguments.ts'
import { readNamed } from './keys.ts'
import type { Typed } from './options.ts'

/** Options that a P-Mode says already. */
const SAID = [
  'partner',
  'encryption-partner',
  'profile',
  'from',
  'from-type',
  'from-role',
  'to',
  'to-type',
  'to-role',
  'service',
  'service-type',
  'agreement',
  'agreement-type',
  'token',
] as const

/** The P-Modes of `--pmodes FILE`; undefined without it. Throws UsageError with every finding. */
export function readPModesFile(typed: Typed): PMode[] | undefined {
  const file = typed.text('pmodes')
  if (file === undefined) return undefined
  const twice = SAID.find((name) => typed.text(name) !== undefined)
  if (twice !== undefined) throw new UsageError(`--${twice} and --pmodes do not go together: the P-Mode says it.`)
  const read = readPModes(readNamed(file).toString(), new Date())
  if (read.ok) return read.value
  const lines = read.findings.map(({ place, text, remedy }) => `  ${place || '/'} ${text} ${remedy}`)
  throw new UsageError(`“${file}” has no sound P-Modes:\n${lines.join('\n')}`)
}

/** The one of them that is meant: the one that `--pmode ID` names, or the only one, of the channel if one is given. Throws UsageError. */
export function pickPMode(typed: Typed, all: readonly PMode[]): PMode {
  const mpc = typed.text('mpc')
  const pmodes = mpc === undefined ? all : all.filter((each) => each.mpc === mpc)
  const id = typed.text('pmode')
  const [only] = pmodes.length === 1 ? pmodes : []
  const found = id === undefined ? only : pmodes.find((each) => each.id === id)
  const there = pmodes.map((each) => each.id).join(', ') || 'none'
  if (!found)
    throw new UsageError(`${id === undefined ? 'Give --pmode' : `There is no P-Mode “${id}”`}. There are: ${there}.`)
  return found
}

/** Selects by header, the test service of each P-Mode included. */
export function selectFrom(pmodes: readonly PMode[]): (header: UserMessageHeader) => PMode | undefined {
  const all = pmodes.flatMap((pmode) => [pmode, testPModeOf(pmode)].filter((each) => each !== undefined))
  return (header) => all.find((pmode) => matchesPMode(pmode, header))
}
