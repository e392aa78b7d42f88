import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { corridor } from './run.ts'

const rejection = (changes: Record<string, string> = {}): string => {
  const fields = {
    messageSender: 'NTA.AL',
    messageRecipient: 'NTA.XK',
    preparationDateAndTime: '2026-11-24T14:00:00',
    messageIdentification: '1',
    messageType: 'CD906C',
    ...changes,
  }
  const header = Object.entries(fields).map(([name, value]) => `  <${name}>${value}</${name}>\n`)
  return `<n:CD906C xmlns:n="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1">
${header.join('')}  <FunctionalError>
    <errorPointer>/x</errorPointer>
    <errorCode>12</errorCode>
    <errorReason>CL231</errorReason>
  </FunctionalError>
</n:CD906C>
`
}

let folder: string
const at = (name: string) => join(folder, name)
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'corridor-validate-'))
  writeFileSync(at('right.xml'), rejection())
  writeFileSync(at('wrong.xml'), rejection({ preparationDateAndTime: '2026-02-30T14:00:00', messageSender: '' }))
  writeFileSync(at('other-type.xml'), rejection({ messageType: 'CC015C' }))
})
after(() => rmSync(folder, { recursive: true }))

interface Line {
  file: string
  message: string | null
  edition: string | null
  valid: boolean
  findings: { kind: string; rule: string; path: string; line?: number; column?: number; remedy: string; text: string }[]
  remarks: { rule: string; path: string; line?: number; value?: string; text: string }[]
}
const lines = (out: string): Line[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

test('a right document is 0, and one line says so', async () => {
  const run = await corridor(['validate', at('right.xml'), '--json'])
  assert.deepEqual(lines(run.out), [
    { file: at('right.xml'), message: 'CD906C', edition: '51.8.0', valid: true, findings: [], remarks: [] },
  ])
  assert.deepEqual([run.code, run.err], [0, ''])
})

test('people see file, message, place, rule, value, what is allowed and the remedy', async () => {
  const { code, out } = await corridor(['validate', at('wrong.xml')])
  assert.equal(code, 1)
  assert.match(out, /wrong\.xml {2}CD906C 51\.8\.0 {2}2 findings\n/)
  assert.match(out, /^ {2}4:3 +type {2}\/CD906C\/preparationDateAndTime$/m)
  assert.match(out, /^ +value +“2026-02-30T14:00:00”$/m)
  assert.match(out, /^ +allowed +date and time/m)
  assert.match(out, /^ +remedy +Give a date and time/m)
  assert.match(out, /^ +value +\(empty\)$/m)
})

test('code lists and rules have lines too, and --structure leaves them out', async () => {
  const run = await corridor(['validate', '--json', at('other-type.xml')])
  assert.equal(run.code, 1)
  assert.deepEqual(
    lines(run.out)[0]!.findings.map(({ rule, path, line, column }) => [rule, path, line, column]),
    [['CL060', '/CD906C/messageType', 6, 3]],
  )
  assert.equal((await corridor(['validate', '--structure', at('other-type.xml')])).code, 0)
})

/** The declaration of the corridor's story. */
function declaration(): string {
  const story = new URL('../../../corridors/albania-kosovo/documents/declaration.xml', import.meta.url)
  const values: Record<string, string> = {
    now: '2026-11-24T14:00:00',
    grn: '26AL0009010000013',
    accessCode: 'AC01',
    sender: 'ALK12345678A',
    recipient: 'NTA.AL',
  }
  return readFileSync(story, 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '1')
}

test('a guideline that is not followed is a remark: shown, and the document is valid', async () => {
  const carrier = '<Carrier><identificationNumber>ALK12345678A</identificationNumber></Carrier>'
  writeFileSync(
    at('carrier.xml'),
    declaration().replace('</grossMass>\n    <Consignor>', `</grossMass>\n${carrier}<Consignor>`),
  )
  const json = await corridor(['validate', '--json', at('carrier.xml'), '--corridor', 'albania-kosovo'])
  const [line] = lines(json.out)
  assert.deepEqual([json.code, line!.valid, line!.findings], [0, true, []])
  const [remark, ...others] = line!.remarks
  assert.deepEqual(others, [])
  assert.deepEqual(
    [remark!.rule, remark!.path, remark!.value],
    ['G0090', '/CC015C/Consignment/Carrier/identificationNumber', 'ALK12345678A'],
  )
  assert.equal(
    declaration()
      .split('\n')
      .findIndex((text) => text.includes('<Consignor>')) + 1,
    remark!.line,
  )
  // An error code is for what is refused; a remark never is.
  assert.deepEqual(
    Object.keys(remark!).filter((key) => key === 'code' || key === 'kind'),
    [],
  )
  const people = await corridor(['validate', at('carrier.xml'), at('right.xml'), '--corridor', 'albania-kosovo'])
  assert.equal(people.code, 0)
  assert.match(
    people.out,
    /carrier\.xml {2}CC015C 51\.8\.0 {2}valid, 1 remark\n {2}Remarks [^\n]*\n {2}\d+:\d+ +G0090 /,
  )
  assert.match(people.out, /^2 files: 2 valid, 0 with 0 findings; 1 remarks$/m)
  const structure = await corridor(['validate', '--json', '--structure', at('carrier.xml')])
  assert.deepEqual(lines(structure.out)[0]!.remarks, [])
})

test('--at and --corridor choose the codes that count', async () => {
  writeFileSync(at('declaration.xml'), declaration().replace('<referenceNumber>XK000301', '<referenceNumber>XK000399'))
  const rules = async (...more: string[]) =>
    lines((await corridor(['validate', '--json', at('declaration.xml'), ...more])).out)[0]!.findings.map(
      ({ rule }) => rule,
    )
  // The list of offices of destination is the corridor's own: without it nobody knows which there are.
  assert.deepEqual(await rules('--corridor', 'albania-kosovo', '--at', '2026-11-24'), ['CL172'])
  assert.deepEqual(await rules('--at', '2026-11-24'), [])
  assert.ok((await rules('--at', '1999-01-01')).includes('CL231'))
  const people = await corridor(['validate', at('declaration.xml')])
  assert.match(people.out, /^ {2}not evaluated for want of facts beyond the document: .*\bC0250\b/m)
})

test('what is no document is a finding about the file, and the other files are checked all the same', async () => {
  writeFileSync(at('empty.xml'), '')
  writeFileSync(at('text.xml'), 'Dear Sir or Madam')
  writeFileSync(at('unknown.xml'), '<CC999C/>')
  writeFileSync(at('huge.xml'), '')
  truncateSync(at('huge.xml'), 70_000_000_000)
  mkdirSync(at('nothing-here'))
  const files = ['not-there.xml', 'nothing-here', 'empty.xml', 'text.xml', 'unknown.xml', 'huge.xml', 'right.xml'].map(
    at,
  )
  const run = await corridor(['validate', '--json', ...files])
  assert.equal(run.code, 1)
  assert.deepEqual(
    lines(run.out).map(({ file, message, valid, findings }) => [
      file,
      message,
      valid,
      findings[0]?.kind,
      findings[0]?.rule,
    ]),
    [['unreadable', 'unreadable', 'empty', 'no-document', 'unknown-message', 'unreadable']]
      .flat()
      .map((rule, index) => [files[index], null, false, 'file', rule] as unknown[])
      .concat([[files[6], 'CD906C', true, undefined, undefined]]),
  )
  assert.ok(lines(run.out).every(({ findings }) => findings.every(({ text, remedy }) => text && remedy)))
})

test(
  'a file that may not be read says so',
  { skip: process.getuid?.() === 0 && 'root may read everything' },
  async () => {
    writeFileSync(at('secret.xml'), rejection())
    chmodSync(at('secret.xml'), 0)
    const { code, out } = await corridor(['validate', at('secret.xml')])
    assert.equal(code, 1)
    assert.match(out, /may not be read/)
  },
)

test('a folder stands for its documents, JSON is read as well, and standard input is -', async () => {
  mkdirSync(at('many'))
  writeFileSync(join(at('many'), 'b.xml'), rejection())
  const json = await corridor(['convert', at('right.xml'), '--to', 'json'])
  writeFileSync(join(at('many'), 'a.json'), json.out)
  writeFileSync(join(at('many'), 'notes.txt'), 'x')
  const { code, out } = await corridor(['validate', at('many')])
  assert.equal(code, 0)
  assert.doesNotMatch(out, /notes\.txt/)
  assert.match(out, /a\.json {2}CD906C[^]*b\.xml {2}CD906C[^]*2 files: 2 valid, 0 with 0 findings/)
  assert.equal((await corridor(['validate', '-'], rejection())).code, 0)
})

test('wrong usage is 2 and names what is wrong', async () => {
  for (const [typed, says] of [
    [[], /which files/],
    [['--at', '2026-02-30', 'x.xml'], /2026-02-30/],
    [['--at'], /needs a value/],
    [['--strict', 'x.xml'], /--strict/],
  ] as const) {
    const { code, out, err } = await corridor(['validate', ...typed])
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, says)
  }
  assert.match((await corridor(['validate', '--corridor', 'atlantis', 'x.xml'])).err, /atlantis/)
})

test('what a document says cannot move the cursor or turn the text', async () => {
  const { out } = await corridor(['validate', '-'], rejection({ messageType: 'a\u009b31m\u202eb' }))
  assert.match(out, /a\\u\{9b\}31m\\u\{202e\}b/)
  assert.doesNotMatch(out, /[\u009b\u202e]/)
})

test('a reader that goes away ends the work quietly', async () => {
  const files = Array.from({ length: 400 }, () => at('wrong.xml'))
  const program = fileURLToPath(new URL('../corridor.mjs', import.meta.url))
  const child = spawn(process.execPath, [program, 'validate', '--json', ...files], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  child.stdout.once('data', () => child.stdout.destroy())
  const code = await new Promise((resolve) => child.on('close', resolve))
  assert.deepEqual([code, err], [141, ''])
})

test('nothing is lost when the reader is slow', async () => {
  const files = Array.from({ length: 300 }, () => at('wrong.xml'))
  const { out } = await corridor(['validate', '--json', ...files])
  assert.equal(lines(out).length, 300)
})
