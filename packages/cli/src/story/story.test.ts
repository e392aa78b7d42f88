import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { readCorridor } from '@corridor/node'
import { documentOf, setElement } from './documents.ts'
import { fill, fillAll } from './fill.ts'
import { namesInOrder, readStory, storyNames } from './story.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-stories-'))
mkdirSync(join(folder, 'stories'))
after(() => rmSync(folder, { recursive: true }))
const corridor = { ...readCorridor('albania-kosovo'), folder: pathToFileURL(`${folder}/`), story: null }

const wrong: [step: string, told: RegExp][] = [
  ['{ step: a }', /steps 1: a step has one of submit, act/],
  ['{ step: a, stop: al, start: al }', /only one/],
  ['{ step: a, configuration: ../other.yaml }', /configuration: “\.\.\/other\.yaml”/],
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
  ['{ step: a, send: x.xml, document: CD118C, node: xk }', /steps 1 › to: is missing|to: is missing/],
  [
    '{ step: a, stop: al, expect: { ledger: [{ account: tirana-guarantee }] } }',
    /ledger 1: one of movement, available, locked, liable, referenceAmount must be told/,
  ],
  [
    '{ step: a, stop: al, expect: { ledger: [{ account: adria-spedicion, movement: nothing }] } }',
    /account: “adria-spedicion”/,
  ],
  [
    '{ step: a, stop: al, expect: { ledger: [{ account: tirana-guarantee, movement: locked }] } }',
    /movement: “locked”/,
  ],
  [
    '{ step: a, stop: al, expect: { mailboxes: { durres-departure: [CC029C] } } }',
    /mailboxes › durres-departure: has no mailbox/,
  ],
  [
    '{ step: a, stop: al, expect: { mailboxes: { adria-spedicion: [{ document: CC29 }] } } }',
    /adria-spedicion 1 › document: “CC29”/,
  ],
  ['{ step: a, stop: al, expect: { outcomes: { nobody: [released] } } }', /no officer “nobody”/],
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

test('a document becomes another one, with elements changed, added and taken away by their paths', () => {
  const values = {
    sender: 'ALL1',
    recipient: 'NTA.AL',
    now: '2026-11-30T10:00:00',
    messageIdentification: 'M1',
    lrn: 'L1',
    mrn: 'X',
    grn: 'G',
    accessCode: 'A1b2',
  }
  const source = { submit: 'documents/declaration.xml', document: 'CC013C', set: {} }
  const at = readCorridor('albania-kosovo')
  const change = {
    'TransitOperation/LRN': null,
    'TransitOperation/MRN': '{{mrn}}',
    'TransitOperation/amendmentTypeFlag': 0,
    'Consignment/HouseConsignment/ConsignmentItem[2]/Commodity/GoodsMeasure/grossMass': '3121',
    Authorisation: [{ sequenceNumber: 1, type: 'C521', referenceNumber: 'A' }],
  }
  const made = documentOf(at, { ...source, change }, values)
  assert.match(
    made,
    /<ncts:CC013C [^]*<messageType>CC013C<[^]*<TransitOperation>\s*<MRN>X<\/MRN>\s*<declarationType>T1</,
  )
  assert.match(made, /<bindingItinerary>0<\/bindingItinerary>\s*<amendmentTypeFlag>0<[^]*<Authorisation>[^]*>C521</)
  assert.match(made, /<grossMass>3121</)
  const wrong = (path: string) => () => documentOf(at, { ...source, change: { [path]: '1' } }, values)
  assert.throws(wrong('Consignment/HouseConsignment[3]/grossMass'), { message: /has no group HouseConsignment\[3\]/ })
  assert.throws(wrong('Consignment/a b'), { message: /is no path/ })
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

test('stories that move clocks come last, and those of another configuration apart', () => {
  const story = (name: string, head: string, step: string) =>
    writeFileSync(join(folder, `stories/${name}.yaml`), `title: ${name}\n${head}steps: [${step}]\n`)
  rmSync(join(folder, 'stories/wrong.yaml'), { force: true })
  const whole = fileURLToPath(new URL('corridor.yaml', readCorridor('albania-kosovo').folder))
  writeFileSync(join(folder, 'corridor.yaml'), readFileSync(whole, 'utf8'))
  writeFileSync(join(folder, 'other.yaml'), 'like: corridor.yaml\nguarantees: mutual\n')
  story('a-later', '', '{ step: a, clock: { ahead: 1d } }')
  story('b-apart', 'configuration: other.yaml\n', '{ step: a, stop: al }')
  story('c-live', '', '{ step: a, configuration: other.yaml }, { step: b, stop: al }')
  const { quiet, moving, changing, configured } = namesInOrder(corridor)
  assert.deepEqual([quiet, moving, changing], [['one'], ['a-later'], ['c-live']])
  assert.deepEqual([...configured], [[join(folder, 'other.yaml'), ['b-apart']]])
  story('b-apart', 'configuration: none.yaml\n', '{ step: a, stop: al }')
  assert.throws(() => readStory(corridor, 'b-apart'), { code: 'CORRIDOR_UNKNOWN' })
})
