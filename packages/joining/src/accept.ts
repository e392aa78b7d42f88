import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { X509Certificate } from 'node:crypto'
import { checkCorridor, type CorridorNode, NodeFault } from '@corridor/node'
import { loadLaw, loadShippedLists } from '@corridor/tables'
import { parse } from 'yaml'
import { type Member, withMember, withoutMember } from './corridor-edit.ts'
import { JoinFault } from './faults.ts'
import { changeOf, type FileChange } from './files.ts'
import type { ReadInvitation } from './invitation.ts'
import { PILOT_MARK } from './keys.ts'
import { withCountry } from './offices.ts'
import { type OwnCorridor, textIn } from './own.ts'

/** What taking a member in, or out, would change; a person sees it first. */
export interface Plan {
  /** Name of its node here. */
  id: string
  changes: FileChange[]
  /** What a person should know before. */
  remarks: string[]
}

/**
 * What an invitation would change in our corridor. Writes nothing.
 * @param allowTest whether a test partner may come in
 * @throws JoinFault join.not-for-us, join.member-clash, join.test-partner, join.own-file
 */
export function planAcceptance(
  corridor: OwnCorridor,
  invitation: ReadInvitation,
  { allowTest, now }: { allowTest: boolean; now: Date },
): Plan {
  const { from } = invitation
  if (invitation.for !== corridor.own.country)
    throw new JoinFault('join.not-for-us', `for: it is made for ${invitation.for}, and we are ${corridor.own.country}.`)
  if (from.isTest && !allowTest)
    throw new JoinFault('join.test-partner', `from › isTest: ${from.name} is a test partner and no administration.`)
  const id = memberId(corridor, invitation)
  const link = corridor.corridor.links.find(({ between }) => between.includes(id) && between.includes(corridor.own.id))
  if (link !== undefined && link.agreement !== invitation.agreement)
    throw new JoinFault(
      'join.member-clash',
      `agreement: it names “${invitation.agreement}”, and our link with ${id} has “${link.agreement}”.`,
    )
  const folder = relative(corridor.folder, fileURLToPath(corridor.corridor.codelists)) || '.'
  const certificates = `partners/${id}`
  const countries = join(folder, 'countries.tsv')
  const files: [path: string, after: string][] = [
    [`${certificates}/signing.crt`, invitation.certificates.signing],
    [`${certificates}/tls.crt`, invitation.certificates.tls],
    [`${certificates}/authority.crt`, invitation.certificates.authority],
    [`${certificates}/invitation.txt`, invitation.text],
    [join(folder, `offices-${from.party}.tsv`), invitation.officeList],
    [
      countries,
      withCountry(textOf(join(corridor.folder, countries)), {
        country: from.country,
        name: from.name,
        day: now.toISOString().slice(0, 10),
        owner: corridor.own.party,
      }),
    ],
    [
      relative(corridor.folder, corridor.file),
      withMember(readFileSync(corridor.file, 'utf8'), memberOf(corridor, id, invitation, now)),
    ],
  ]
  const changes = files.flatMap(([path, after]) => changeOf(corridor.folder, path, after) ?? [])
  checkPlan(corridor, folder, changes)
  return { id, changes, remarks: remarksOn(invitation) }
}

/**
 * What taking a member out would change. Its certificates and lists stay: they prove and explain what was exchanged with it.
 * @throws JoinFault join.own-file, join.bad-value
 */
export function planLeaving(corridor: OwnCorridor, id: string): Plan {
  const others = corridor.corridor.nodes.filter((node) => node.id !== corridor.own.id)
  const node = others.find((each) => each.id === id)
  if (node === undefined)
    throw new JoinFault(
      'join.bad-value',
      `There is no member “${id}” here. There are: ${others.map((each) => each.id).join(', ') || 'none'}.`,
    )
  const after = withoutMember(readFileSync(corridor.file, 'utf8'), node)
  const changes = [changeOf(corridor.folder, relative(corridor.folder, corridor.file), after)].flatMap(
    (each) => each ?? [],
  )
  checkPlan(corridor, '', changes)
  return {
    id,
    changes,
    remarks: [
      `What is queued for ${node.party} is parked when the node takes this up, with the reason “the partner is not configured any more”.`,
      `The certificates in partners/${id} and its lists stay: they prove what was exchanged.`,
    ],
  }
}

/** How the member is called here. Whatever it says of itself, it must not be somebody who is there already. */
function memberId(
  { corridor, own, folder, file }: OwnCorridor,
  { from, certificates, endpoint }: ReadInvitation,
): string {
  const clash = (place: string, what: string): never => {
    throw new JoinFault('join.member-clash', `${place}: ${what}.`)
  }
  if (from.party === own.party) clash('from › party', `${from.party} are we`)
  if (from.country === own.country)
    clash('from › country', `${from.country} is our own country; two members cannot have one`)
  const theirs = corridor.nodes.find(({ party }) => party === from.party)
  if (theirs !== undefined && theirs.country !== from.country)
    clash(
      'from › party',
      `${from.party} is the member ${theirs.id}, whose country is ${theirs.country} and not ${from.country}`,
    )
  const countrymen = corridor.nodes.find(({ country }) => country === from.country)
  if (countrymen !== undefined && countrymen.party !== from.party)
    clash(
      'from › country',
      `${from.country} is the country of the member ${countrymen.id} (${countrymen.party}) already`,
    )
  const named = corridor.nodes.find(({ id }) => id === from.id)
  if (theirs === undefined && named !== undefined) clash('from › id', `“${from.id}” is the name of ${named.party} here`)
  const offered = new Set(
    [certificates.signing, certificates.tls].map((pem) => new X509Certificate(pem).fingerprint256),
  )
  for (const node of corridor.nodes.filter(({ party }) => party !== from.party)) {
    if (node.published?.direct?.url === endpoint) clash('endpoint', `${endpoint} is that of ${node.party}`)
    for (const known of certificatesOf(node, { file, folder, corridor, own }))
      if (offered.has(known)) clash('certificates', `one of them is that of ${node.party}`)
  }
  return theirs?.id ?? from.id
}

function certificatesOf({ published, keys }: CorridorNode, own: OwnCorridor): string[] {
  const paths = [
    published?.signingCertificate,
    published?.direct?.tlsCertificate,
    keys?.signing.certificate,
    keys?.tls.certificate,
  ]
  return paths.flatMap((path) => {
    try {
      return path === undefined ? [] : [new X509Certificate(textIn(own, path)).fingerprint256]
    } catch {
      // One that is not there, or none, is the node's own trouble at its start.
      return []
    }
  })
}

function memberOf({ own }: OwnCorridor, id: string, invitation: ReadInvitation, now: Date): Member {
  const { from, endpoint, agreement, offices } = invitation
  const folder = `partners/${id}`
  return {
    id,
    node: {
      country: from.country,
      name: from.name,
      party: from.party,
      domain: from.domain,
      timeZone: from.timeZone,
      locales: from.locales,
      paperLanguage: from.paperLanguage,
      accounts: [],
      published: {
        url: endpoint,
        signingCertificate: `${folder}/signing.crt`,
        tlsCertificate: `${folder}/tls.crt`,
        ca: `${folder}/authority.crt`,
      },
    },
    link: { between: [own.id, id], kind: 'as4', agreement },
    offices: offices.map(({ reference, name, roles }) => ({ reference, name, country: from.country, roles })),
    reference: {
      lists: [`CL141/${from.party}`],
      name: `Customs offices of ${from.name}`,
      owner: id,
      status: invitation.isIllustrative ? 'illustrative' : 'official',
    },
    comment: `${from.isTest ? 'TEST PARTNER. ' : ''}By its invitation with fingerprint ${invitation.fingerprint}, ${now.toISOString().slice(0, 10)}.`,
  }
}

/** Nothing may be written that a node could not start with. @throws JoinFault join.own-file */
function checkPlan({ file, corridor }: OwnCorridor, codelists: string, changes: readonly FileChange[]): void {
  const lists = mkdtempSync(join(tmpdir(), 'corridor-join-'))
  try {
    const text = changes.find(({ path }) => path.endsWith('.yaml'))?.after ?? readFileSync(file, 'utf8')
    const after = checkCorridor(parse(text), pathToFileURL(file))
    cpSync(fileURLToPath(corridor.codelists), lists, { recursive: true })
    for (const { path, after: content } of changes)
      if (path.endsWith('.tsv')) writeFileSync(join(lists, relative(codelists, path)), content)
    const folder = pathToFileURL(`${lists}/`)
    loadLaw(folder)
    loadShippedLists({
      folder,
      corridor: after.id,
      countries: new Map(after.nodes.map((node) => [node.party, node.country])),
    })
  } catch (error) {
    if (error instanceof NodeFault || !(error instanceof JoinFault))
      throw new JoinFault('join.own-file', `With this change: ${(error as Error).message.split('\n')[0]}`)
    throw error
  } finally {
    rmSync(lists, { recursive: true })
  }
}

function remarksOn({ from, certificates }: ReadInvitation): string[] {
  const { subject, issuer, validToDate } = new X509Certificate(certificates.signing)
  return [
    ...(from.isTest ? ['THIS IS A TEST PARTNER and no administration: real goods must not be declared to it.'] : []),
    ...(`${subject}\n${issuer}`.includes(PILOT_MARK)
      ? [
          'Its certificates are of an authority that it made itself, for a pilot: only the fingerprint vouches for them.',
        ]
      : []),
    `Its certificates end on ${validToDate.toISOString().slice(0, 10)}.`,
  ]
}

const textOf = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null)
