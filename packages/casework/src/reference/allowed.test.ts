import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actsOn, draftHindrance } from './allowed.ts'

const author = { account: 'elira', isManager: true, party: 'NTA.AL' }
const second = { ...author, account: 'genc' }
const list = { owner: 'NTA.AL', published: 2, latest: 3 }
const draft = { state: 'draft', author: 'elira', number: 3 } as const
const told = (acts: ReturnType<typeof actsOn>) =>
  acts.map(({ act, why }) => (why === undefined ? act : `${act}: ${why}`))

test('a draft is reviewed by a second person, and published only then', () => {
  assert.deepEqual(told(actsOn(draft, list, author)), ['review: same-person', 'publish: not-reviewed', 'discard'])
  assert.deepEqual(told(actsOn(draft, list, second)), ['review', 'publish: not-reviewed', 'discard'])
  assert.deepEqual(told(actsOn({ ...draft, state: 'reviewed' }, list, author)), ['publish', 'discard'])
})

test('what is in use is not acted on; what was comes back where no version is open', () => {
  const published = { ...draft, state: 'published', number: 2 } as const
  assert.deepEqual(actsOn(published, list, author), [])
  assert.deepEqual(told(actsOn({ ...published, number: 1 }, list, author)), ['restore: version-open'])
  assert.deepEqual(told(actsOn({ ...published, number: 1 }, { ...list, latest: 2 }, author)), ['restore'])
})

test('another administration, and who is no manager, look on', () => {
  const foreign = { ...author, party: 'NTA.XK' }
  const officer = { ...second, isManager: false }
  for (const [asker, why] of [
    [foreign, 'not-owner'],
    [officer, 'not-manager'],
  ] as const) {
    assert.deepEqual(told(actsOn(draft, list, asker)), [`review: ${why}`, `publish: ${why}`, `discard: ${why}`])
    assert.equal(draftHindrance(list, asker), why)
  }
  assert.equal(draftHindrance(list, author), 'version-open')
  assert.equal(draftHindrance({ published: 2, latest: 2 }, foreign), undefined)
})
