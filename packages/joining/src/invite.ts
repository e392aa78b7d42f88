import { join } from 'node:path'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readListPart } from '@corridor/tables'
import { JoinFault } from './faults.ts'
import { type Invitation, readInvitation, writeInvitation } from './invitation.ts'
import { type OwnCorridor, ownPapers } from './own.ts'

const dayMs = 86_400_000

/** How long an invitation is good for, unless told: a letter and a telephone call. */
export const usualDays = 14

/**
 * Makes an invitation for another country, signed with our signing key; it is read back before it is given out.
 * @param agreement that of the link with this country where there is one, else one that both sides come to by themselves
 * @throws JoinFault
 */
export async function invite(
  corridor: OwnCorridor,
  asked: { country: string; agreement?: string; days?: number; isTest?: boolean },
  now: Date,
): Promise<{ text: string; fingerprint: string; invitation: Invitation }> {
  const { own } = corridor
  const papers = ownPapers(corridor, now)
  if (!/^[A-Z]{2}$/.test(asked.country))
    throw new JoinFault(
      'join.bad-value',
      `--for “${asked.country}” is no ISO 3166 code of two capital letters, such as TJ.`,
    )
  if (asked.country === own.country) throw new JoinFault('join.bad-value', `--for ${asked.country} is our own country.`)
  const { days = usualDays } = asked
  if (!Number.isInteger(days) || days < 1 || days > 90)
    throw new JoinFault('join.bad-value', `--days “${days}” is no whole number from 1 to 90.`)
  const agreement = asked.agreement ?? agreementWith(corridor, asked.country, now)
  if (!/^[\w.-]{1,80}$/.test(agreement))
    throw new JoinFault(
      'join.bad-value',
      `--agreement “${agreement}”: up to 80 letters, digits, dots, hyphens, underlines.`,
    )
  const invitation: Invitation = {
    from: {
      id: own.id,
      party: own.party,
      country: own.country,
      name: own.name,
      domain: own.domain,
      timeZone: own.timeZone,
      locales: own.locales,
      paperLanguage: own.paperLanguage,
      isTest: asked.isTest === true,
    },
    for: asked.country,
    agreement,
    endpoint: papers.url,
    certificates: { signing: papers.signing.certificate, tls: papers.tls, authority: papers.authority },
    offices: corridor.corridor.offices
      .filter(({ country }) => country === own.country)
      .map(({ reference, name, roles }) => ({ reference, name, roles })),
    officeList: ownOfficeList(corridor),
    issuedAt: now,
    expiresAt: new Date(now.getTime() + days * dayMs),
  }
  const text = await writeInvitation(invitation, papers.signing)
  const { fingerprint } = await readInvitation(Buffer.from(text), 'our own invitation', now)
  return { text, fingerprint, invitation }
}

function agreementWith({ corridor, own }: OwnCorridor, country: string, now: Date): string {
  const other = corridor.nodes.find((node) => node.country === country)
  const link = corridor.links.find(({ between }) => between.includes(own.id) && between.includes(other?.id ?? ''))
  const pair = [own.country, country].toSorted().join('-').toLowerCase()
  return link?.agreement ?? `${pair}-transit-${now.getUTCFullYear()}`
}

/** The part of CL141 that is ours, as it lies in the folder of code lists. */
function ownOfficeList({ corridor, own }: OwnCorridor): string {
  const folder = fileURLToPath(corridor.codelists)
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.tsv'))) {
    const text = readFileSync(join(folder, name), 'utf8')
    if (text.includes(`#list\tCL141/${own.party}\n`) && readListPart(name, text).head.id === `CL141/${own.party}`)
      return text
  }
  throw new JoinFault(
    'join.own-file',
    `${folder}: there is no list with the head line “#list CL141/${own.party}”: our offices.`,
  )
}
