import { setTimeout as pause } from 'node:timers/promises'
import {
  type CorridorNode,
  defaultCorridor,
  isDay,
  readCorridor,
  type ReconciliationDesk,
  type ReconciliationView,
  withReconciliation,
} from '@corridor/node'
import { actor } from '../actor.ts'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { namedNode } from '../node-settings.ts'
import { print } from '../print.ts'

/** How differences are told to people. */
const kinds: Record<string, string> = {
  'missing-there': 'the partner had it, by its receipt, and has it no more',
  'missing-here': 'the partner has sent it, by our receipt, and it is not here any more',
  'no-receipt': 'the partner has it, and its receipt is not here',
  'unknown-here': 'the partner has it from us, and this node does not remember it',
  'unknown-there': 'it came from the partner, which does not remember it',
  differs: 'another document on each side under the same id',
  'under-way': 'on its way (no difference)',
  question: 'the partner has not said yet',
}

/** So long the answer is waited for. */
const usualSeconds = 60
const lookEveryMs = 250
const shown = 200

/** `corridor reconcile PARTNER --node NODE`: a day held against what the partner has of it; exit code 1 when it is not the same. */
export async function reconcile(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['node', 'corridor', 'day', 'reason', 'show', 'seconds'],
    flags: ['repair', 'json'],
    words: 1,
  })
  const { node, readSettings } = namedNode(options, 'partner')
  const corridor = readCorridor(options.get('corridor') ?? defaultCorridor)
  const others = corridor.nodes.filter(({ id }) => id !== node.id)
  const settings = readSettings()
  const linked = others.filter(({ id }) => settings.partners.some((partner) => partner.node === id))
  const asked = askedFor(options, flags, words[0], linked)
  return withReconciliation(settings, { own: node, parties: linked.map(({ party }) => party) }, async (desk) => {
    const number = 'show' in asked ? asked.show : await begin(desk, asked)
    const run = await waitFor(desk, number, asked.seconds)
    await print(flags.has('json') ? `${JSON.stringify(await whole(desk, run))}\n` : await forPeople(desk, run))
    return isRight(run) ? 0 : 1
  })
}

type Asked = { seconds: number } & (
  | { show: number }
  | { partner: string; day: string | undefined; repair: boolean; reason: string }
)

function askedFor(
  options: Arguments['options'],
  flags: ReadonlySet<string>,
  word: string | undefined,
  linked: readonly CorridorNode[],
): Asked {
  const seconds = numberIn(options, 'seconds', 'so many seconds for the answer') ?? usualSeconds
  const show = numberIn(options, 'show', 'the number of a comparison')
  if (show !== undefined) return { seconds, show }
  const partner = linked.find(({ id, party }) => id === word || party === word)
  if (partner === undefined)
    throw new UsageError(`Say with which partner: ${linked.map(({ id, party }) => `${id} (${party})`).join(', ')}.`)
  const day = options.get('day')
  if (day !== undefined && !isDay(day)) throw new UsageError(`“${day}” is no day: --day 2026-11-30, by UTC.`)
  const repair = flags.has('repair')
  const reason = options.get('reason')?.trim()
  if (repair && (reason === undefined || reason.length < 3))
    throw new UsageError('Say why it is mended: --reason WORDS. The journal keeps it.')
  return { seconds, partner: partner.party, day, repair, reason: reason ?? 'asked for on the command line' }
}

function numberIn(options: Arguments['options'], name: string, what: string): number | undefined {
  const text = options.get(name)
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--${name} takes ${what}.`)
  return Number(text)
}

async function begin(desk: ReconciliationDesk, asked: Exclude<Asked, { show: number }>): Promise<number> {
  const { partner, repair, reason, day = desk.yesterday() } = asked
  const wanted = await desk.want({ partner, day, repair, reason, actor: actor() })
  if (wanted.kind === 'wanted') return wanted.number
  throw new UsageError(wanted.kind === 'day' ? `${wanted.why}.` : 'The running node does not know this partner.')
}

/** The comparison when it has come to its end; after its repair the one that shows what that came to. As it stands when time is over. */
async function waitFor(desk: ReconciliationDesk, first: number, seconds: number): Promise<ReconciliationView> {
  const until = performance.now() + seconds * 1_000
  let number = first
  for (;;) {
    const run = await desk.one(number)
    if (run === undefined) throw new UsageError(`There is no comparison ${number}.`)
    const follower = run.repair === 'ended' ? await desk.follower(number) : undefined
    if (follower !== undefined) number = follower.number
    else if (hasEnded(run) || performance.now() > until) return run
    else await pause(lookEveryMs)
  }
}

const hasEnded = ({ state, repair }: ReconciliationView): boolean =>
  state === 'refused' || (state === 'compared' && (repair === null || repair === 'ended'))

const isRight = (run: ReconciliationView): boolean => run.state === 'compared' && run.open === 0 && hasEnded(run)

async function whole(desk: ReconciliationDesk, run: ReconciliationView): Promise<object> {
  return { ...run, messages: await desk.differences(run.number, undefined, shown) }
}

/** What was found before it, and mended. */
async function followed(desk: ReconciliationDesk, { follows }: ReconciliationView): Promise<string[]> {
  const before = follows === null ? undefined : await desk.one(follows)
  if (before === undefined) return []
  const found = Object.entries(before.differences).map(([kind, count]) => `  ${count}  ${kinds[kind] ?? kind}`)
  return [
    `Comparison ${before.number} had found (--show ${before.number}):`,
    ...found,
    `Not mended of it: ${before.open}.`,
  ]
}

async function forPeople(desk: ReconciliationDesk, run: ReconciliationView): Promise<string> {
  const { number, partner, day, state, own, theirs } = run
  const lines = [`Comparison ${number}: ${day} (UTC) with ${partner}`]
  if (state === 'wanted') lines.push('It has not begun: the node of this administration is not running.')
  if (state === 'asked') lines.push(`${partner} has not answered yet: look again with --show ${number}.`)
  if (state === 'refused') lines.push(`It came to no result: ${run.refusal ?? ''}`)
  if (own !== null && theirs !== null) {
    lines.push(`  sent      ${own.sent.count} here, ${theirs.received.count} at the partner`)
    lines.push(`  received  ${own.received.count} here, ${theirs.sent.count} at the partner`)
  }
  lines.push(...(await followed(desk, run)))
  if (state !== 'compared') return `${lines.join('\n')}\n`
  if (run.isSame) lines.push('Both sides have the very same messages.')
  for (const [kind, count] of Object.entries(run.differences)) lines.push(`  ${count}  ${kinds[kind] ?? kind}`)
  const differences = await desk.differences(number, undefined, shown)
  for (const { direction, messageId, kind, documentType, conversation, settled, told } of differences)
    lines.push(
      [
        `    ${direction === 'out' ? 'sent' : 'received'} ${messageId}`,
        documentType ?? '',
        conversation ?? '',
        `${kind}${settled ? ', mended' : ''}`,
        told ?? '',
      ]
        .filter((part) => part !== '')
        .join('  '),
    )
  const all = Object.values(run.differences).reduce((sum, count) => sum + count, 0)
  if (all > shown) lines.push(`    … and ${all - shown} more`)
  if (run.open > 0 && run.repair === null)
    lines.push('With --repair --reason WORDS only what is missing is sent again, on both sides.')
  return `${lines.join('\n')}\n`
}
