import { resolve } from 'node:path'
import { draftMember, type NewMember, pilotUnit } from '@corridor/joining'
import { readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

/** `corridor join init NODE …`: keys, certificate requests and a first corridor file; what is there stays. */
export async function init(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['country', 'party', 'name', 'url', 'into', 'time-zone', 'locales', 'api-port', 'as4-port'],
    flags: ['pilot'],
    words: 1,
  })
  const needed = (name: string, example: string): string => {
    const value = options.get(name)
    if (value === undefined || value === '') throw new UsageError(`Give --${name}, such as --${name} ${example}.`)
    return value
  }
  const [id] = words
  if (id === undefined) throw new UsageError('Say the name of your node: corridor join init tj --country TJ ….')
  const url = needed('url', 'https://gateway.customs.example:8443/as4')
  const member: NewMember = {
    id,
    country: needed('country', 'TJ'),
    party: needed('party', 'NTA.TJ'),
    name: needed('name', 'Tajikistan'),
    url,
    timeZone: zoneOf(options.get('time-zone') ?? 'UTC'),
    locales: (options.get('locales') ?? 'en').split(','),
    ports: {
      api: Number(options.get('api-port') ?? 8401),
      as4: Number(options.get('as4-port') ?? (URL.canParse(url) && new URL(url).port !== '' ? new URL(url).port : 443)),
    },
  }
  const folder = options.get('into') ?? id
  const draft = await draftMember(resolve(folder), member, {
    now: new Date(),
    ...(flags.has('pilot') && { pilotUnit }),
  })
  for (const path of draft.made) await print(`made  ${folder}/${path}\n`)
  for (const path of draft.kept) await print(`kept  ${folder}/${path}\n`)
  await print(
    draft.isCertified
      ? `\nNext: corridor join invite --for CC --corridor ${folder}/corridor.yaml\n`
      : `\nNext: have your authority sign ${folder}/keys/signing.csr and ${folder}/keys/tls.csr. Put what it gives beside them, in PEM:
signing.crt, tls.crt, and its own certificate as authority.crt. (For a pilot: run this again with --pilot, and an authority is
made that signs both; nobody but the fingerprint vouches for it.)\n`,
  )
  return 0
}

function zoneOf(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw new UsageError(`--time-zone “${zone}” is no time zone, such as Asia/Dushanbe.`)
  }
}
