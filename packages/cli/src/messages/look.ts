import { writeFileSync } from 'node:fs'
import type { MessageDetailView, MessageView } from '@corridor/node'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { safe } from '../documents/for-people.ts'
import { print } from '../print.ts'
import { filterOptions, typedFilter } from './filter.ts'
import { asOperator, operatorOptions } from './operator.ts'

/** `corridor messages list`: what is asked, the newest first. */
export async function list(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: [...operatorOptions, ...filterOptions, 'limit', 'cursor'],
    flags: ['json'],
    words: 0,
  })
  const query = new URLSearchParams(typedFilter(options))
  for (const name of ['limit', 'cursor']) if (options.has(name)) query.set(name, options.get(name) ?? '')
  const page = await asOperator(options, (operator) =>
    operator.get<{ messages: MessageView[]; next: string | null }>(`/exchange/messages?${query.toString()}`),
  )
  if (flags.has('json')) await print(`${JSON.stringify(page)}\n`)
  else if (page.messages.length === 0) await print('There is no such message.\n')
  else await print(table(page.messages) + (page.next === null ? '' : `More: --cursor ${page.next}\n`))
  return 0
}

/** `corridor messages count`. */
export async function count(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: [...operatorOptions, ...filterOptions],
    flags: ['json'],
    words: 0,
  })
  const query = new URLSearchParams(typedFilter(options)).toString()
  const found = await asOperator(options, (operator) =>
    operator.get<{ count: number; atLeast: boolean }>(`/exchange/messages/count?${query}`),
  )
  await print(flags.has('json') ? `${JSON.stringify(found)}\n` : `${found.count}${found.atLeast ? ' or more' : ''}\n`)
  return 0
}

/** `corridor messages show ID`: one message with what happened to it and its conversation. */
export async function show(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: operatorOptions, flags: ['json'], words: 1 })
  const id = idIn(words)
  const found = await asOperator(options, (operator) => operator.get<MessageDetailView>(`/exchange/messages/${id}`))
  await print(flags.has('json') ? `${JSON.stringify(found)}\n` : forPeople(found))
  return 0
}

/** `corridor messages document|raw|receipt ID [--out FILE]`: bytes that are kept of a message. */
export const bytes =
  (kept: 'document' | 'raw' | 'receipt') =>
  async (typed: string[]): Promise<number> => {
    const { words, options } = readArguments(typed, { options: [...operatorOptions, 'out'], words: 1 })
    const id = idIn(words)
    const { body, contentType } = await asOperator(options, (operator) =>
      operator.bytes(`/exchange/messages/${id}/${kept}`),
    )
    const file = options.get('out')
    if (file === undefined) await print(body)
    else writeFileSync(file, body)
    await print(`${body.length} bytes, ${safe(contentType, 300)}\n`, process.stderr)
    return 0
  }

export function idIn(words: Arguments['words']): string {
  const [id = ''] = words
  if (!/^(in|out)-[1-9]\d{0,17}$/.test(id)) throw new UsageError('Say which message, as lists name it: in-12 or out-7.')
  return id
}

/** Messages as lines of a table. */
export function table(messages: readonly MessageView[]): string {
  return columns(
    messages.map(({ id, at, type, from, to, conversation, state, verdict, tries }) => [
      id,
      at,
      type,
      `${safe(from.id)} > ${safe(to.id)}`,
      safe(conversation),
      state,
      `tries ${tries}`,
      verdict.code,
    ]),
  )
}

function forPeople(found: MessageDetailView): string {
  const { id, messageId, type, from, to, link, reason, verdict, bytes: sizes, damaged, journal, messages } = found
  const kept = Object.entries(sizes).map(([name, size]) => `${name} ${size === null ? 'none' : `${size} bytes`}`)
  const envelope = found.envelope === null ? '' : ` (${found.envelope.kind})`
  return [
    `${id}  ${type}  ${safe(from.name)} > ${safe(to.name)}  ${safe(messageId)}\n`,
    `  ${verdict.code}: ${verdict.words} ${verdict.remedy}\n`,
    reason === null ? '' : `  reason: ${safe(reason, 1_000)}\n`,
    `  by ${link}${envelope}; kept: ${kept.join(', ')}\n`,
    damaged.length === 0 ? '' : `  CHANGED BY THE DISK: ${damaged.join(', ')}\n`,
    'What happened to it:\n',
    columns(
      journal.map(({ at, kind, actor, detail }) => [
        `  ${String(at)}`,
        kind,
        safe(actor ?? '-'),
        detail === null ? '' : safe(JSON.stringify(detail), 300),
      ]),
    ),
    'Its conversation:\n',
    table(messages),
  ].join('')
}
