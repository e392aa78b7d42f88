/** Members for tests, each in a folder of its own, with a pilot's keys. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { draftMember, type NewMember, type OwnCorridor, pilotUnit, readOwn } from '../src/index.ts'

export const now = new Date('2026-11-30T12:00:00Z')

const folder = mkdtempSync(join(tmpdir(), 'corridor-joining-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

export const memberOf = (country: string, change: Partial<NewMember> = {}): NewMember => ({
  id: country.toLowerCase(),
  country,
  party: `NTA.${country}`,
  name: `Customs of ${country}`,
  url: `https://gateway.${country.toLowerCase()}.example:8443/as4`,
  timeZone: 'UTC',
  locales: ['en'],
  ports: { api: 8401, as4: 8443 },
  ...change,
})

export const folderOf = (name: string): string => join(folder, name)

/** A new member, ready to invite. */
export async function made(country: string, change: Partial<NewMember> = {}, name = country): Promise<OwnCorridor> {
  await draftMember(folderOf(name), memberOf(country, change), { now, pilotUnit })
  return again(name)
}

/** Its corridor as it stands now. */
export const again = (name: string): OwnCorridor => readOwn(join(folderOf(name), 'corridor.yaml'))
