import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countForPeople, countMessages } from './count.ts'

const kinds = [
  { type: 'CC015C', link: 'api', party: 'ALL1' },
  { type: 'CC190C', link: 'mailbox', party: 'system:aes' },
  { type: 'CC191C', link: 'api', party: 'system:aes' },
  { type: 'CC191C', link: 'api', party: 'ALL1' },
  { type: 'CD001C', link: 'as4', party: 'NTA.AL' },
  { type: 'CD071C', link: 'as4', party: 'NTA.AL' },
  { type: 'CD071C', link: 'api', party: 'system:central' },
  { type: 'CD200C', link: 'local', party: 'AL000901' },
  { type: 'CD200C', link: 'as4', party: 'NTA.AL' },
  { type: 'CD974C', link: 'as4', party: 'NTA.AL' },
  { type: 'unknown', link: 'as4', party: 'NTA.AL' },
]
const types = ['CC015C', 'CC190C', 'CC191C', 'CD001C', 'CD071C', 'CD200C', 'CD411D', 'CD974C']
const law = {
  routes: new Map([['CC191C', { sender: 'system' as const }]]),
  services: new Map([
    ['CD071C', { from: 'central' as const }],
    ['CD974C', { from: 'partner' as const }],
  ]),
}
const counted = countMessages(
  types,
  kinds,
  law,
  new Map([
    ['CD411D', 'nobody asks'],
    ['CC015C', 'stale'],
  ]),
)

test('a message counts by everybody with whom it went, and one that did not go says why', () => {
  assert.deepEqual(counted, [
    { document: 'CC015C', with: ['trader'] },
    { document: 'CC190C', with: ['stand-in'] },
    { document: 'CC191C', with: ['stand-in'] },
    { document: 'CD001C', with: ['partner'] },
    { document: 'CD071C', with: ['stand-in'] },
    { document: 'CD200C', with: ['partner', 'office'] },
    { document: 'CD411D', with: [], reason: 'nobody asks' },
    { document: 'CD974C', with: ['partner'] },
  ])
})

test('what went with stand-ins alone is not counted as the nodes’ own', () => {
  const [total, partner, trader, office, standIn, left, reason] = countForPeople(counted)
  assert.match(total!, /^7 of 8 messages .*, 4 of them/)
  assert.deepEqual(
    [partner, trader, office, standIn].map((line) => line!.trim()),
    [
      '3 over the links between the nodes: CD001C CD200C CD974C',
      '1 between an administration and its traders: CC015C',
      '0 between offices of one administration',
      '3 with stand-ins for outside systems alone: CC190C CC191C CD071C',
    ],
  )
  assert.deepEqual([left, reason], ['Not played: 1', '  CD411D  nobody asks'])
})
