import { readFileSync } from 'node:fs'
import type { BatchItemView, BatchView, DryRunView, TrialView } from '@corridor/node'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { safe } from '../documents/for-people.ts'
import { print } from '../print.ts'
import { filterOptions, typedFilter } from './filter.ts'
import { idIn } from './look.ts'
import { asOperator, operatorOptions } from './operator.ts'

const acts = ['resend', 'replay', 'park', 'discard']

/**
 * `corridor messages batch ACT FILTER…`: without `--digest` what it would be about, and how to ask for it; with the digest of that and a
 * reason it is asked for.
 */
export async function batch(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: [...operatorOptions, ...filterOptions, 'reason', 'digest', 'count'],
    flags: ['json'],
    words: 1,
  })
  const [act = ''] = words
  if (!acts.includes(act)) throw new UsageError(`Say what is to be done: corridor messages batch ${acts.join('|')}.`)
  const wish = { act, filter: typedFilter(options) }
  const digest = options.get('digest')
  if (digest === undefined) {
    if (options.has('reason') || options.has('count'))
      throw new UsageError('Make the dry run first, without --reason and --count: it prints the --digest to ask with.')
    const set = await asOperator(options, (operator) => operator.post<DryRunView>('/exchange/batches/dry-run', wish))
    await print(flags.has('json') ? `${JSON.stringify(set)}\n` : dryRunText(set))
    return 0
  }
  const body = { ...wish, digest, reason: reasonIn(options), ...countIn(options) }
  return tell(options, flags, (operator) => operator.post('/exchange/batches', body))
}

/** `corridor messages correct ID --document FILE --reason WORDS`. */
export async function correct(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: [...operatorOptions, 'document', 'reason'],
    flags: ['json'],
    words: 1,
  })
  const id = idIn(words)
  const file = options.get('document')
  if (file === undefined) throw new UsageError('Say where the corrected document is: --document FILE.')
  let document: string
  try {
    document = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`The document cannot be read: ${(error as Error).message}.`)
  }
  const body = { document, reason: reasonIn(options) }
  return tell(options, flags, (operator) => operator.post(`/exchange/messages/${id}/corrections`, body))
}

/** `corridor messages approve N`. */
export async function approve(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: operatorOptions, flags: ['json'], words: 1 })
  const id = numberIn(words)
  return tell(options, flags, (operator) => operator.post(`/exchange/batches/${id}/approval`, {}))
}

/** `corridor messages refuse N --reason WORDS`. */
export async function refuse(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: [...operatorOptions, 'reason'],
    flags: ['json'],
    words: 1,
  })
  const id = numberIn(words)
  const body = { reason: reasonIn(options) }
  return tell(options, flags, (operator) => operator.post(`/exchange/batches/${id}/refusal`, body))
}

/** `corridor messages batches [--state STATE]`. */
export async function batches(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: [...operatorOptions, 'state', 'before', 'limit'],
    flags: ['json'],
    words: 0,
  })
  const query = new URLSearchParams()
  for (const name of ['state', 'before', 'limit']) if (options.has(name)) query.set(name, options.get(name) ?? '')
  const page = await asOperator(options, (operator) =>
    operator.get<{ batches: BatchView[]; next: string | null }>(`/exchange/batches?${query.toString()}`),
  )
  if (flags.has('json')) await print(`${JSON.stringify(page)}\n`)
  else if (page.batches.length === 0) await print('There is no such batch.\n')
  else await print(page.batches.map(batchText).join('') + (page.next === null ? '' : `More: --before ${page.next}\n`))
  return 0
}

/** `corridor messages result N [--outcome OUTCOME]`: what became of each message. Exit code 1 when some were refused. */
export async function result(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: [...operatorOptions, 'outcome', 'after', 'limit'],
    flags: ['json'],
    words: 1,
  })
  const id = numberIn(words)
  const query = new URLSearchParams()
  for (const name of ['outcome', 'after', 'limit']) if (options.has(name)) query.set(name, options.get(name) ?? '')
  const { head, page } = await asOperator(options, async (operator) => ({
    head: await operator.get<{ batch: BatchView }>(`/exchange/batches/${id}`),
    page: await operator.get<{ items: BatchItemView[]; next: number | null }>(
      `/exchange/batches/${id}/messages?${query.toString()}`,
    ),
  }))
  if (flags.has('json')) await print(`${JSON.stringify({ ...head, ...page })}\n`)
  else {
    const lines = page.items.map(({ id: name, messageId, outcome, words: said, detail }) => [
      `  ${name}`,
      safe(messageId),
      outcome ?? 'left',
      [said, detail]
        .filter((each) => each !== null)
        .map((each) => safe(each, 500))
        .join(' '),
    ])
    await print(batchText(head.batch) + columns(lines) + (page.next === null ? '' : `More: --after ${page.next}\n`))
  }
  return head.batch.refused > 0 ? 1 : 0
}

/** `corridor messages trial ID`: what would be decided on a message if it came now. */
export async function trial(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: operatorOptions, flags: ['json'], words: 1 })
  const id = idIn(words)
  const found = await asOperator(options, (operator) => operator.post<TrialView>(`/exchange/messages/${id}/trial`, {}))
  if (flags.has('json')) await print(`${JSON.stringify(found)}\n`)
  else {
    const said = { decided: 'It would be decided on.', waits: 'It would wait.', failed: 'Deciding on it would fail.' }
    const owed = found.documents.map(({ type, to, refuses }) => [
      `  ${type}`,
      `to ${safe(to)}`,
      refuses ? 'refuses it' : '',
    ])
    const reason = found.reason === null ? '' : ` ${safe(found.reason, 1_000)}`
    await print(`${said[found.outcome]}${reason} Nothing of it was kept or sent.\n${columns(owed)}`)
  }
  return found.outcome === 'failed' ? 1 : 0
}

async function tell(
  options: Arguments['options'],
  flags: Arguments['flags'],
  ask: (operator: { post<Answer>(path: string, body: object): Promise<Answer> }) => Promise<{ batch: BatchView }>,
): Promise<number> {
  const { batch: made } = await asOperator(options, ask)
  await print(flags.has('json') ? `${JSON.stringify(made)}\n` : batchText(made))
  return 0
}

function reasonIn(options: Arguments['options']): string {
  const reason = options.get('reason')
  if (reason === undefined) throw new UsageError('Say why: --reason WORDS. The journal keeps it.')
  return reason
}

function countIn(options: Arguments['options']): { count?: number } {
  const text = options.get('count')
  if (text === undefined) return {}
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new UsageError('--count takes the number of messages, as the dry run says it.')
  return { count: Number(text) }
}

function numberIn([id = '']: Arguments['words']): string {
  if (!/^[1-9]\d{0,17}$/.test(id))
    throw new UsageError('Say which batch, by its number: corridor messages batches lists them.')
  return id
}

function batchText({ id, act, state, messages, done, already, refused, ...batch }: BatchView): string {
  const { requestedBy, requestedAt, decidedBy, decidedAt, decidedReason, reason } = batch
  const decided =
    decidedBy === null ? '' : `, ${state === 'done' ? 'approved' : state} by ${safe(decidedBy.name)} ${decidedAt ?? ''}`
  const counts =
    state === 'approved' || state === 'done' ? `: ${done} done, ${already} need nothing, ${refused} refused` : ''
  return [
    `Batch ${id}  ${act}  ${state}  ${messages} messages${counts}\n`,
    `  “${safe(reason, 500)}”, asked for by ${safe(requestedBy.name)} ${requestedAt}${decided}\n`,
    decidedReason === null ? '' : `  “${safe(decidedReason, 500)}”\n`,
  ].join('')
}

function dryRunText({ act, count, digest, isEverything, outcomes, messages }: DryRunView): string {
  if (count === 0) return 'There is no such message.\n'
  const lines = outcomes.map(({ outcome, words, count: of }) => [
    of,
    outcome === 'do' ? act : 'nothing',
    safe(words ?? ''),
  ])
  const listed = messages.map(({ id, messageId, state, why }) => [`  ${id}`, safe(messageId), state, why ?? act])
  return [
    `${count} messages. Nothing has been done.\n`,
    columns(lines),
    columns(listed),
    count > messages.length ? `  … and ${count - messages.length} more\n` : '',
    isEverything ? 'These are ALL messages there are.\n' : '',
    `To ask for it: the same with --digest ${digest}${isEverything ? ` --count ${count}` : ''} --reason WORDS\n`,
  ].join('')
}
