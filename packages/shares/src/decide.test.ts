import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeItem, type KnownContract } from './decide.ts'

test('what comes in the first minute of a contract is taken by a node whose clock is behind some minutes', () => {
  const validFrom = new Date('2026-01-01T00:00:00Z')
  const contract: KnownContract = {
    owner: 'NTA.BW',
    reader: 'NTA.ZA',
    version: 1,
    digest: 'x',
    state: 'accepted',
    validFrom,
    validTo: new Date('2027-01-01T00:00:00Z'),
  }
  const before = (seconds: number): Date => new Date(validFrom.getTime() - seconds * 1_000)
  assert.equal(judgeItem(contract, before(300)), undefined)
  assert.equal(judgeItem(contract, before(301))?.code, 'not-yet')
})
