import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { identityOf } from '../../exchange/test/nodes.ts'
import { readZip } from '../src/container/zip.ts'
import { checkEvidence, type EvidenceReport } from '../src/index.ts'
import { evidenceOf, exchanged, mrn, type Played, secretCode } from './movement.ts'

const failures = ({ found }: EvidenceReport): string[] =>
  found.filter(({ result }) => result === 'fails').map(({ place, reason }) => `${place}: ${reason}`)
const notes = ({ found }: EvidenceReport): string[] =>
  found.filter(({ result }) => result === 'note').map(({ place, what }) => `${place}: ${what}`)
const holding = ({ found }: EvidenceReport): string[] =>
  found.filter(({ result }) => result === 'holds').map(({ place, what }) => `${place}: ${what}`)

for (const way of ['as4', 'carried'] as const) {
  let played: Played
  before(async () => {
    played = await exchanged(3, way)
  })
  after(() => played.end())

  test(`evidence of a movement over ${way}, from either side, holds and says what it proves`, async () => {
    for (const own of ['al', 'xk'] as const) {
      const report = await checkEvidence(await evidenceOf(played[own]))
      assert.deepEqual(failures(report), [])
      assert.equal(report.sound, true)
      assert.equal(report.movement, mrn)
      console.log(holding(report).join('\n'), notes(report).join('\n'))
    }
  })
}
void createPrivateKey
void X509Certificate
void identityOf
void readZip
void secretCode
