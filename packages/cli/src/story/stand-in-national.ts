/** What stand-ins for national systems do in a story, and what comes back to them. */
import { readFileSync } from 'node:fs'
import { type Block, putAt } from '@corridor/declarations'
import { type Checked, type Corridor, NodeFault, type RunningCorridor } from '@corridor/node'
import { loadDeclarations } from '@corridor/tables'
import { until } from './expectations.ts'
import { fill } from './fill.ts'
import type { SaidOf } from './lines.ts'

/** What the stand-in of a node does in one step, and which results it has got then. */
export interface NationalDoing {
  /** Name of the node. */
  node: string
  does:
    | { what: 'release'; path: string; number: string; event: string; set: Record<string, string> }
    /** It registers what came to it of a kind, under a number, with what its officer changes by paths of the block. */
    | { what: 'register'; number: string; of: string; set: Record<string, string> }
    | { what: 'nothing' }
  /** Kinds of results that come, in any order. */
  results: string[]
}

/**
 * `national: af` with `release: documents/export.xml`, `number` and `event`; or `register: NUMBER` and `of` (usually `import`); each with `set` (paths of the block), and
 * `results`: what it gets. @throws NodeFault CORRIDOR_FILE
 */
export function nationalFrom(step: Checked, corridor: Corridor): NationalDoing {
  const node = step.text('national', (id) =>
    corridor.nodes.some((each) => each.id === id && each.nationalSystem !== null),
  )
  const [set, results] = [step.values('set'), step.optionalTexts('results')]
  const event = step.optionalText('event') ?? 'released'
  const of = step.optionalText('of') ?? 'import'
  if (step.has('register')) return { node, does: { what: 'register', number: step.text('register'), of, set }, results }
  if (!step.has('release')) return { node, does: { what: 'nothing' }, results }
  return {
    node,
    does: { what: 'release', path: step.text('release'), number: step.text('number'), event, set },
    results,
  }
}

type StandIn = RunningCorridor['nationals'][number]

/** What came to stand-ins and was not registered yet, by the kind of result; kept from step to step. */
const kept = new WeakMap<StandIn, Map<string, Uint8Array[]>>()

/** Does the step, and waits for its results. @returns what is told of it */
export async function doNational(
  { corridor, nationals }: Pick<RunningCorridor, 'corridor' | 'nationals'>,
  { step, node, does, results }: NationalDoing & { step: string },
  values: Record<string, string>,
  patienceMs: number,
): Promise<SaidOf> {
  const standIn = nationals.find(({ id }) => id === node)
  if (standIn === undefined) throw new NodeFault('CORRIDOR_FILE', `no national system of ${node} runs.`)
  const came = kept.get(standIn) ?? new Map<string, Uint8Array[]>()
  kept.set(standIn, came)
  const { name } = corridor.nodes.find(({ id }) => id === node)!
  const said = (title: string): SaidOf => ({ title, from: `Stand-in for ${name}’s system`, to: name })
  const told: string[] = []
  if (does.what !== 'nothing') {
    const number = fill(does.number, values)
    const given =
      does.what === 'release'
        ? Buffer.from(fill(readFileSync(new URL(does.path, corridor.folder), 'utf8'), values))
        : (came.get(does.of)?.shift() ?? absent(`${step}: no ${does.of} came to the national system of ${node}`))
    const set = does.what === 'release' ? does.set : { 'Declaration/ID': number, ...does.set }
    await standIn.release(
      number,
      changed(corridor, node, given, set, values),
      does.what === 'release' ? does.event : 'released',
    )
    told.push(`${does.what === 'release' ? does.event : 'registered'} ${number}`)
  }
  const missing = [...results]
  if (missing.length === 0) return said(told.join(', '))
  await until(
    patienceMs,
    { step },
    () => `${missing.join(', ')} did not come to the national system of ${node}`,
    async () => {
      for (const { kind, bytes } of await standIn.results()) {
        came.set(kind, [...(came.get(kind) ?? []), bytes])
        const at = missing.indexOf(kind)
        if (at >= 0) missing.splice(at, 1)
      }
      return missing.length === 0 ? true : undefined
    },
  )
  return said([...told, `has got ${results.join(', ')}`].join(', '))
}

function absent(what: string): never {
  throw new Error(`step ${what}`)
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
  const { blocks, forms } = loadDeclarations()
  const form = forms.get(nationalSystem!.form)!
  const facts = { country, agency: name, currency: nationalSystem!.currency }
  const { block, findings } = form.read(bytes, facts)
  if (block === undefined) throw new Error(findings.map(({ text }) => text).join(' '))
  const made: Block = structuredClone(block)
  const hasAttributes = (element: string): boolean =>
    ['@currencyID', '@unitCode'].some((each) => blocks.element(`${element}/${each}`) !== undefined)
  for (const [path, value] of Object.entries(set)) putAt(made, path, fill(value, values), hasAttributes)
  return form.write(made, facts).bytes
}
