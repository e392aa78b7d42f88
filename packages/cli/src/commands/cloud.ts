import { readFileSync, statSync } from 'node:fs'
import {
  bucketPolicy,
  checkObjectStore,
  prepareObjectStore,
  type StoreSettings,
  storeSettings,
  tidyObjectStore,
} from '@corridor/carriers'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

const verbs: Readonly<Record<string, (typed: string[]) => Promise<number>>> = { policy, prepare, check, tidy }

/** Objects live thirty days. */
const usualDays = 31
const dayMs = 86_400_000

/** `corridor cloud policy|prepare|check|tidy`: the cloud store, for whoever runs it and whoever joins it. */
export async function cloud([what = '', ...typed]: string[]): Promise<number> {
  const verb = Object.hasOwn(verbs, what) ? verbs[what] : undefined
  if (verb === undefined) throw new UsageError(`Say what to do with the cloud store: ${Object.keys(verbs).join(', ')}.`)
  return verb(typed)
}

async function policy(typed: string[]): Promise<number> {
  const { options, lists } = readArguments(typed, { options: ['bucket'], lists: ['member'], words: 0 })
  const bucket = options.get('bucket')
  if (bucket === undefined) throw new UsageError('Say of which bucket: --bucket NAME.')
  await print(`${JSON.stringify(bucketPolicy(bucket, membersIn(lists)), null, 2)}\n`)
  return 0
}

async function prepare(typed: string[]): Promise<number> {
  const { options, lists } = readArguments(typed, { options: ['settings'], lists: ['member'], words: 0 })
  const members = membersIn(lists)
  const settings = settingsIn(options)
  await prepareObjectStore(settings, members)
  await print(`The bucket ${settings.bucket} is there, and its policy is that of ${[...members.keys()].join(', ')}.\n`)
  return 0
}

async function check(typed: string[]): Promise<number> {
  const { options, lists, flags } = readArguments(typed, {
    options: ['settings', 'party'],
    lists: ['other'],
    flags: ['json'],
    words: 0,
  })
  const party = options.get('party')
  const others = lists.get('other') ?? []
  if (party === undefined || others.length === 0)
    throw new UsageError(
      'Say which member these credentials are of, and at least one other: --party PARTY --other PARTY.',
    )
  const trials = await checkObjectStore(settingsIn(options), { party, others })
  const wrong = trials.filter(({ isRight }) => !isRight)
  const lines = trials.map(({ what, isRight, instead }) => (isRight ? `yes  ${what}` : `NO   ${what}: ${instead}`))
  await print(
    flags.has('json')
      ? `${JSON.stringify(trials)}\n`
      : `${lines.join('\n')}\n${wrong.length === 0 ? 'The store keeps its members apart.' : 'This store must not be used as it is: apply the policy that `corridor cloud policy` prints.'}\n`,
  )
  return wrong.length === 0 ? 0 : 1
}

async function tidy(typed: string[]): Promise<number> {
  const { options } = readArguments(typed, { options: ['settings', 'days'], words: 0 })
  const text = options.get('days') ?? String(usualDays)
  const days = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0
  if (days < usualDays) throw new UsageError(`--days takes a whole number from ${usualDays}: objects live thirty days.`)
  const removed = await tidyObjectStore(settingsIn(options), { olderThan: new Date(Date.now() - days * dayMs) })
  await print(`Removed: ${removed} objects that lay there for more than ${days} days.\n`)
  return 0
}

/** The principals of the store by party. */
function membersIn(lists: Arguments['lists']): Map<string, string> {
  const given = (lists.get('member') ?? []).map((text): [string, string] => {
    const [, party, principal] = /^([^=\s]+)=(\S+)$/.exec(text) ?? []
    if (party === undefined || principal === undefined)
      throw new UsageError(`“${text}” is not PARTY=PRINCIPAL: the principal is how the store calls the member.`)
    return [party, principal]
  })
  if (given.length < 2) throw new UsageError('Name the members, two at least: --member PARTY=PRINCIPAL.')
  const members = new Map(given)
  if (members.size < given.length || new Set(members.values()).size < given.length)
    throw new UsageError('Each party and each principal is named once.')
  return members
}

function settingsIn(options: Arguments['options']): StoreSettings {
  const file = options.get('settings')
  if (file === undefined) throw new UsageError('Say where endpoint and credentials are: --settings FILE.')
  let text: string
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw new UsageError(`Others can read ${file}: chmod 600 it, and take new credentials.`)
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`The settings cannot be read: ${(error as Error).message}.`)
  }
  return storeSettings(text)
}
