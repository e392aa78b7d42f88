/** What stand-ins for national systems do in a story, and what comes back to them. */
import { readFileSync } from 'node:fs'
import { type Block, putAt } from '@corridor/declarations'
import { type Checked, type Corridor, NodeFault, type RunningCorridor } from '@corridor/node'
import { loadDeclarations } from '@corridor/tables'
import { type DocumentSource, documentOf } from './documents.ts'
import { until } from './expectations.ts'
import { fill } from './fill.ts'
import type { SaidOf } from './lines.ts'

/** What the stand-in of a node does in one step, and which results it has got then. */
export interface NationalDoing {
  /** Name of the node. */
  node: string
  /** Account of the trader whose document of the procedure it is; '' where it is none. */
  account: string
  does:
    | { what: 'release'; path: string; number: string; event: string; set: Record<string, string> }
    /** A document of the procedure, made as those of traders' software are. */
    | { what: 'hand-over'; source: DocumentSource; number: string; event: string }
    /** It registers what came to it of a kind, under a number, with what its officer changes by paths of the block. */
    | { what: 'register'; number: string; of: string; set: Record<string, string> }
    | { what: 'nothing' }
  /** Results that come, in any order: the kind of each, and words that it says. */
  results: string[]
}

/**
 * `national: af` with `release: documents/export.xml`, `number` and `event`, and for a document of the procedure its type as `document` and the `account` of its
 * trader; or `register: NUMBER` and `of` (usually `import`); each with `set` (paths), and `results`: what it gets. @throws NodeFault CORRIDOR_FILE
 */
export function nationalFrom(step: Checked, corridor: Corridor): NationalDoing {
  const node = step.text('national', (id) =>
    corridor.nodes.some((each) => each.id === id && each.nationalSystem !== null),
  )
  const common = { node, account: '', results: step.optionalTexts('results') }
  const set = step.values('set')
  if (step.has('register')) {
    const of = step.optionalText('of') ?? 'import'
    return { ...common, does: { what: 'register', number: step.text('register'), of, set } }
  }
  if (!step.has('release')) return { ...common, does: { what: 'nothing' } }
  const [path, number, event] = [step.text('release'), step.text('number'), step.optionalText('event') ?? 'released']
  if (!step.has('document')) return { ...common, does: { what: 'release', path, number, event, set } }
  const { accounts } = corridor.nodes.find(({ id }) => id === node)!
  const account = step.text('account', (name) => accounts.some(({ id, trader }) => id === name && trader !== null))
  const change = (step.any('change') ?? {}) as Record<string, unknown>
  const source = { submit: path, document: step.text('document', /^[A-Z]{2}\d{3}[A-Z]$/), set, change }
  return { ...common, account, does: { what: 'hand-over', source, number, event } }
}

type StandIn = RunningCorridor['nationals'][number]

/** What came to a stand-in in this run of the program. */
interface Came {
  kind: string
  bytes: Uint8Array
  /** Whether a step of a story has waited for it. */
  seen: boolean
  registered: boolean
}

const kept = new WeakMap<StandIn, Came[]>()

/** Does the step, and waits for its results. @returns what is told of it */
export async function doNational(
  { corridor, nationals }: Pick<RunningCorridor, 'corridor' | 'nationals'>,
  { step, node, does, results }: NationalDoing & { step: string },
  values: Record<string, string>,
  patienceMs: number,
): Promise<SaidOf> {
  const standIn = nationals.find(({ id }) => id === node)
  if (standIn === undefined) throw new NodeFault('CORRIDOR_FILE', `no national system of ${node} runs.`)
  const came = kept.get(standIn) ?? []
  kept.set(standIn, came)
  const { name } = corridor.nodes.find(({ id }) => id === node)!
  const told: string[] = []
  if (does.what !== 'nothing') {
    const number = fill(does.number, values)
    const { event, bytes } = handedOver(corridor, { step, node, does, number, came }, values)
    await standIn.release(number, bytes, event)
    told.push(`${does.what === 'register' ? 'registered' : event} ${number}`)
  }
  const wanted = results.map((each) => fill(each, values))
  await comesTo({ step, node, standIn, came }, [...wanted], patienceMs)
  // What is in them that belongs to this movement is known by its references, which the line has anyway.
  const references = new Set([values['mrn'], values['lrn']])
  const kinds = wanted.map((each) =>
    each
      .split(' ')
      .filter((word) => !references.has(word))
      .join(' '),
  )
  if (kinds.length > 0) told.push(`has got ${kinds.join(', ')}`)
  return { title: told.join(', '), from: `Stand-in for ${name}’s system`, to: name }
}

/** What the stand-in hands over in a step. */
function handedOver(
  corridor: Corridor,
  from: {
    step: string
    node: string
    does: Exclude<NationalDoing['does'], { what: 'nothing' }>
    number: string
    came: Came[]
  },
  values: Record<string, string>,
): { event: string; bytes: Uint8Array } {
  const { step, node, does, number, came } = from
  if (does.what === 'hand-over')
    return { event: does.event, bytes: Buffer.from(documentOf(corridor, does.source, values)) }
  if (does.what === 'release') {
    const given = Buffer.from(fill(readFileSync(new URL(does.path, corridor.folder), 'utf8'), values))
    return { event: does.event, bytes: changed(corridor, node, given, does.set, values) }
  }
  const found = came.find(({ kind, registered }) => kind === does.of && !registered)
  if (found === undefined) throw new Error(`step ${step}: no ${does.of} came to the national system of ${node}`)
  found.registered = true
  const set = { 'Declaration/ID': number, ...does.set }
  return { event: 'released', bytes: changed(corridor, node, found.bytes, set, values) }
}

/** Waits until each of the wanted results has come that no step has waited for yet. */
async function comesTo(
  { step, node, standIn, came }: { step: string; node: string; standIn: StandIn; came: Came[] },
  missing: string[],
  patienceMs: number,
): Promise<void> {
  if (missing.length === 0) return
  await until(
    patienceMs,
    { step },
    () => `${missing.join(', ')} did not come to the national system of ${node}`,
    async () => {
      for (const { kind, bytes } of await standIn.results()) came.push({ kind, bytes, seen: false, registered: false })
      for (const each of came.filter(({ seen }) => !seen)) {
        const text = Buffer.from(each.bytes).toString('utf8')
        const at = missing.findIndex((wanted) => {
          const [kind, ...words] = wanted.split(' ')
          return kind === each.kind && words.every((word) => text.includes(word))
        })
        if (at < 0) continue
        each.seen = true
        missing.splice(at, 1)
      }
      return missing.length === 0 ? true : undefined
    },
  )
}

/** A declaration in the form of the system with other texts at some paths of the block. */
function changed(
  corridor: Corridor,
  node: string,
  bytes: Uint8Array,
  set: Record<string, string>,
  values: Record<string, string>,
): Uint8Array {
  if (Object.keys(set).length === 0) return bytes
  const { country, name, nationalSystem } = corridor.nodes.find(({ id }) => id === node)!
  const told = nationalSystem?.declarations
  if (told == null) throw new NodeFault('CORRIDOR_FILE', `the national system of ${node} has no form: no “set” here.`)
  const { blocks, forms } = loadDeclarations()
  const form = forms.get(told.form)!
  const facts = { country, agency: name, currency: told.currency }
  const { block, findings } = form.read(bytes, facts)
  if (block === undefined) throw new Error(findings.map(({ text }) => text).join(' '))
  const made: Block = structuredClone(block)
  const hasAttributes = (element: string): boolean =>
    ['@currencyID', '@unitCode'].some((each) => blocks.element(`${element}/${each}`) !== undefined)
  for (const [path, value] of Object.entries(set)) putAt(made, path, fill(value, values), hasAttributes)
  return form.write(made, facts).bytes
}
