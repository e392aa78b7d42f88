/** `corridor declaration …`: harmonised declaration data by hand. */
import { readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Block, type Form, type FormFinding, mirror, type MirrorReport } from '@corridor/declarations'
import { type DeclarationTables, loadDeclarations, loadForm } from '@corridor/tables'
import { parse } from 'yaml'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { dayOf } from '../documents/day.ts'
import { tell } from '../documents/for-people.ts'
import { readInput } from '../documents/input.ts'
import { print } from '../print.ts'

/**
 * `corridor declaration FILE [--form FORM] --country CC --currency CUR [--to FORM|block|xml] [--import]`: what is wrong with a declaration, or
 * the declaration in another form, on standard output; what the other form could not hold goes to standard error.
 * `corridor declaration forms|elements`: which forms and elements there are. `corridor declaration mirror`: exports held against imports.
 */
export async function declaration(typed: string[]): Promise<number> {
  if (typed[0] === 'mirror') return mirrorCommand(typed.slice(1))
  const { words, options, flags } = readArguments(typed, {
    options: ['form', 'country', 'currency', 'to'],
    flags: ['import'],
    words: 1,
  })
  const tables = loadDeclarations()
  const [word] = words
  if (word === 'forms') return forms(tables)
  if (word === 'elements') return elements(tables)
  if (word === undefined) throw new UsageError('Say which file: corridor declaration FILE --form FORM …')
  const read = readOne(word, options, tables)
  if (read.block === undefined || read.findings.length > 0) {
    const findings = read.findings.map((each) => (each.at === undefined ? each : { ...each, path: each.at }))
    await print(
      tell({ file: word, message: read.form, edition: '', valid: false, findings, remarks: [] }),
      process.stderr,
    )
    return 1
  }
  for (const { at, value } of read.unread) await print(`not read  ${at}  ${value}\n`, process.stderr)
  const block = flags.has('import') ? await begin(read.block, options, tables) : read.block
  if (block === undefined) return 1
  return write(block, options, tables, word)
}

async function forms({ forms }: DeclarationTables): Promise<number> {
  await print(columns([['form', 'like', 'has nothing for'], ...[...forms.values()].map(formRow)]))
  return 0
}

const formRow = ({ name, like, notMapped }: Form): (string | number)[] => [name, like, `${notMapped.length} elements`]

async function elements({ blocks }: DeclarationTables): Promise<number> {
  const rows = blocks.elements.map(({ path, wco, since, format, meaning }) => [path, wco, since, format, meaning])
  await print(columns([['element', 'WCO', 'since', 'format', 'meaning'], ...rows]))
  return 0
}

interface Read {
  form: string
  block: Block | undefined
  findings: readonly FormFinding[]
  unread: readonly { at: string; value: string }[]
}

/** A file as a utility block (JSON or XML), or in a form. */
function readOne(file: string, options: Arguments['options'], tables: DeclarationTables): Read {
  const input = readInput(file)
  if (!('bytes' in input)) throw new UsageError(`${input.text} ${input.remedy}`)
  const name = options.get('form') ?? 'block'
  if (name === 'block') {
    const { block, findings, unknown } = tables.blocks.read(input.bytes)
    return { form: 'utility block', block, findings, unread: unknown.map((at) => ({ at, value: '' })) }
  }
  return { form: name, ...formNamed(name, tables).read(input.bytes, factsOf(options)) }
}

/** A form by its name, or from a folder: an administration has its own codes, dates and additions. */
function formNamed(name: string, { forms, blocks }: DeclarationTables): Form {
  if (statSync(name, { throwIfNoEntry: false })?.isDirectory() === true)
    return loadForm(pathToFileURL(`${resolve(name)}/`), basename(name), blocks)
  const form = forms.get(name)
  if (form === undefined)
    throw new UsageError(`There is no form and no folder “${name}”. corridor declaration forms lists them.`)
  return form
}

function factsOf(options: Arguments['options']): { country: string; currency: string } {
  const [country, currency] = [options.get('country'), options.get('currency')]
  if (country === undefined || !/^[A-Z]{2}$/.test(country))
    throw new UsageError('Say of which country the system is: --country ZA.')
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency))
    throw new UsageError('Say what its national currency is: --currency ZAR.')
  return { country, currency }
}

/** The import begun from an export; what is to be completed goes to standard error. */
async function begin(
  exported: Block,
  options: Arguments['options'],
  { imports }: DeclarationTables,
): Promise<Block | undefined> {
  const country = options.get('country')
  if (country === undefined) throw new UsageError('Say into which country: --country ZA.')
  const outcome = imports.importFrom(exported, { country })
  if (outcome.kind === 'draft') {
    for (const { path, meaning, why } of outcome.complete)
      await print(`to complete  ${path}  ${meaning}: ${why}\n`, process.stderr)
    return outcome.draft
  }
  const why =
    outcome.kind === 'no-export'
      ? 'It is no export that counts.'
      : `The goods go to ${outcome.destination}, not to ${country}.`
  await print(`${why}\n`, process.stderr)
  return undefined
}

async function write(
  block: Block,
  options: Arguments['options'],
  tables: DeclarationTables,
  file: string,
): Promise<number> {
  const to = options.get('to')
  if (to === undefined) {
    await print(`${file}  right\n`)
    return 0
  }
  if (to === 'block' || to === 'xml') {
    await print(to === 'block' ? tables.blocks.write(block) : tables.blocks.writeXml(block))
    if (to === 'block') await print('\n')
    return 0
  }
  const { bytes, losses } = formNamed(to, tables).write(block, factsOf(options))
  await print(bytes)
  for (const { path, value, became, why } of losses)
    await print(`lost  ${path}  ${value}${became === undefined ? '' : ` → ${became}`}: ${why}\n`, process.stderr)
  return 0
}

/**
 * `corridor declaration mirror --exports FOLDER --imports FOLDER --currency CUR [--rates FILE] [--day DAY] [--mass PERCENT] [--value PERCENT]
 * [--travel DAYS] [--json]`: utility blocks of two folders held against each other.
 */
async function mirrorCommand(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: ['exports', 'imports', 'currency', 'rates', 'day', 'mass', 'value', 'travel'],
    flags: ['json'],
    words: 0,
  })
  const currency = options.get('currency')
  if (currency === undefined) throw new UsageError('Say in which currency: --currency USD.')
  const tables = loadDeclarations()
  const rates = options.get('rates')
  const number = (name: string, usual: string): string => {
    const text = options.get(name) ?? usual
    if (!/^\d{1,6}(\.\d{1,6})?$/.test(text)) throw new UsageError(`--${name} is a number, as in ${usual}.`)
    return text
  }
  const facts = {
    currency,
    rates: rates === undefined ? [] : ratesIn(rates),
    day: dayOf(options, 'day'),
    tolerance: {
      massPercent: number('mass', '2'),
      valuePercent: number('value', '5'),
      travelDays: Math.trunc(Number(number('travel', '14'))),
    },
  }
  const [exports, imports] = ['exports', 'imports'].map((side) => blocksIn(options.get(side), tables)) as [
    Block[],
    Block[],
  ]
  const report = mirror(exports, imports, facts)
  await print(flags.has('json') ? `${JSON.stringify(report, undefined, 2)}\n` : forPeople(report))
  return 0
}

function blocksIn(folder: string | undefined, { blocks }: DeclarationTables): Block[] {
  if (folder === undefined) throw new UsageError('Say where the blocks are: --exports FOLDER --imports FOLDER.')
  return readdirSync(folder)
    .filter((name) => /\.(json|xml)$/.test(name))
    .toSorted()
    .map((name) => {
      const input = readInput(join(folder, name))
      const reading = 'bytes' in input ? blocks.read(input.bytes) : undefined
      if (reading?.block === undefined || reading.findings.length > 0)
        throw new UsageError(
          `${join(folder, name)} is no right utility block: corridor declaration says what is wrong.`,
        )
      return reading.block
    })
}

/** A YAML or JSON list of `{ currency, perUnit, validFrom, validTo }`. */
function ratesIn(file: string): { currency: string; perUnit: string; validFrom?: string; validTo?: string }[] {
  const input = readInput(file)
  const list: unknown = 'bytes' in input ? parse(new TextDecoder().decode(input.bytes)) : undefined
  const isRate = (each: unknown): each is { currency: string; perUnit: string } => {
    const { currency, perUnit } = (each ?? {}) as Record<string, unknown>
    return typeof currency === 'string' && typeof perUnit === 'string' && /^\d+(\.\d+)?$/.test(perUnit)
  }
  if (!Array.isArray(list) || !list.every(isRate))
    throw new UsageError(`${file}: a list of { currency: ZAR, perUnit: '18.25' }, the rate in quotes.`)
  return list
}

function forPeople({ pairs, chapters, counts, unusable, notCounted, currency }: MirrorReport): string {
  const rows = pairs.map(({ ucr, state, exported, imported }) => [
    ucr,
    state,
    exported.netMass,
    imported.netMass,
    exported.value,
    imported.value,
  ])
  const details = pairs.flatMap(({ ucr, differences }) =>
    differences.map(({ kind, subheading = 'all', exported, imported, percent = '' }) => [
      ucr,
      kind,
      subheading,
      exported,
      imported,
      percent === '' ? '' : `${percent} %`,
    ]),
  )
  const sums = chapters.map(({ chapter, exported, imported }) => [
    chapter,
    exported.netMass,
    imported.netMass,
    exported.value,
    imported.value,
  ])
  const head = ['exported kg', 'imported kg', `exported ${currency}`, `imported ${currency}`]
  return [
    `${Object.entries(counts)
      .map(([state, count]) => `${state} ${count}`)
      .join(', ')}\n\n`,
    columns([['UCR', 'state', ...head], ...rows]),
    ...(details.length > 0
      ? ['\n', columns([['UCR', 'differs', 'code', 'exported', 'imported', ''], ...details])]
      : []),
    '\n',
    columns([['chapter', ...head], ...sums]),
    ...unusable.map(
      ({ side, declaration, path, why, value = '' }) =>
        `not compared  ${side} ${declaration}  ${path}  ${why} ${value}\n`,
    ),
    ...notCounted.map(({ side, declaration, why }) => `not counted  ${side} ${declaration}  ${why}\n`),
  ].join('')
}
