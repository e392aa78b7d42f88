import { parseArgs } from 'node:util'
import { UsageError } from '../arguments.ts'

const TEXTS = [
  'key',
  'cert',
  'partner',
  'encryption-key',
  'encryption-cert',
  'encryption-partner',
  'profile',
  'pmodes',
  'pmode',
  'from',
  'from-type',
  'from-role',
  'to',
  'to-type',
  'to-role',
  'service',
  'service-type',
  'action',
  'agreement',
  'agreement-type',
  'mpc',
  'token',
  'conversation',
  'message-id',
  'ref-to',
  'mime',
  'ca',
  'pin',
  'tls-cert',
  'tls-key',
  'client-ca',
  'timeout',
  'retry',
  'interval',
  'host',
  'path',
  'port',
  'out',
  'capture',
  'fail',
  'max',
  'sent',
] as const
const LISTS = ['property'] as const
const FLAGS = ['no-encrypt', 'no-compress', 'json'] as const

type TextName = (typeof TEXTS)[number]
type ListName = (typeof LISTS)[number]
type FlagName = (typeof FLAGS)[number]

/** What was typed after `corridor as4 …`. */
export interface Typed {
  words: string[]
  text(name: TextName): string | undefined
  /** Throws UsageError, saying what the option is for. */
  needed(name: TextName, what: string): string
  /** A whole number of 0 or more; throws UsageError. */
  number(name: TextName): number | undefined
  list(name: ListName): string[]
  flag(name: FlagName): boolean
}

const options = Object.fromEntries([
  ...TEXTS.map((name) => [name, { type: 'string' as const }]),
  ...LISTS.map((name) => [name, { type: 'string' as const, multiple: true }]),
  ...FLAGS.map((name) => [name, { type: 'boolean' as const }]),
]) as Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>

/**
 * Reads what was typed. `allowed` names the options that the command has; an option that only another command has is
 * as wrong as one that nobody has.
 */
export function readTyped(typed: string[], words: number, allowed: readonly string[]): Typed {
  let parsed: { values: Record<string, unknown>; positionals: string[] }
  try {
    parsed = parseArgs({ args: typed, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(inOurWords(error as Error & { code?: string }))
  }
  const { values, positionals } = parsed
  for (const name of Object.keys(values)) {
    if (!allowed.includes(name)) throw new UsageError(`There is no option --${name} here.`)
  }
  if (positionals.length > words) throw new UsageError(`“${positionals[words]}” is one word too many.`)
  const text = (name: TextName): string | undefined => values[name] as string | undefined
  return {
    words: positionals,
    text,
    needed(name, what) {
      const value = text(name)
      if (value === undefined || value === '') throw new UsageError(`Give --${name}: ${what}.`)
      return value
    },
    number(name) {
      const value = text(name)
      if (value === undefined) return undefined
      if (!/^\d{1,9}$/.test(value)) throw new UsageError(`--${name} takes a whole number, not “${value}”.`)
      return Number(value)
    },
    list: (name) => (values[name] as string[] | undefined) ?? [],
    flag: (name) => values[name] === true,
  }
}

function inOurWords({ message, code }: Error & { code?: string }): string {
  const name = /'(?:-\w, )?(--?[\w-]+)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${name}.`
  if (/does not take an argument/.test(message)) return `${name} takes no value.`
  return `${name} needs a value.`
}
