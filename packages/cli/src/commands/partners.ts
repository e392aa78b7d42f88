import type { PartnerView } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { safe } from '../documents/for-people.ts'
import { asOperator, operatorOptions } from '../messages/operator.ts'
import { print } from '../print.ts'

/** `corridor partners [PARTY] --node NODE --as ACCOUNT`: with whom a running node exchanges, and how. */
export async function partners(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: operatorOptions, flags: ['json'], words: 1 })
  const [party] = words
  const { partners: all } = await asOperator(
    options,
    (operator) => operator.get<{ partners: PartnerView[] }>('/exchange/partners'),
    'partners',
  )
  const shown = all.filter((each) => party === undefined || each.party === party || each.node === party)
  if (party !== undefined && shown.length === 0)
    throw new UsageError(`No partner ${party}: ${all.map((each) => each.party).join(', ')}.`)
  if (flags.has('json')) await print(`${JSON.stringify(shown, null, 2)}\n`)
  else if (shown.length === 0) await print('This node has no partner.\n')
  else await print(party === undefined ? table(shown) : shown.map(whole).join('\n'))
  return 0
}

function table(shown: readonly PartnerView[]): string {
  return columns([
    ['party', 'name', 'link', 'agreement', 'last receipt', 'waiting', 'parked', 'certificate'],
    ...shown.map(({ party, name, link, lastReceiptAt, queued, parked, certificateDaysLeft }) => [
      safe(party),
      safe(name),
      linkText(link),
      safe(link.agreement),
      lastReceiptAt ?? '-',
      String(queued),
      String(parked),
      certificateDaysLeft === null ? '-' : `${certificateDaysLeft} days`,
    ]),
  ])
}

const linkText = ({ kind, at, pulls }: PartnerView['link']): string =>
  `${kind}${at === null ? '' : ` at ${at}`}${pulls === null ? '' : pulls === 'we' ? ', we fetch' : ', they fetch'}`

function whole({ party, name, country, node, link, pModes, contacts, certificates, ...state }: PartnerView): string {
  const { queued, parked, oldestUnsentAt, lastReceiptAt } = state
  const way = [link.url, link.tunnel && `in a tunnel from ${link.tunnel.local} to ${link.tunnel.peer}`]
  const retry =
    link.retry && `again after ${link.retry.firstSeconds} to ${link.retry.longestSeconds} s, ${link.retry.tries} times`
  return [
    `${safe(party)}  ${safe(name)} (${country}, node ${node})\n`,
    `  link       ${[linkText(link), `agreement ${link.agreement}`, ...way, retry].filter(Boolean).join(', ')}\n`,
    `  messages   ${queued} waiting${oldestUnsentAt === null ? '' : ` since ${oldestUnsentAt}`}, ${parked} parked, last receipt ${lastReceiptAt ?? 'none'}\n`,
    ...pModes.map(
      ({ id, direction, mpc, service, actions, profile }) =>
        `  P-Mode     ${direction} ${safe(id)}, ${profile}, service ${safe(service)}, ${actions.length} actions${mpc === null ? '' : `, channel ${safe(mpc)}`}\n`,
    ),
    ...contacts.map(
      (contact) =>
        `  contact    ${contact.for}: ${[contact.name, contact.email, contact.telephone, contact.hours].flatMap((each) => (each === null ? [] : [safe(each)])).join(', ')}\n`,
    ),
    contacts.length === 0 ? '  contact    none in the corridor file (docs/keys.md)\n' : '',
    ...certificates.map(
      ({ use, standing, validTo, daysLeft, fingerprint }) =>
        `  ${use.padEnd(10)} ${standing}, until ${validTo.slice(0, 10)} (${daysLeft} days), ${fingerprint}\n`,
    ),
  ].join('')
}
