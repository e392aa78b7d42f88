import { randomUUID } from 'node:crypto'
import { conversationMessages } from '@corridor/exchange'
import { documentOf } from '../documents.ts'
import { clientFor, type MovementPage, type NodeClient, until } from '../node-client.ts'
import type { OwnCorridor } from '../own.ts'
import type { Hearing } from './answers.ts'
import type { Probe } from './probe.ts'
import type { Finding } from './report.ts'

/** With whom a test movement is declared here, and for whom there. */
interface Parts {
  trader: { account: string; id: string }
  officer: string
  grn: string
  accessCode: string
  offices: { departure: string; transit: string; destination: string }
}

/** What must go over the link in one movement. */
const between = { out: ['CD001C', 'CD050C'], in: ['CD118C', 'CD006C', 'CD018C'] } as const

const failed = (detail: string, evidence: Finding['evidence'] = {}): Finding => ({
  outcome: 'failed',
  detail,
  evidence,
})

/**
 * Declares a movement at our own node, releases it in the name of our officer, and waits for the other side to do its part.
 * @param hearing how long is waited for each step; people take longer than a test partner
 */
export async function movementScenario(probe: Probe, { db, patienceMs }: Hearing): Promise<Finding> {
  const { own, settings, partner } = probe
  const parts = partsOf(own, settings.accessCodes, partner.party)
  if (typeof parts === 'string') return { outcome: 'skipped', detail: parts, evidence: {} }
  const trader = await clientFor(settings, parts.trader.account, 'conformance')
  const officer = await clientFor(settings, parts.officer, 'conformance')
  try {
    return await carried(probe, { db, patienceMs }, { parts, trader, officer })
  } finally {
    await trader.signOff()
    await officer.signOff()
  }
}

async function carried(
  probe: Probe,
  { db, patienceMs }: Hearing,
  { parts, trader, officer }: { parts: Parts; trader: NodeClient; officer: NodeClient },
): Promise<Finding> {
  const { own, partner } = probe
  const { country } = own.own
  const lrn = `CONF${randomUUID().replaceAll('-', '').slice(0, 18).toUpperCase()}`
  const xml = documentOf(
    'declaration',
    {
      ...parts.offices,
      country,
      partnerCountry: own.corridor.nodes.find(({ party }) => party === partner.party)!.country,
      sender: parts.trader.id,
      recipient: own.own.party,
      lrn,
      grn: parts.grn,
      accessCode: parts.accessCode,
    },
    probe.now(),
  )
  await trader.passOver()
  const declared = await trader.submit(xml, lrn)
  const answers = async () => (await trader.mailbox()).filter(({ refTo }) => refTo === declared)
  const mrn = await until(patienceMs, async () => {
    const items = await answers()
    return (
      items.find(({ type }) => type === 'CC028C')?.mrn ?? (items.some(({ type }) => type === 'CC056C') ? '' : undefined)
    )
  })
  if (!mrn)
    return failed(
      `our own node did not accept the declaration ${lrn}: ${(await answers()).map(({ type }) => type).join(', ') || 'no answer'}`,
      { lrn },
    )
  for (const [act, fields] of [
    ['control', { typeOfControls: '10' }],
    ['release', { controlResult: 'A1' }],
  ] as const)
    if (!(await actWhenOffered(officer, mrn, act, fields, patienceMs)))
      return failed(`our own office could not ${act} ${mrn}`, { lrn, mrn })
  let page: MovementPage | undefined
  const isOver = await until(patienceMs, async () => {
    page = await officer.movement(mrn)
    return page?.status.code === 'written-off' ? true : undefined
  })
  const messages = (await conversationMessages(db, [mrn])).filter(({ sender, recipient }) =>
    [sender, recipient].includes(partner.party),
  )
  const evidence: Finding['evidence'] = { lrn, mrn, state: page?.status.code ?? 'unknown' }
  for (const { documentType, messageId, direction, state } of messages)
    evidence[`${direction} ${documentType}`] = `${messageId} ${state}`
  const missing = [
    ...between.out.filter(
      (type) =>
        !messages.some((each) => each.direction === 'out' && each.documentType === type && each.state === 'receipted'),
    ),
    ...between.in.filter((type) => !messages.some((each) => each.direction === 'in' && each.documentType === type)),
  ]
  if (isOver !== true || missing.length > 0)
    return failed(
      `after ${patienceMs / 1000} seconds it is ${evidence['state']}; missing: ${missing.join(', ') || 'nothing'}`,
      evidence,
    )
  return { outcome: 'passed', evidence }
}

async function actWhenOffered(
  officer: NodeClient,
  mrn: string,
  act: string,
  fields: Record<string, string>,
  patienceMs: number,
): Promise<boolean> {
  const page = await until(patienceMs, async () => {
    const now = await officer.movement(mrn)
    return now?.acts.some((offered) => offered.act === act) === true ? now : undefined
  })
  if (page === undefined) return false
  await officer.act(page, act, fields)
  return true
}

/** What our corridor file has for a test movement; in words what it lacks. */
function partsOf(
  { own, corridor }: OwnCorridor,
  accessCodes: Readonly<Record<string, string>>,
  party: string,
): Parts | string {
  const guarantee = own.guarantees.find(({ grn, currency }) => accessCodes[grn] !== undefined && currency === 'EUR')
  if (guarantee === undefined)
    return 'our node has no guarantee in EUR whose access code is in the file of “accessCodes”'
  const trader = own.accounts.find((account) => account.trader === guarantee.holder)
  if (trader === undefined) return `our node has no account of the trader ${guarantee.holder}`
  const officer = own.accounts.find(({ role }) => role === 'departure')
  if (officer?.office == null) return 'our node has no officer of departure'
  const theirs = corridor.nodes.find((node) => node.party === party)?.country
  const office = (role: string) =>
    corridor.offices.find(({ country, roles }) => country === theirs && roles.some((one) => one === role))
  const [transit, destination] = [office('transit'), office('destination')]
  if (transit === undefined || destination === undefined)
    return 'the partner has no office of transit, or none of destination'
  return {
    trader: { account: trader.id, id: guarantee.holder },
    officer: officer.id,
    grn: guarantee.grn,
    accessCode: accessCodes[guarantee.grn]!,
    offices: { departure: officer.office, transit: transit.reference, destination: destination.reference },
  }
}
