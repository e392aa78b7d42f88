// Evidence of a movement whose every message passed the border database: each side proves what the other one signed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { StoryDriver } from '@corridor/cli/story'
import { startForTest, type TestCorridor } from '../../albania-kosovo/test/running.ts'
import { commandLineOf } from '../../evidence.ts'

let corridor: TestCorridor
let line: ReturnType<typeof commandLineOf>
let mrn = ''
before(async () => {
  corridor = await startForTest('syria-jordan')
  line = commandLineOf(corridor, 'syria-jordan')
  const driver = new StoryDriver(corridor, () => undefined)
  const progress = driver.newProgress()
  await driver.play(progress)
  mrn = progress.mrn
})
after(async () => {
  line.end()
  await corridor.end()
})

test('what came by the border database, and the receipts for what was left there, hold offline', async () => {
  for (const node of ['sy', 'jo']) {
    const taken = await line.run(
      'evidence',
      mrn,
      '--corridor',
      'syria-jordan',
      '--node',
      node,
      '--out',
      `${node}.asice`,
    )
    assert.equal(taken.code, 0, taken.err)
    const { code, out } = await line.run('verify', `${node}.asice`)
    assert.equal(code, 0, out)
    const count = (pattern: RegExp): number => out.match(pattern)?.length ?? 0
    // Three documents each way.
    assert.equal(count(/^ok {3}messages\/\d+-in-CD\d+C\/signed-content.txt: the signed head says/gm), 3)
    assert.equal(
      count(/^ok {3}messages\/\d+-out-CD\d+C\/receipt-signed-content.txt: its Object-Digest is the SHA-256/gm),
      3,
    )
    assert.equal(count(/^note messages.*only NTA\.(?:SY|JO) can open the object/gm), 3)
  }
})
