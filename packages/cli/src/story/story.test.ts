import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { readCorridor } from '@corridor/node'
import { fill, fillAll, readStory, setElement, storyNames } from './story.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-stories-'))
mkdirSync(join(folder, 'stories'))
after(() => rmSync(folder, { recursive: true }))
const corridor = { ...readCorridor('albania-kosovo'), folder: pathToFileURL(`${folder}/`), story: null }

const wrong: [step: string, told: RegExp][] = [
  ['{ step: a }', /steps 1: a step has one of submit, act/],
  ['{ step: a, stop: al, start: al }', /only one/],
  ['{ step: a, stop: mk }', /steps 1 › stop: “mk”/],
  ['{ step: a, node: al, account: sharr-cargo, act: release }', /account: “sharr-cargo”/],
  ['{ step: a, node: al, account: adria-spedicion, submit: x.xml }', /document: is missing/],
  ['{ step: a, clock: { to: noon } }', /to: “noon”/],
  ['{ step: a, clock: { ahead: -1h } }', /ahead: “-1h”/],
  ['{ step: a, stop: al, expect: { states: { nobody: released } } }', /no officer “nobody”/],
  ['{ step: a, stop: al, expect: { documents: [CC15] } }', /“CC15” is no document/],
  [
    '{ step: a, stop: al, expect: { codes: [{ node: al, list: L, code: C, inForce: 1 }] } }',
    /inForce: must be true or/,
  ],
  ['{ step: a, stop: al }, { step: a, start: al }', /two steps are called “a”/],
]
for (const [step, told] of wrong)
  test(`a story that is wrong names the place: ${step}`, () => {
    writeFileSync(join(folder, 'stories/wrong.yaml'), `title: Wrong\nsteps: [${step}]\n`)
    assert.throws(() => readStory(corridor, 'wrong'), { code: 'CORRIDOR_FILE', message: told })
  })

test('a story that is not there is answered with those that are', () => {
  writeFileSync(join(folder, 'stories/one.yaml'), 'title: One\nsteps: []\n')
  assert.deepEqual(storyNames(corridor), ['one', 'wrong'])
  assert.throws(() => readStory(corridor, 'two'), {
    code: 'STORY_UNKNOWN',
    message: /“two”. By name there are: one, wr/,
  })
  assert.throws(() => readStory(corridor, '../story'), { code: 'STORY_UNKNOWN' })
  assert.throws(() => readStory(corridor), { code: 'STORY_UNKNOWN', message: /no story without a name/ })
})

test('names are filled in, also deep in what is sent; one without a value says so', () => {
  const values = { day: '2026-12-01', list: 'CL141' }
  assert.equal(fill('{{day}} {{list}}', values), '2026-12-01 CL141')
  assert.deepEqual(fillAll({ a: ['{{day}}', 1, null], '{{list}}': true }, values), {
    a: ['2026-12-01', 1, null],
    CL141: true,
  })
  assert.throws(() => fill('{{nothing}}', values), /{{nothing}} has no value/)
})

test('an element of a document is given another text, by its path', () => {
  const document = '<a><code>1</code><place kind="x"><city>T</city><code>2</code></place><code>3</code></a>'
  assert.equal(setElement(document, 'place/code', 'Z'), document.replace('>2<', '>Z<'))
  assert.equal(setElement(document, 'code', 'Z'), document.replace('>1<', '>Z<'))
  assert.throws(() => setElement(document, 'place/street', 'Z'), {
    code: 'CORRIDOR_FILE',
    message: /no element place\/street/,
  })
})
