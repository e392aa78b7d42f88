import { sql, type Context } from './context.ts'

/**
 * Brings what waits for partners in line with who they are now, and how each is reached: what is for others is parked, for a person to see.
 * What is being sent at this moment is left alone, so that its receipt counts; ask again when some was.
 */
export async function parkOrphans({ db, clock, partners, carried, log }: Context): Promise<{ underWay: number }> {
  const parties = [...partners.keys(), ...carried.keys()]
  await db.run(sql.relink, [parties, parties.map((party) => (carried.has(party) ? 'carried' : 'as4'))])
  const [found] = await db.run<{ parked: number; under_way: number }>(sql.parkOrphans, [parties, clock()])
  const { parked, under_way: underWay } = found!
  if (parked > 0) log('error', 'messages parked: their partner is not configured any more', { messages: parked })
  return { underWay }
}
