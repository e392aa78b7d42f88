import { basename, join } from 'node:path'
import { keepNode, type LogLine, realSettings } from '@corridor/node'
import { planAcceptance } from '../accept.ts'
import { draftMember } from '../draft.ts'
import { readFileOf, writeChanges } from '../files.ts'
import { readInvitation } from '../invitation.ts'
import { invite } from '../invite.ts'
import { type OwnCorridor, readOwn } from '../own.ts'
import { startRobot } from './robot.ts'

/** What stands in the certificates of a test partner. */
const testUnit = 'Test partner: no administration'

/** A test partner that is ready to be started. */
export interface TestPartner {
  own: OwnCorridor
  /** The invitation that it makes for the country whose invitation it took. */
  invitation: string
  fingerprint: string
}

/**
 * Makes a test partner: a member like any other, of any country, whose keys and offices are generated and which says that it is a test partner. It takes the
 * invitation that it is given, by whomever runs it.
 * @throws JoinFault
 */
export async function makeTestPartner(
  folder: string,
  {
    country,
    ports,
    host,
    invitationFile,
  }: { country: string; ports: { api: number; as4: number }; host: string; invitationFile: string },
  now: Date,
): Promise<TestPartner> {
  const id = country.toLowerCase()
  const member = {
    id,
    country,
    party: `TEST.${country}`,
    name: `Test partner ${country}`,
    url: `https://${host}:${ports.as4}/as4`,
    timeZone: 'UTC',
    locales: ['en'],
    ports,
  }
  await draftMember(folder, member, { now, pilotUnit: testUnit })
  const file = join(folder, 'corridor.yaml')
  const theirs = await readInvitation(readFileOf(invitationFile), basename(invitationFile), now)
  const { changes } = planAcceptance(readOwn(file), theirs, { allowTest: true, now })
  writeChanges(folder, changes)
  const own = readOwn(file)
  const made = await invite(own, { country: theirs.from.country, isTest: true }, now)
  return { own, invitation: made.text, fingerprint: made.fingerprint }
}

/**
 * Runs its node, and people who do their part.
 * @param tell hears what its people do
 * @returns how to stop
 */
export async function runTestPartner(
  { own }: Pick<TestPartner, 'own'>,
  databaseUrl: string,
  { log, tell }: { log: LogLine; tell: (line: string) => void },
): Promise<{ stop(): Promise<void> }> {
  const read = () => realSettings(own.file, own.own.id, databaseUrl)
  const node = await keepNode(read, log)
  try {
    const robot = await startRobot(own, read(), tell)
    return {
      async stop() {
        await robot.stop()
        await node.stop()
      },
    }
  } catch (error) {
    await node.stop()
    throw error
  }
}
