import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { checkCorridor } from '../src/config/corridor.ts'

const file = new URL('../../../corridors/albania-kosovo/corridor.yaml', import.meta.url)

/** The corridor with one more account in Albania. */
function withAccount(account: object) {
  const content = parse(readFileSync(file, 'utf8')) as { nodes: { al: { accounts: object[] } } }
  content.nodes.al.accounts.push({ id: 'new', name: 'New', ...account })
  return checkCorridor(content, file)
    .nodes.find(({ id }) => id === 'al')!
    .accounts.at(-1)
}

test('a reference-data manager and the operations desk are of no office, an officer of one of the country, a trader has an identification number, an outside system a name of those that there are', () => {
  assert.deepEqual(withAccount({ role: 'reference' }), { id: 'new', name: 'New', role: 'reference', office: null, trader: null, system: null, subscription: null }) // prettier-ignore
  assert.equal(withAccount({ role: 'operations' })?.office, null)
  assert.equal(withAccount({ role: 'departure', office: 'AL000101' })?.office, 'AL000101')
  assert.equal(withAccount({ role: 'system', system: 'aes' })?.system, 'aes')
  const wrong: [account: object, says: RegExp][] = [
    [
      { role: 'reference', office: 'AL000101' },
      /account new: .*manager, the operations desk and the regional secretariat none/,
    ],
    [
      { role: 'reference', trader: 'ALL12345678A' },
      /account new: .*manager, the operations desk and the regional secretariat none/,
    ],
    [
      { role: 'operations', office: 'AL000101' },
      /account new: .*the operations desk and the regional secretariat none/,
    ],
    [{ role: 'departure' }, /account new: .*an officer “office” alone/],
    [{ role: 'departure', office: 'AL999999' }, /account new: there is no office AL999999/],
    [{ role: 'departure', office: 'XK000301' }, /account new: office XK000301 is not in AL/],
    [{ role: 'trader', office: 'AL000101' }, /account new: a trader needs “trader” alone/],
    [{ role: 'system' }, /account new: .*an outside system “system” alone/],
    [{ role: 'system', system: 'aes', office: 'AL000101' }, /an outside system “system” alone/],
    [{ role: 'trader', trader: 'ALL12345678A', system: 'aes' }, /a trader needs “trader” alone/],
    [{ role: 'system', system: 'mainframe' }, /system: “mainframe” is none of aes, central, speed/],
    [{ role: 'tariff' }, /role/],
  ]
  for (const [account, says] of wrong) assert.throws(() => withAccount(account), says, JSON.stringify(account))
})
