import { filesOf } from './stand-in-files.ts'
import { randomUUID } from 'node:crypto'
import type {
  Act,
  JourneyEvent,
  Lane,
  Message,
  MessageState,
  MovementRow,
  MovementView,
  Role,
  Tone,
} from '../src/api/types.ts'

/**
 * The invented movements of the stand-in server: enough of the story to see every screen, and no more. The law is in the
 * `procedures` room; nothing here is a source for it.
 */

export type OfficerRole = Exclude<Role, 'trader' | 'system' | 'reference' | 'operations' | 'regional' | 'exit'>

const durres = { ref: 'AL000101', name: 'Durrës Port', country: 'AL' }
const vermice = { ref: 'XK000201', name: 'Vërmicë', country: 'XK' }
const prizren = { ref: 'XK000301', name: 'Prizren', country: 'XK' }
export const offices = {
  departure: durres,
  transit: vermice,
  destination: prizren,
  guarantee: { ref: 'AL000901', name: 'Tirana guarantee office', country: 'AL' },
}
const lanes: [Exclude<OfficerRole, 'guarantee'>, typeof durres][] = [
  ['departure', durres],
  ['transit', vermice],
  ['destination', prizren],
]
const tones: Record<string, Tone> = {
  accepted: 'info',
  'under-control': 'warn',
  'awaiting-guarantee': 'info',
  released: 'info',
  crossed: 'info',
  arrived: 'info',
  'written-off': 'ok',
  'not-released': 'neutral',
  expected: 'neutral',
  closed: 'ok',
  unloading: 'info',
  unloaded: 'warn',
  'goods-released': 'ok',
}
const controlResults = [
  { code: 'A1', text: 'Satisfactory' },
  { code: 'A2', text: 'Considered satisfactory: not checked' },
  { code: 'B1', text: 'Not satisfactory: departure must look into it' },
]

export interface Story {
  mrn: string
  lrn: string
  holder: string
  plate: string
  version: number
  updatedAt: string
  states: Partial<Record<OfficerRole, string>>
  events: JourneyEvent[]
  messages: (Message & { receiptedAt: string | null })[]
  controls: MovementView['controls']
  audit: MovementView['audit']
  trouble: MovementView['trouble']
  held: MovementView['guarantees'][number]['state']
}

export const names: Record<string, string> = {
  'NTA.AL': 'Durrës Port',
  AL000901: 'Tirana guarantee office',
  XK000201: 'Vërmicë',
  XK000301: 'Prizren',
  AL1: 'Adria Spedicion',
  XK1: 'Sharr Cargo',
}

const minute = 60_000

/** Adds a message to a story; without a receipt time it stays in the state given. */
export function say(
  story: Story,
  at: number,
  type: string,
  from: string,
  to: string,
  receiptMs: number | null,
  more: { tries?: number; state?: MessageState } = {},
): void {
  story.messages.push({
    id: randomUUID(),
    messageId: `${randomUUID()}@stand-in.example`,
    at: new Date(at).toISOString(),
    type,
    from: { id: from, name: names[from] ?? from },
    to: { id: to, name: names[to] ?? to },
    direction: 'out',
    receiptMs,
    receiptedAt: receiptMs === null ? null : new Date(at + receiptMs).toISOString(),
    tries: more.tries ?? 1,
    state: more.state ?? (receiptMs === null ? 'sent' : 'receipted'),
    refTo: null,
  })
}

/** Notes that something happened at an office. */
export function happen(story: Story, at: number, lane: number, code: string, tone: Tone, who: string): void {
  const time = new Date(at).toISOString()
  story.events.push({ id: randomUUID(), lane, at: time, code, tone })
  story.audit.push({ at: time, who, office: lanes[lane]?.[1].name ?? null, code, detail: null })
  story.updatedAt = time
  story.version += 1
}

function blank(mrn: string, lrn: string, holder: string, plate: string): Story {
  return {
    mrn,
    lrn,
    holder,
    plate,
    version: 0,
    updatedAt: '',
    states: {},
    events: [],
    messages: [],
    controls: [],
    audit: [],
    trouble: [],
    held: 'checked',
  }
}

/** A movement as it stands after `stage` steps of the story, the last of them `ago` minutes before `now`. */
export function tell(stage: number, mrn: string, lrn: string, holder: string, plate: string, end: number): Story {
  const story = blank(mrn, lrn, holder, plate)
  const start = end - [2, 40, 300, 460, 520, 590, 700][stage]! * minute
  const at = (minutes: number) => start + minutes * minute
  say(story, at(0), 'CC015C', 'AL1', 'NTA.AL', 90, { state: 'done' })
  happen(story, at(0), 0, 'declared', 'info', 'Adria Spedicion')
  say(story, at(0.2), 'CC928C', 'NTA.AL', 'AL1', 400)
  say(story, at(0.4), 'CD200C', 'NTA.AL', 'AL000901', 80)
  say(story, at(0.6), 'CD201C', 'AL000901', 'NTA.AL', 70)
  say(story, at(0.8), 'CC028C', 'NTA.AL', 'AL1', 380)
  happen(story, at(1), 0, 'guarantee-checked', 'info', 'Tirana guarantee office')
  story.states.departure = 'accepted'
  if (stage >= 1) control(story, at(24))
  if (stage >= 2) release(story, at(54))
  if (stage >= 3) cross(story, at(245))
  if (stage >= 4) arrive(story, at(395))
  if (stage >= 5) unload(story, at(410))
  if (stage >= 6) results(story, at(492))
  return story
}

export function control(story: Story, at: number): void {
  say(story, at, 'CC060C', 'NTA.AL', 'AL1', 410)
  happen(story, at, 0, 'controlled', 'warn', 'Elira Hoxha')
  story.states.departure = 'under-control'
}

export function release(story: Story, at: number): void {
  say(story, at - 2000, 'CD203C', 'NTA.AL', 'AL000901', 80)
  say(story, at - 1000, 'CD205C', 'AL000901', 'NTA.AL', 75)
  happen(story, at, 0, 'released', 'ok', 'Elira Hoxha')
  say(story, at + 200, 'CC029C', 'NTA.AL', 'AL1', 390)
  say(story, at + 400, 'CD050C', 'NTA.AL', 'XK000201', 1100)
  say(story, at + 600, 'CD001C', 'NTA.AL', 'XK000301', 1200)
  story.controls.push({
    code: 'A1',
    text: 'Satisfactory',
    at: new Date(at).toISOString(),
    office: durres.name,
  })
  story.held = 'held'
  story.states = { departure: 'released', transit: 'expected', destination: 'expected' }
}

export function cross(story: Story, at: number): void {
  happen(story, at, 1, 'crossed', 'ok', 'Arben Krasniqi')
  say(story, at + 400, 'CD118C', 'XK000201', 'NTA.AL', 38_000, { tries: 3 })
  story.states = { ...story.states, departure: 'crossed', transit: 'crossed' }
}

export function arrive(story: Story, at: number): void {
  say(story, at - 500, 'CC007C', 'XK1', 'XK000301', 110, { state: 'done' })
  happen(story, at, 2, 'arrived', 'info', 'Sharr Cargo')
  say(story, at + 300, 'CD006C', 'XK000301', 'NTA.AL', 1400)
  say(story, at + 3000, 'CD024C', 'NTA.AL', 'XK000201', 900)
  story.states = { departure: 'arrived', transit: 'closed', destination: 'arrived' }
}

export function unload(story: Story, at: number): void {
  say(story, at, 'CC043C', 'XK000301', 'XK1', 300)
  happen(story, at, 2, 'permitted', 'info', 'Vlora Gashi')
  say(story, at + 44 * minute, 'CC044C', 'XK1', 'XK000301', 95, { state: 'done' })
  happen(story, at + 44 * minute, 2, 'unloaded', 'warn', 'Sharr Cargo')
  story.states.destination = 'unloaded'
}

export function results(story: Story, at: number): void {
  happen(story, at, 2, 'goods-released', 'ok', 'Vlora Gashi')
  say(story, at + 300, 'CD018C', 'XK000301', 'NTA.AL', 1300)
  say(story, at + 500, 'CC025C', 'XK000301', 'XK1', 280)
  happen(story, at + 2000, 0, 'written-off', 'ok', 'NTA.AL')
  say(story, at + 2200, 'CD209C', 'NTA.AL', 'AL000901', 70)
  say(story, at + 2400, 'CC045C', 'NTA.AL', 'AL1', 320)
  story.held = 'released'
  story.states = { ...story.states, departure: 'written-off', destination: 'goods-released' }
}

const effectValues = {
  departure: durres.name,
  transit: vermice.name,
  destination: prizren.name,
  amount: '5000.00',
  currency: 'EUR',
  trader: 'Adria Spedicion',
}

function act(name: string, primary: boolean, fields: Act['fields'] = []): Act {
  return { act: name, primary, undoable: false, fields, effect: { code: name, values: effectValues } }
}

const remarks = { name: 'text', kind: 'text', required: false, maxLength: 512 } as const

const result = (value: string) =>
  ({ name: 'controlResult', kind: 'code', required: true, codes: controlResults, value }) as const

export function actsOf(story: Story, role: OfficerRole): Act[] {
  switch (`${role} ${story.states[role]}`) {
    case 'departure accepted':
      return [
        act('release', true, [result('A2'), remarks]),
        act('control', false, [
          {
            name: 'typeOfControls',
            kind: 'code',
            required: true,
            value: '10',
            codes: [
              { code: '10', text: 'Documentary controls' },
              { code: '30', text: 'Non-intrusive inspection' },
              { code: '40', text: 'Physical controls' },
            ],
          },
          remarks,
        ]),
        act('refuse', false, [{ name: 'motivation', kind: 'text', required: true, maxLength: 512 }]),
      ]
    case 'departure under-control':
      return [
        act('release', true, [result('A1'), remarks]),
        act('refuse', false, [{ name: 'motivation', kind: 'text', required: true, maxLength: 512 }]),
      ]
    case 'transit expected':
      return [
        act('cross', true, [
          { name: 'passageDate', kind: 'date', required: true, value: new Date().toISOString().slice(0, 10) },
        ]),
      ]
    case 'destination arrived':
      return [act('permit-unloading', true)]
    case 'destination unloaded':
      return [
        act('record-results', true, [
          result('A1'),
          {
            name: 'stateOfSeals',
            kind: 'code',
            required: false,
            value: '1',
            codes: [
              { code: '1', text: 'Seals in good order' },
              { code: '0', text: 'Seals broken or missing' },
            ],
          },
          remarks,
        ]),
      ]
    default:
      return []
  }
}

const waiting: Record<string, { party: string; code: string }> = {
  'departure released': { party: vermice.name, code: 'transit' },
  'departure crossed': { party: prizren.name, code: 'destination' },
  'departure arrived': { party: prizren.name, code: 'destination' },
  'transit crossed': { party: prizren.name, code: 'destination' },
  'destination expected': { party: 'Sharr Cargo', code: 'trader' },
  'destination unloading': { party: 'Sharr Cargo', code: 'trader' },
}

function statusOf(story: Story, role: OfficerRole): MovementView['status'] {
  const code = story.states[role] ?? 'none'
  return { code, tone: story.trouble.length > 0 ? 'bad' : (tones[code] ?? 'neutral') }
}

export function rowOf(story: Story, role: OfficerRole): MovementRow {
  return {
    mrn: story.mrn,
    lrn: story.lrn,
    status: statusOf(story, role),
    departure: durres,
    destination: prizren,
    holder: { id: 'ALK12345678A', name: story.holder },
    vehicle: { plate: story.plate, country: 'AL' },
    packages: 28,
    updatedAt: story.updatedAt,
    dueAt: story.messages.some((one) => one.type === 'CD006C')
      ? null
      : new Date(Date.parse(story.events[0]!.at) + 11 * 3600_000).toISOString(),
    needsAct: actsOf(story, role).length > 0,
  }
}

const laneOfParty: Record<string, number> = { 'NTA.AL': 0, XK000201: 1, XK000301: 2 }

export function viewOf(story: Story, role: OfficerRole): MovementView {
  const row = rowOf(story, role)
  const route: Lane[] = lanes.map(([name, office]) => ({ role: name, office, own: name === role }))
  const drawn = story.messages.filter((one) => one.from.id in laneOfParty && one.to.id in laneOfParty)
  return {
    mrn: story.mrn,
    lrn: story.lrn,
    role,
    office: offices[role],
    status: row.status,
    version: story.version,
    holder: row.holder,
    vehicle: row.vehicle,
    route,
    acts: actsOf(story, role),
    waitingFor: waiting[`${role} ${story.states[role]}`] ?? null,
    trouble: story.trouble,
    journey: {
      from: story.events[0]!.at,
      to: story.updatedAt,
      events: story.events,
      messages: drawn.map((one) => ({
        id: one.id,
        type: one.type,
        fromLane: laneOfParty[one.from.id]!,
        toLane: laneOfParty[one.to.id]!,
        sentAt: one.at,
        receiptedAt: one.receiptedAt,
        state: one.state,
      })),
    },
    messages: story.messages,
    papers: [],
    goods: [
      { item: 1, hs: '080810', description: 'Apples, fresh', packages: 18, packageType: 'CT', grossMassKg: 9400 },
      {
        item: 2,
        hs: '220421',
        description: 'Wine, in bottles of up to 2 l',
        packages: 6,
        packageType: 'PX',
        grossMassKg: 3120,
      },
      { item: 3, hs: '940360', description: 'Wooden furniture', packages: 4, packageType: 'CS', grossMassKg: 1260 },
    ],
    documents: [
      { type: 'N730', name: 'Road consignment note', reference: 'CMR-2026-0815' },
      { type: 'N380', name: 'Commercial invoice', reference: 'INV 4471' },
      { type: 'N954', name: 'EUR.1', reference: 'A 229011' },
    ],
    seals: ['AL-774120', 'AL-774121'],
    incidents: [],
    guarantees: [
      {
        grn: '26AL00000000TK7Y4',
        type: '1',
        typeName: 'Comprehensive',
        amount: '5000.00',
        currency: 'EUR',
        state: story.held,
        reference: role === 'departure' ? { limit: '250000.00', used: '99000.00', currency: 'EUR' } : null,
      },
    ],
    controls: story.controls,
    files: filesOf(role),
    timers: [],
    audit: story.audit,
  }
}
