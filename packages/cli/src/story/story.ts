import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Checked, type Corridor, NodeFault, readCorridor } from '@corridor/node'
import { parse } from 'yaml'
import type { DocumentSource } from './documents.ts'
import { type Expected, expectedFrom } from './expected.ts'
import { type NationalDoing, nationalFrom } from './stand-in-national.ts'
import { nodeOf, nodeOrPlaceOf } from './places.ts'

/** What every step has. */
interface Common {
  step: string
  /** A movement of the story beside its first one, by a name of the story's own. */
  movement?: string
  expect: Expected
}

/** Who does a step: an account of a node. */
interface Actor extends Common {
  node: string
  account: string
}

/** A trader's software submits a document. */
export interface SubmitStep extends Actor, DocumentSource {
  kind: 'submit'
  /** MRN of the movement that it is about, where no declaration of the story has it yet; {{name}} is filled in. */
  mrn?: string
}

/** An officer does an act. */
export interface ActStep extends Actor {
  kind: 'act'
  act: string
  fields: Record<string, string>
  /** Movements on which it is done at the same moment, by the names of the story; none: on the movement of the step. */
  movements: string[]
}

/** A stand-in for the gateway of a node sends a partner a document over AS4 that the node itself would not send. */
export interface SendStep extends Common, DocumentSource {
  kind: 'send'
  node: string
  to: string
}

/** An account asks the node's API for something. */
export interface RequestStep extends Actor {
  kind: 'request'
  method: string
  path: string
  /** Sent as JSON, with {{name}} filled in. */
  body: unknown
  /** Sent as it is instead of a body: path of a file, from the corridor's folder, and its media type. */
  file: { path: string; mediaType: string } | null
  /** HTTP status that must be answered. */
  status: number
  /** Parts of the answer that must be as told; what is asked for is asked again until they are. */
  answer: Record<string, unknown>
  /** Members of the answer (`a.b` for one inside of another) that later steps use as {{name}}, by that name. */
  keep: Record<string, string>
}

/** An account's software opens an endpoint and registers it; its id is kept under the name that is given. */
export interface ListenStep extends Actor {
  kind: 'listen'
  listen: string
}

/** A node is killed, or a third place stopped, and stays away; or it comes back. */
export interface PresenceStep extends Common {
  kind: 'stop' | 'start'
  /** Name of a node or of a place. */
  node: string
}

/** The clocks of all nodes are moved on: by so much, or to the moment before a node's next midnight, which then comes by itself. */
export interface ClockStep extends Common {
  kind: 'clock'
  node: string
  /** Milliseconds that the clocks are moved on by; undefined: to midnight. */
  byMs: number | undefined
}

/** The stand-in for the national system of a node does something, or has got something. */
export interface NationalStep extends Common, NationalDoing {
  kind: 'national'
  node: string
}

/** The running corridor works by another file from then on: members join or leave, links and agreements change. */
export interface ConfigurationStep extends Common {
  kind: 'configuration'
  /** The first one, whose clock tells when. */
  node: string
  /** Path of the file. */
  file: string
  title: string
}

/** One step of a story: somebody does something, or something befalls the nodes, and something must follow. */
export type Step =
  | SubmitStep
  | ActStep
  | SendStep
  | RequestStep
  | ListenStep
  | PresenceStep
  | ClockStep
  | NationalStep
  | ConfigurationStep

/** A story: what is done in a corridor, in order. */
export interface Story {
  title: string
  /** Path of the corridor file that it needs, when that is another than the corridor's own: another configuration of it. */
  configuration: string | null
  /** The guarantee of its documents, and the node that keeps it. */
  guarantee: { grn: string; node: string } | null
  steps: Step[]
}

const folderOf = (corridor: Corridor): URL => new URL('stories/', corridor.folder)

/** The names of a corridor's stories beside the main one. */
export function storyNames(corridor: Corridor): string[] {
  const folder = folderOf(corridor)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort()
}

/**
 * The names of all stories in the order in which one corridor plays them: those that move the clocks come last, since clocks go one way;
 * those that need another configuration of the corridor are played in one of their own, and each that changes it while it runs too.
 */
export function namesInOrder(corridor: Corridor): {
  quiet: string[]
  moving: string[]
  changing: string[]
  configured: Map<string, string[]>
} {
  const stories = storyNames(corridor).map((name) => ({ name, ...readStory(corridor, name) }))
  const usual = Map.groupBy(
    stories.filter(({ configuration }) => configuration === null),
    ({ steps }) => {
      if (steps.some(({ kind }) => kind === 'configuration')) return 'changing'
      return steps.some(({ kind }) => kind === 'clock') ? 'moving' : 'quiet'
    },
  )
  const named = (each: typeof stories = []): string[] => each.map(({ name }) => name)
  const configured = new Map<string, string[]>()
  for (const { name, configuration } of stories)
    if (configuration !== null) configured.set(configuration, [...(configured.get(configuration) ?? []), name])
  return {
    quiet: named(usual.get('quiet')),
    moving: named(usual.get('moving')),
    changing: named(usual.get('changing')),
    configured,
  }
}

/** Why messages of the specification are not played in a corridor: `stories/not-played.tsv`, a row each with document and reason. */
export function notPlayedIn(corridor: Corridor): Map<string, string> {
  const file = new URL('not-played.tsv', folderOf(corridor))
  if (!existsSync(file)) return new Map()
  const [, ...rows] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(rows.map((row) => [row.slice(0, row.indexOf('\t')), row.slice(row.indexOf('\t') + 1)]))
}

/**
 * Reads the main story of a corridor, or the one of a name.
 * @throws NodeFault CORRIDOR_FILE with the place that is wrong; STORY_UNKNOWN with the names that there are
 */
export function readStory(corridor: Corridor, name?: string): Story {
  const file = name === undefined ? corridor.story : new URL(`${name}.yaml`, folderOf(corridor))
  if (name !== undefined && !storyNames(corridor).includes(name))
    throw new NodeFault('STORY_UNKNOWN', `${corridor.id} has no story “${name}”. ${namesTold(corridor)}`)
  if (file === null)
    throw new NodeFault('STORY_UNKNOWN', `${corridor.id} has no story without a name. ${namesTold(corridor)}`)
  const place = name === undefined ? 'story.yaml' : `stories/${name}.yaml`
  let content: unknown
  try {
    content = parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new NodeFault('CORRIDOR_FILE', `${place}: ${(error as Error).message}`)
  }
  const top = new Checked(content, place)
  const guarantee = top.optionalGroup('guarantee')
  const like = top.optionalText('configuration')
  const configuration = like === null ? null : fileURLToPath(new URL(like, corridor.folder))
  const own = configuration === null ? corridor : readCorridor(configuration)
  const story = {
    title: top.text('title'),
    configuration,
    guarantee: guarantee === null ? null : { grn: guarantee.text('grn'), node: nodeOf(guarantee, own) },
    steps: stepsFrom(top.list('steps'), own),
  }
  const twice = story.steps.find(({ step }, at) => story.steps.findIndex((other) => other.step === step) !== at)
  // The name of a step is part of its idempotency key.
  if (twice !== undefined) top.refuse('steps', `two steps are called “${twice.step}”`)
  return story
}

/** A step that submits a document. @throws Error when the story has none of this name */
export function submitStepOf({ steps }: Story, name: string): SubmitStep {
  const found = steps.find(({ step }) => step === name)
  if (found?.kind !== 'submit') throw new Error(`the story has no step ${name} that submits`)
  return found
}

function namesTold(corridor: Corridor): string {
  const names = storyNames(corridor)
  return names.length === 0 ? 'It has none by name.' : `By name there are: ${names.join(', ')}.`
}

/** After a step that changes the corridor, those that follow may name what is in it then. */
function stepsFrom(steps: readonly Checked[], corridor: Corridor): Step[] {
  let current = corridor
  return steps.map((step) => {
    if (step.has('configuration')) current = readCorridor(configurationOf(step, corridor))
    return stepFrom(step, current)
  })
}

const configurationOf = (step: Checked, { folder }: Corridor): string =>
  fileURLToPath(new URL(step.text('configuration', /^[\w-]+\.ya?ml$/), folder))

const kinds = [
  'submit',
  'act',
  'send',
  'request',
  'listen',
  'stop',
  'start',
  'clock',
  'national',
  'configuration',
] as const

function stepFrom(step: Checked, corridor: Corridor): Step {
  const [kind, second] = kinds.filter((each) => step.has(each))
  if (kind === undefined || second !== undefined)
    return step.refuse('', `a step has one of ${kinds.join(', ')}, and only one`)
  const movement = step.optionalText('movement')
  const common = {
    step: step.text('step', /^[\w-]{1,40}$/),
    ...(movement !== null && { movement }),
    expect: expectedFrom(step.optionalGroup('expect'), corridor),
  }
  switch (kind) {
    case 'submit':
      return {
        ...common,
        ...actorOf(step, corridor),
        ...(step.has('mrn') && { mrn: step.text('mrn') }),
        kind,
        ...sourceFrom(step, kind),
      }
    case 'send':
      return {
        ...common,
        kind,
        ...sourceFrom(step, kind),
        node: nodeOf(step, corridor),
        to: nodeOf(step, corridor, 'to'),
      }
    case 'act':
      return {
        ...common,
        ...actorOf(step, corridor),
        kind,
        act: step.text(kind),
        fields: step.values('fields'),
        movements: step.optionalTexts('movements'),
      }
    case 'request':
      return { ...common, ...actorOf(step, corridor), kind, ...requestFrom(step.group(kind)) }
    case 'listen':
      return { ...common, ...actorOf(step, corridor), kind, listen: step.text(kind, /^[a-z]{1,20}$/) }
    case 'stop':
    case 'start':
      return { ...common, kind, node: nodeOrPlaceOf(step, corridor, kind) }
    case 'clock':
      return { ...common, kind, ...clockFrom(step.group(kind), corridor) }
    case 'national':
      return { ...common, kind, ...nationalFrom(step, corridor) }
    case 'configuration':
      return {
        ...common,
        kind,
        node: corridor.nodes[0]!.id,
        file: configurationOf(step, corridor),
        title: corridor.title,
      }
  }
}

function sourceFrom(step: Checked, kind: 'submit' | 'send'): DocumentSource {
  return {
    submit: step.text(kind),
    document: step.text('document', /^[A-Z]{2}\d{3}[A-Z]$/),
    set: step.values('set'),
    change: (step.any('change') ?? {}) as Record<string, unknown>,
  }
}

function requestFrom(request: Checked): Omit<RequestStep, 'kind' | keyof Actor> {
  const file = request.optionalText('file')
  return {
    file: file === null ? null : { path: file, mediaType: request.text('mediaType', /^[a-z]+\/[a-z0-9.+-]+$/) },
    method: request.text('method', /^(GET|POST|PUT|PATCH|DELETE)$/),
    path: request.text('path', /^\//),
    body: request.any('body'),
    status: request.has('status') ? request.number('status', 200, 499) : 200,
    answer: (request.any('answer') ?? {}) as Record<string, unknown>,
    keep: request.values('keep'),
  }
}

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, min: 60_000 }

function clockFrom(clock: Checked, corridor: Corridor): Pick<ClockStep, 'node' | 'byMs'> {
  if (clock.has('to')) {
    clock.text('to', /^midnight$/)
    return { node: clock.has('of') ? nodeOf(clock, corridor, 'of') : corridor.nodes[0]!.id, byMs: undefined }
  }
  const [, amount = '', unit = ''] = /^(\d{1,3})(d|h|min)$/.exec(clock.text('ahead', /^\d{1,3}(d|h|min)$/)) ?? []
  return { node: corridor.nodes[0]!.id, byMs: Number(amount) * (unitMs[unit] ?? 0) }
}

function actorOf(step: Checked, corridor: Corridor): { node: string; account: string } {
  const node = nodeOf(step, corridor)
  const { accounts } = corridor.nodes.find(({ id }) => id === node)!
  return { node, account: step.text('account', (account) => accounts.some(({ id }) => id === account)) }
}
