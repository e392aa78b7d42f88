import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { read, write } from '../src/index.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const header = `<messageSender>NTA.AL</messageSender><messageRecipient>ALK12345678A</messageRecipient>
<preparationDateAndTime>2026-11-24T14:00:00</preparationDateAndTime><messageIdentification>1</messageIdentification>
<messageType>CC928C</messageType>`
const right = `<n:CC928C xmlns:n="http://ncts.dgtaxud.ec">${header}<TransitOperation><LRN>L1</LRN></TransitOperation>
<CustomsOfficeOfDeparture><referenceNumber>AL000101</referenceNumber></CustomsOfficeOfDeparture>
<HolderOfTheTransitProcedure><identificationNumber>ALK1</identificationNumber></HolderOfTheTransitProcedure></n:CC928C>`
const bytes = (text: string) => new TextEncoder().encode(text)

test('a right document is typed, and what is written can be read', () => {
  const reading = read('CC928C', bytes(right))
  assert.ok(reading.valid)
  // Without a question mark: the compiler knows that a valid document has these.
  assert.equal(reading.document.TransitOperation.LRN, 'L1')
  assert.equal(reading.document.HolderOfTheTransitProcedure.identificationNumber, 'ALK1')
  const again = read('CC928C', write('CC928C', { ...reading.document, messageIdentification: '2' }))
  assert.ok(again.valid)
  assert.equal(again.document.messageIdentification, '2')
})

test('a wrong document has findings and no type', () => {
  const reading = read('CC928C', bytes(right.replace('<LRN>L1</LRN>', '')))
  assert.ok(!reading.valid)
  assert.deepEqual(
    reading.findings.map(({ rule, path }) => [rule, path]),
    [['required', '/CC928C/TransitOperation/LRN']],
  )
})

/** What the compiler says of each of some programs that use the tables. */
function compile(programs: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-typed-'))
  try {
    const compilerOptions = {
      paths: { '@corridor/*': [join(root, 'packages/*/src/index.ts')] },
      typeRoots: [join(root, 'node_modules/@types')],
    }
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.mts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    for (const [at, program] of programs.entries())
      writeFileSync(join(folder, `program${at}.mts`), `import { read, write } from '@corridor/tables'\n${program}\n`)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    })
    assert.ok(status !== null)
    const lines = stdout.split('\n')
    return programs.map((_, at) => lines.filter((line) => line.includes(`program${at}.mts`)).join('\n'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const open = `const reading = read('CC015C', new Uint8Array())\nif (reading.valid) `
const programs: [string, string, RegExp | undefined][] = [
  ['a right name', `${open}console.log(reading.document.Guarantee[0]?.GuaranteeReference?.[0]?.GRN)`, undefined],
  ['a misspelt element', `${open}console.log(reading.document.Guarante)`, /2551.*'Guarante'.*'Guarantee'/],
  [
    'a misspelt element deep inside',
    `${open}console.log(reading.document.TransitOperation.LNR)`,
    /'LNR' does not exist/,
  ],
  ['an unknown message', `read('CC015X', new Uint8Array())`, /"CC015X"/],
  [
    'an optional element taken as given',
    `${open}reading.document.TransitOperation.limitDate.slice(0, 4)`,
    /possibly 'undefined'/,
  ],
  [
    'a repeated element taken as one',
    `${open}console.log(reading.document.Guarantee.guaranteeType)`,
    /'guaranteeType' does not exist/,
  ],
  [
    'a document that was not looked at',
    `console.log(read('CC015C', new Uint8Array()).document.TransitOperation)`,
    /possibly 'undefined'/,
  ],
  [
    'a flag of neither value',
    `${open}write('CC015C', { ...reading.document, TransitOperation: { ...reading.document.TransitOperation, bindingItinerary: '2' } })`,
    /'"2"' is not assignable to type 'FlagValue'/,
  ],
]

test('the compiler refuses what the tables do not have, and that only', () => {
  const said = compile(programs.map(([, program]) => program))
  for (const [at, [what, , expected]] of programs.entries()) {
    if (expected === undefined) assert.equal(said[at], '', what)
    else assert.match(said[at]!, expected, what)
  }
})
