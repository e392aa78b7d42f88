import { BorderFault } from './faults.ts'

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** Whether an address is on this machine. */
export const isLoopback = ({ hostname }: URL): boolean => loopback.has(hostname)

/**
 * The address of a border database, checked: off this machine only over TLS that proves who answers.
 * @throws BorderFault `border.bad-url`, `border.no-tls`
 */
export function borderAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (address === undefined || !/^postgres(ql)?:$/.test(address.protocol) || address.hostname === '')
    throw new BorderFault('border.bad-url', 'this is no address of a PostgreSQL database')
  const modes = address.searchParams.getAll('sslmode')
  // The driver lets `host` and `ssl` of the query win over what stands before it.
  for (const name of ['host', 'hostaddr', 'ssl', 'uselibpqcompat'])
    if (address.searchParams.has(name)) throw new BorderFault('border.bad-url', `“${name}” may not stand in the query`)
  if (!isLoopback(address) && !(modes.length === 1 && modes[0] === 'verify-full'))
    throw new BorderFault('border.no-tls', `${address.hostname} is another machine, and sslmode is not verify-full`)
  return address
}
