import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checkEvidence, type CheckOptions, type EvidenceReport } from '@corridor/evidence'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { safe } from '../documents/for-people.ts'
import { print } from '../print.ts'

/**
 * `corridor verify FILE [--trust FILE] [--key FILE --certificate FILE] [--json]`: whether evidence is what was exchanged. Needs no database,
 * no network and no corridor file. Exit code 1 when anything fails.
 */
export async function verify(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['trust', 'key', 'certificate'],
    flags: ['json'],
    words: 1,
  })
  const [file] = words
  if (file === undefined) throw new UsageError('Say which file: corridor verify 26AL….asice.')
  const report = await checkEvidence(read(file), optionsOf(options))
  await print(flags.has('json') ? `${JSON.stringify(report)}\n` : forPeople(report))
  return report.sound ? 0 : 1
}

function optionsOf(options: Arguments['options']): CheckOptions {
  const [trust, key, certificate] = ['trust', 'key', 'certificate'].map((name) => options.get(name))
  if ((key === undefined) !== (certificate === undefined))
    throw new UsageError('What is withheld opens with both: --key FILE --certificate FILE.')
  const trusted = trust === undefined ? undefined : certificatesIn(trust)
  const own = key === undefined || certificate === undefined ? [] : [pairOf(key, certificate)]
  return { ...(trusted && { trusted }), own }
}

function pairOf(key: string, certificate: string): NonNullable<CheckOptions['own']>[number] {
  const [own] = certificatesIn(certificate)
  try {
    const privateKey = createPrivateKey(read(key))
    if (own === undefined || !own.checkPrivateKey(privateKey)) throw new Error(`it is not the key of ${certificate}`)
    return { certificate: own, privateKey }
  } catch (error) {
    throw new UsageError(`${key} is no private key that helps: ${(error as Error).message}.`)
  }
}

function certificatesIn(file: string): X509Certificate[] {
  const blocks =
    read(file)
      .toString('latin1')
      .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new UsageError(`${file} has no certificate (PEM).`)
  try {
    return blocks.map((pem) => new X509Certificate(pem))
  } catch (error) {
    throw new UsageError(`${file} has a certificate that cannot be read: ${(error as Error).message}.`)
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}.`)
  }
}

/** Characters of what is said of a file. */
const longest = 2_000

const signs = { holds: 'ok  ', fails: 'FAIL', note: 'note' } as const

function forPeople({ sound, movement, messages, taken, signers, found }: EvidenceReport): string {
  // Who made the file chose most of these words: none of them is to speak to the terminal.
  const lines = found.map(({ place, what, result, reason }) => {
    const said = `${signs[result]} ${safe(place)}: ${safe(what, longest)}`
    return result === 'fails' ? `${said} – no: ${safe(reason ?? '', longest)}` : said
  })
  if (movement !== undefined && taken !== undefined)
    lines.push(
      '',
      `Movement ${safe(movement)}, ${messages} messages, taken by ${safe(taken.party)} at ${safe(taken.at)}.`,
    )
  if (signers.length > 0) {
    const isCompared = signers.every(({ trusted }) => trusted !== undefined)
    lines.push(
      isCompared
        ? 'Signed with:'
        : 'Signed with these certificates. Compare their SHA-256 with what each party tells you, or use --trust FILE:',
    )
    for (const { party, sha256, subject, trusted } of signers)
      lines.push(
        `  ${safe(party)}  ${safe(sha256.match(/../g)?.join(':').toUpperCase() ?? '')}  ${safe(subject, longest)}${trusted === undefined ? '' : trusted ? '  (trusted)' : '  (NOT trusted)'}`,
      )
  }
  const failed = found.filter(({ result }) => result === 'fails').length
  const noted = found.filter(({ result }) => result === 'note').length
  lines.push(
    '',
    sound
      ? `It holds: ${found.length - noted} checks${noted > 0 ? `; ${noted} notes say what could not be looked at` : ''}.`
      : `REFUSED: ${failed} of ${found.length - noted} checks fail.`,
  )
  return `${lines.join('\n')}\n`
}
