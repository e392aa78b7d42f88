import type { Client } from './client.ts'
import type { ExpectedLedger } from './expected.ts'

/** What the story reads of a guarantee's account. */
interface GuaranteeAccount {
  referenceAmount: string
  available: string
  locked: string
  liable: string
  openAmounts: { mrn: string; state: string; amount: string }[]
}

/**
 * What of a guarantee is not as expected, in words. Whatever is expected, its balances must add up to the reference amount.
 * @param about the movement of the step, and the story's guarantee
 */
export async function ledgerOtherThan(
  client: Client,
  { account, grn, movement, balances }: ExpectedLedger,
  about: { mrn: string; grn: string },
): Promise<string[]> {
  const number = grn ?? about.grn
  const { status, answer } = await client.request('GET', `/guarantees/${number}`, undefined, '')
  if (status !== 200) return [`${account} sees no guarantee ${number}`]
  const kept = answer as GuaranteeAccount
  const wrong = Object.entries(balances)
    .map(([name, wanted]) => ({ name, wanted, is: kept[name as 'available'] }))
    .filter(({ is, wanted }) => is !== wanted)
    .map(({ name, wanted, is }) => `${name} of ${number} is ${is}, not ${wanted}`)
  const open = kept.openAmounts.find(({ mrn }) => mrn === about.mrn)
  const isOpen = open === undefined ? 'nothing' : `${open.state} ${open.amount}`
  if (movement !== null && movement !== isOpen) wrong.push(`of ${number}, ${isOpen} for ${about.mrn}, not ${movement}`)
  if (cents(kept.available) + cents(kept.locked) + cents(kept.liable) !== cents(kept.referenceAmount))
    wrong.push(`the balances of ${number} do not add up: ${JSON.stringify(kept).slice(0, 200)}`)
  return wrong
}

const cents = (amount: string): bigint => {
  const [whole = '0', part = ''] = amount.split('.')
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
}
