/** A stage in which a record is in a given state, reached by real documents and acts; and a right document of each type for it. */
import assert from 'node:assert/strict'
import type { Doc } from '@corridor/customs'
import { law, type Coming, departure, destination, exit, grn, guaranteeOffice, Stage, transit } from './stage.ts'
import {
  advice,
  amendment,
  arrival,
  cancellation,
  crossing,
  declaration,
  fromConsignee,
  fromDeclarant,
  guaranteeAnswer,
  forwarded,
  incident,
  invalidationRequest,
  leaving,
  playedTo,
  preLodged,
  presentation,
  query,
  queryAnswer,
  statusAnswer,
  statusRequest,
  recordRequest,
  rejection,
  releaseRequest,
  remarks,
  results,
  secured,
  toDeparture,
} from './story.ts'
import {
  enquiryEnded,
  holderAnswer,
  holderAsked,
  inEnquiry,
  overdue,
  underRecovery,
  unhappy,
  unsatisfactory,
} from './unhappy.ts'
import { answered, asked, exportAnswer, fromExportSystem, unanswered } from './exports.ts'
import { fromInspectors, inspection } from './inspections.ts'
import { groups, type Role } from '../src/index.ts'

export const offices: Record<Role, string> = { departure, transit, exit, destination, guarantee: guaranteeOffice }

const submitted = (): Stage => {
  const stage = new Stage()
  stage.document('CC015C', declaration(), fromDeclarant)
  return stage
}

const lodged = (): Stage => {
  const stage = new Stage()
  stage.document('CC015C', declaration(preLodged), fromDeclarant)
  return stage
}

const awaiting = (): Stage => {
  const stage = playedTo('accepted')
  stage.act('departure', departure, 'release', { controlResult: 'A2' })
  return stage
}

const after = (stage: Stage, step: (stage: Stage) => void): Stage => {
  step(stage)
  return stage
}

/** An act of the office of departure with a few words, and what it sends is carried. */
const toldTo = (stage: Stage, act: string): Stage =>
  after(stage, () => {
    stage.act('departure', departure, act, { text: 'As the law says' })
    stage.carry()
  })

const transferred = (): Stage =>
  after(toldTo(underRecovery(), 'request-recovery'), (stage) => {
    stage.act('destination', destination, 'accept-recovery')
    stage.carry()
  })

const cancelled = (): Stage => toldTo(playedTo('released'), 'invalidate')

const reached: Record<Role, Record<string, () => Stage>> = {
  departure: {
    '-': () => new Stage(),
    'pre-lodged': lodged,
    submitted,
    accepted: () => playedTo('accepted'),
    'guarantee-not-valid': () =>
      after(submitted(), (stage) =>
        stage.document('CD201C', guaranteeAnswer(stage, 'CD201C', { [grn]: ['G09'] }), fromGuarantee),
      ),
    'under-control': () => playedTo('under-control'),
    'awaiting-guarantee': awaiting,
    released: () => playedTo('released'),
    crossed: () => playedTo('crossed'),
    arrived: () => playedTo('arrived'),
    discrepancies: () =>
      after(playedTo('arrived'), (stage) => stage.document('CD018C', results(stage, 'B1'), toDeparture)),
    'written-off': () => playedTo('written-off'),
    'invalidation-asked': () =>
      after(playedTo('released'), (stage) => stage.document('CC014C', invalidationRequest(stage), fromDeclarant)),
    'status-asked': () => overdue(),
    enquiry: () => inEnquiry(),
    'holder-asked': () => holderAsked(),
    'enquiry-ended': () => enquiryEnded(),
    'under-recovery': () => underRecovery(),
    'recovery-requested': () => toldTo(underRecovery(), 'request-recovery'),
    'recovery-transferred': () => transferred(),
    recovered: () =>
      after(underRecovery(), (stage) =>
        stage.act('departure', departure, 'record-payment', { collectionDate: '2026-11-24' }),
      ),
    invalidated: () =>
      after(playedTo('accepted'), (stage) => stage.document('CC014C', invalidationRequest(stage), fromDeclarant)),
    'awaiting-export': () => asked(),
    'export-unanswered': () => unanswered(),
    'export-refused': () => answered(asked(), '0'),
    'not-released': () =>
      after(playedTo('accepted'), (stage) =>
        stage.act('departure', departure, 'refuse', { motivation: 'Documents are missing' }),
      ),
  },
  transit: {
    '-': () => playedTo('accepted'),
    expected: () => playedTo('released'),
    crossed: () => playedTo('crossed'),
    closed: () => playedTo('arrived'),
    cancelled: () => cancelled(),
    queried: () => after(playedTo('accepted'), (stage) => stage.act('transit', transit, 'query')),
    requested: () => after(playedTo('accepted'), (stage) => stage.act('transit', transit, 'request-record')),
    refused: () =>
      after(playedTo('accepted'), (stage) => {
        stage.act('transit', transit, 'request-record')
        stage.carry()
      }),
  },
  exit: {
    '-': () => playedTo('accepted'),
    expected: () => secured('released'),
    cancelled: () => toldTo(secured('released'), 'invalidate'),
    left: () => after(secured('released'), (stage) => stage.act('exit', exit, 'leave', { passageDate: '2026-11-24' })),
    closed: () => secured('arrived'),
    queried: () => after(playedTo('accepted'), (stage) => stage.act('exit', exit, 'query')),
    requested: () => after(playedTo('accepted'), (stage) => stage.act('exit', exit, 'request-record')),
    refused: () =>
      after(playedTo('accepted'), (stage) => {
        stage.act('exit', exit, 'request-record')
        stage.carry()
      }),
  },
  destination: {
    '-': () => playedTo('accepted'),
    expected: () => playedTo('crossed'),
    arrived: () => playedTo('arrived'),
    unloading: () => playedTo('unloading'),
    unloaded: () => playedTo('unloaded'),
    'goods-released': () => playedTo('written-off'),
    'waiting-discrepancies': () => unsatisfactory(),
    'discrepancies-unsolved': () => after(unsatisfactory(), (stage) => toldTo(stage, 'start-recovery')),
    cancelled: () => cancelled(),
    queried: () => after(playedTo('accepted'), (stage) => stage.act('destination', destination, 'query')),
    requested: () => after(playedTo('accepted'), (stage) => stage.document('CC007C', arrival(stage), fromConsignee)),
    refused: () =>
      after(playedTo('accepted'), (stage) => {
        stage.document('CC007C', arrival(stage), fromConsignee)
        stage.carry()
      }),
    closed: () =>
      after(playedTo('crossed'), (stage) => {
        const named = 'CustomsOfficeOfDestinationActual'
        const elsewhere = { ...arrival(stage), [named]: { referenceNumber: 'XK000302' } }
        stage.document('CC007C', elsewhere, { ...fromConsignee, office: 'XK000302' })
        stage.carry()
      }),
  },
  guarantee: {
    '-': submitted,
    checked: () => playedTo('accepted'),
    held: () => playedTo('released'),
    credited: () => playedTo('written-off'),
    liable: () => after(playedTo('released'), (stage) => void stage.act('guarantee', guaranteeOffice, 'claim')),
    cancelled: () => after(playedTo('released'), (stage) => stage.document('CD204C', cancellation(stage), toGuarantee)),
  },
}

const toGuarantee: Coming = { sender: 'NTA.AL', from: 'administration', office: guaranteeOffice }

export const fromGuarantee: Coming = { sender: 'NTA.AL', from: 'administration', office: departure }

/** A stage on which the record of this role is in this state. */
export function stageIn(role: Role, state: string): Stage {
  const make = reached[role][state] ?? assert.fail(`no way to ${role} ${state} is written`)
  const stage = make()
  assert.equal(stage.state(role, offices[role]), state)
  return stage
}

const finished = playedTo('written-off')
/** With an office of exit for transit. */
const finishedSecured = secured('written-off')

/** A right document of this type about the movement of the stage (about one nobody knows when the stage has none), and how it comes. */
export function sample(type: string, stage: Stage, wanted?: Role): [Doc, Coming] {
  const route = law.routes.get(type) ?? assert.fail(type)
  // A pre-lodged declaration is named by its LRN; what names an MRN all the same means a movement that nobody knows.
  const isLodged = [...stage.records.values()].some(({ state }) => state === 'pre-lodged')
  if (stage.mrn === '' && !(isLodged && route.key !== 'mrn')) stage.mrn = finished.mrn
  const role = wanted ?? route.targets[0]?.role ?? assert.fail(type)
  const made: Record<string, () => Doc> = {
    CC015C: () => declaration(),
    CC013C: () => amendment(stage),
    CC014C: () => invalidationRequest(stage),
    CC054C: () => releaseRequest(stage),
    CC170C: () => presentation(stage),
    CC007C: () => arrival(stage),
    CC044C: () => remarks(stage),
    CD118C: () => crossing(stage),
    CD006C: () => advice(stage),
    CD018C: () => results(stage),
    CC141C: () => holderAnswer(stage),
    CC191C: () => exportAnswer(stage),
    CC017C: () => inspection(stage),
    CD201C: () => guaranteeAnswer(stage, 'CD201C', { [grn]: [] }),
    CD204C: () => cancellation(stage),
    CD027C: () => query(stage),
    CD038C: () => queryAnswer(stage),
    CD094C: () => statusRequest(stage),
    CD095C: () => statusAnswer(stage),
    CD180C: () => incident(stage),
    CD181C: () => forwarded(stage),
    CD114C: () => recordRequest(stage, 'CD114C', 'XK000202'),
    CD164C: () => recordRequest(stage, 'CD164C', 'XK000204'),
    CD165C: () => rejection(stage, 'CD165C', exit),
    CD168C: () => leaving(stage),
    CD002C: () => recordRequest(stage, 'CD002C', 'XK000302'),
    CD115C: () => rejection(stage, 'CD115C', transit),
    CD003C: () => rejection(stage, 'CD003C', destination),
    CD205C: () => guaranteeAnswer(stage, 'CD205C', { [grn]: [] }),
  }
  // What offices make themselves is taken from a story that was played to its end, for the movement of this stage.
  const source = type === 'CD160C' || stage.mrn[16] === 'K' ? finishedSecured : finished
  const taken = (): Doc => {
    const doc = source.sent.find((sent) => sent.type === type)?.doc
    if (doc === undefined) return unhappy(stage, type, offices[role])
    return { ...doc, TransitOperation: { ...groups(doc, 'TransitOperation')[0], MRN: stage.mrn } }
  }
  const doc = (made[type] ?? taken)()
  const byTrader = (types: string[], from: Coming) => types.map((each): [string, Coming] => [each, from])
  const coming: Record<string, Coming> = Object.fromEntries([
    ...byTrader(['CC013C', 'CC014C', 'CC015C', 'CC141C', 'CC054C', 'CC170C'], fromDeclarant),
    ...byTrader(['CC007C', 'CC044C'], fromConsignee),
    ['CC191C', fromExportSystem],
    ['CC017C', fromInspectors],
  ])
  const sender = route.sender === 'guarantee' || ['transit', 'exit', 'destination', 'guarantee'].includes(role)
  return [
    doc,
    coming[type] ?? { sender: sender ? 'NTA.AL' : 'NTA.XK', from: 'administration', office: offices[role], role },
  ]
}

/** The document spoilt so that structure is right and the check finds something: another message type. */
export const spoilt = (doc: Doc): Doc => ({
  ...doc,
  messageType: doc['messageType'] === 'CC015C' ? 'CC007C' : 'CC015C',
})
