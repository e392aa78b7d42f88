/** The section `reference` of a corridor file: what is wrong in it stops the start, with the place. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { checkCorridor } from '../src/config/corridor.ts'
import { sharedListsOf } from '../src/reference/distribution.ts'

const file = new URL('../../../corridors/albania-kosovo/corridor.yaml', import.meta.url)
const content = parse(readFileSync(file, 'utf8')) as Record<string, unknown>
const offices = { lists: ['CL141/NTA.AL'], name: 'Offices', owner: 'al', status: 'illustrative' }
const withReference = (...reference: object[]) => checkCorridor({ ...content, reference }, file)

test('each list has an owner with its country, and who takes it', () => {
  const lists = sharedListsOf(checkCorridor(content, file))
  const facts = ({ kind, owner, country, subscribers }: (typeof lists)[number]) => [
    kind,
    owner,
    country,
    ...subscribers,
  ]
  const find = (id: string) => facts(lists.find((list) => list.id === id) ?? assert.fail(id))
  assert.deepEqual(find('CL141/NTA.AL'), ['national', 'NTA.AL', 'AL', 'NTA.XK'])
  assert.deepEqual(find('CL141/NTA.XK'), ['national', 'NTA.XK', 'XK', 'NTA.AL'])
  assert.deepEqual(find('CL009/albania-kosovo'), ['corridor', 'NTA.AL', 'AL', 'NTA.XK'])
  assert.deepEqual(sharedListsOf(checkCorridor({ ...content, reference: undefined }, file)), [])
})

test('an owner that is no node, another’s part, a list twice and a subscriber without a link are refused', () => {
  for (const [reference, wrong] of [
    [[{ ...offices, owner: 'mk' }], /reference: the owner mk of CL141\/NTA.AL is no node/],
    [[{ ...offices, owner: 'xk' }], /CL141\/NTA.AL is the part of NTA.AL, and the owner xk is NTA.XK/],
    [[{ ...offices, lists: ['CL141/NTA.MK'] }], /part of NTA.MK, which is neither a party nor this corridor/],
    [[offices, offices], /the list CL141\/NTA.AL is there twice/],
    [[{ ...offices, subscribers: ['al'] }], /the subscriber al of CL141\/NTA.AL has no link with the owner al/],
    [[{ ...offices, lists: [] }], /reference 1 › lists: needs at least one entry/],
    [[{ ...offices, lists: ['CL 141'] }], /reference 1 › lists: “CL 141” has not the right form/],
    [[{ ...offices, status: undefined }], /reference 1 › status: is missing/],
  ] as const)
    assert.throws(() => withReference(...reference), { message: wrong })
})
