import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { checkCorridor } from '../src/config/corridor.ts'
import { tunnelOf } from '../src/config/links.ts'
import { NodeFault } from '../src/faults.ts'
import { loopbackTunnel } from '../src/supervisor/tunnels.ts'

const node = (country: string) => ({
  country,
  name: country,
  party: `NTA.${country}`,
  domain: `${country.toLowerCase()}.example`,
  ports: { api: 8441, as4: 8443 },
  locales: ['en'],
  accounts: [],
})
const corridor = (...links: object[]) =>
  checkCorridor(
    {
      corridor: 'test',
      title: 'Test',
      codelists: 'codelists',
      nodes: { af: node('AF'), tj: node('TJ'), pk: node('PK') },
      links: links.map((link) => ({ between: ['af', 'tj'], kind: 'tunnel', agreement: 'a', ...link })),
      offices: [],
    },
    pathToFileURL('/corridor.yaml'),
  )
const addresses = { af: '10.99.0.1', tj: '10.99.0.2' }

test('a tunnel is seen from both of its ends, and has loopback addresses of its own on one machine', () => {
  const { links } = corridor({ addresses }, { between: ['pk', 'af'], addresses: { af: '10.99.1.1', pk: '10.99.1.2' } })
  const [first, second] = [links[0]!, links[1]!]
  assert.deepEqual(tunnelOf(first, 'tj'), { local: '10.99.0.2', peer: '10.99.0.1' })
  assert.deepEqual(tunnelOf(second, 'af'), { local: '10.99.1.1', peer: '10.99.1.2' })
  assert.deepEqual(loopbackTunnel(links, first, 'af'), { local: '127.77.1.1', peer: '127.77.1.2' })
  assert.deepEqual(loopbackTunnel(links, second, 'af'), { local: '127.77.2.2', peer: '127.77.2.1' })
})

test('addresses that cannot be those of a tunnel are refused with their place', () => {
  const cases: [object[], RegExp][] = [
    [[{}], /links 1 › addresses: a tunnel says which address/],
    [[{ addresses: { af: '10.99.0.1' } }], /links 1 › addresses › tj: is missing/],
    [[{ addresses: { ...addresses, pk: '10.99.0.3' } }], /addresses › pk: is none of the two nodes, af and tj/],
    [[{ addresses: { af: '10.99.0.1', tj: 'gate.tj.example' } }], /“gate\.tj\.example” has not the right form/],
    [[{ addresses: { af: '10.99.0.1', tj: '10.99.0.1' } }], /both nodes have 10\.99\.0\.1/],
    [[{ kind: 'as4', addresses }], /only a link of kind tunnel has addresses/],
    [[{ at: 'hq', addresses }], /a link of kind tunnel is direct/],
    [
      [{ addresses }, { between: ['af', 'pk'], addresses: { af: '10.99.0.1', pk: '10.99.0.2' } }],
      /af has two partners at 10\.99\.0\.2: tj and pk/,
    ],
  ]
  for (const [links, said] of cases)
    assert.throws(
      () => corridor(...links),
      (error) => error instanceof NodeFault && error.code === 'CORRIDOR_FILE' && said.test(error.message),
      String(said),
    )
})
