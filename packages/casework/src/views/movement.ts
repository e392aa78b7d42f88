import { subtractAmounts } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { conversationMessages, journalOf } from '@corridor/exchange'
import {
  type Act as LawAct,
  actsOf,
  choicesOf,
  groups,
  type Movement,
  sealsNow,
  systemParticipant,
  systems,
  text,
  texts,
  usualLimit,
} from '@corridor/procedures'
import {
  type Account,
  deskOf,
  findGuarantees,
  readMovement,
  referenceOf,
  type StoredMovement,
  timersOf,
} from '@corridor/registry'
import { maxLengthOf } from '../acts.ts'
import { awaitedAct, conversationOfRecord } from '../apply.ts'
import { localDay, plainFacts } from '../facts.ts'
import { movementFiles } from '../files/view.ts'
import { papersNow } from '../papers.ts'
import type { CaseworkPorts } from '../ports.ts'
import { summaryOf } from '../summary.ts'
import type { Act, GoodsRow, GuaranteeRow, Lane, LaneRole, MovementView } from '../view.ts'
import { isReturned, journeyOf, messageRows, noteOf, troubleOf } from './journey.ts'
import { statusOf } from './list.ts'
import { guaranteeOfficeOf, officeView } from './offices.ts'

/** Everything that an officer may see of one movement; undefined when the officer's office has no record of it. */
export async function movementView(
  ports: CaseworkPorts,
  tx: Tx,
  account: Account,
  mrn: string,
): Promise<MovementView | undefined> {
  const desk = deskOf(account)
  if (desk === undefined) return undefined
  const { role, office } = desk
  const stored = await readMovement(tx, mrn, role, office)
  if (stored === undefined) return undefined
  const movement: Movement = { ...stored, secrets: {} }
  const { directory, law } = ports
  const summary = summaryOf(directory, movement)
  const route = routeOf(ports, movement)
  // One after the other: within an act both are in its transaction, which has one connection.
  const conversations = [stored.mrn, conversationOfRecord({ ...movement, mrn: '' }) ?? ''].filter(Boolean)
  const messages = await conversationMessages(tx, conversations)
  const journal = await journalOf(tx, conversations)
  const guarantees = await guaranteeRows(ports, tx, movement)
  const timers = await timersOf(tx, stored.id)
  const kept = await movementFiles(ports, tx, account, stored)
  const next = awaitedAct(ports, movement)
  return {
    mrn: referenceOf(stored),
    lrn: movement.lrn !== '' ? movement.lrn : (text(movement.data.record, 'TransitOperation.LRN') ?? ''),
    role: movement.role,
    office: officeView(directory, office),
    status: statusOf(law, movement.role, movement.state),
    version: stored.version,
    holder: summary.holder,
    vehicle: summary.vehicle,
    route,
    acts: actsOf(law, movement, plainFacts(ports)).map((act) => actView(ports, movement, act, act === next)),
    waitingFor: waitingFor(ports, movement, route),
    trouble: troubleOf(ports, messages, journal),
    journey: journeyOf(ports, movement, route, messages, journal),
    messages: messageRows(ports, movement, route, messages),
    papers: papersNow(stored),
    goods: goodsOf(movement),
    documents: documentsOf(ports, movement),
    seals: sealsNow(movement.data),
    incidents: incidentsOf(ports, movement),
    guarantees,
    controls: controlsOf(ports, movement, stored),
    files: kept,
    timers: timers.map(({ due, pausedAt, ...timer }) => ({
      ...timer,
      due: due.toISOString(),
      pausedAt: pausedAt?.toISOString() ?? null,
    })),
    audit: journal
      .filter((entry) => entry.kind === 'movement' || isReturned(entry))
      .map((entry) => ({
        at: entry.at.toISOString(),
        who: entry.actor === null ? directory.party : directory.nameOf(entry.actor),
        office: entry.office,
        code: isReturned(entry) ? 'message-returned' : (noteOf(entry).code ?? entry.kind),
        detail: (isReturned(entry) ? noteOf(entry).type : noteOf(entry).note) ?? null,
      })),
  }
}

function routeOf(ports: CaseworkPorts, movement: Movement): Lane[] {
  const record = movement.data.record
  const lane = (role: LaneRole, reference: string): Lane => ({
    role,
    office: officeView(ports.directory, reference),
    own: reference === movement.office && role === movement.role,
  })
  const departure = text(record, 'CustomsOfficeOfDeparture.referenceNumber')
  const declared = (group: string) => texts(record, `${group}.referenceNumber`)
  const { crossings = [], exits = [], diverted = [] } = movement.data
  /** The declared offices of a role, then those that the goods came to instead. */
  const lanes = (role: LaneRole, named: string[], passed: { office: string }[] = []): Lane[] => {
    const asked = diverted.filter((each) => each.role === role)
    const own = movement.role === role ? [movement.office] : []
    return [...new Set([...named, ...[...asked, ...passed].map((each) => each.office), ...own])].map((reference) =>
      lane(role, reference),
    )
  }
  const destination = text(record, 'CustomsOfficeOfDestinationDeclared.referenceNumber')
  return [
    ...(departure === undefined ? [] : [lane('departure', departure)]),
    ...lanes('transit', declared('CustomsOfficeOfTransitDeclared'), crossings),
    ...lanes('exit', declared('CustomsOfficeOfExitForTransitDeclared'), exits),
    ...lanes('destination', []).filter((each) => each.office.ref !== destination),
    ...(destination === undefined ? [] : [lane('destination', destination)]),
  ]
}

function actView(ports: CaseworkPorts, movement: Movement, act: LawAct, primary: boolean): Act {
  const today = localDay(ports)
  return {
    act: act.act as Act['act'],
    primary,
    undoable: act.undoable,
    fields: act.fields.map((field) => ({
      name: field.name,
      kind: field.kind,
      required: field.required,
      ...(field.kind === 'code' ? { codes: choicesOf(ports.law, field, movement) } : {}),
      ...(field.default === '' ? {} : { value: defaultValue(field.default, movement, today) }),
      ...(field.kind === 'text' ? { maxLength: maxLengthOf(field) } : {}),
    })),
    effect: { code: act.effect, values: effectValues(ports, movement) },
  }
}

function defaultValue(written: string, movement: Movement, today: string): string {
  if (written === 'today') return today
  if (written === 'limit') return usualLimit(movement, today)
  // After a control the goods were looked at: "satisfactory" is what the officer most likely has to say.
  return movement.state === 'under-control' && written === 'A2' ? 'A1' : written
}

function effectValues(ports: CaseworkPorts, movement: Movement): Record<string, string> {
  const record = movement.data.record
  const office = (path: string) => officeView(ports.directory, text(record, path) ?? '').name
  const use = movement.data.guarantees?.[0]
  return {
    mrn: movement.mrn,
    departure: office('CustomsOfficeOfDeparture.referenceNumber'),
    transit: texts(record, 'CustomsOfficeOfTransitDeclared.referenceNumber')
      .map((reference) => ports.directory.nameOf(reference))
      .join(', '),
    destination: office('CustomsOfficeOfDestinationDeclared.referenceNumber'),
    amount: use?.amount ?? '0',
    currency: use?.currency ?? '',
    trader: ports.directory.nameOf(movement.data.trader ?? ''),
  }
}

function waitingFor(ports: CaseworkPorts, movement: Movement, route: Lane[]): MovementView['waitingFor'] {
  const turn = ports.law.states.get(`${movement.role} ${movement.state}`)?.turn
  if (turn === undefined || turn === '-' || turn === movement.role) return null
  if (turn === 'trader') return { party: ports.directory.nameOf(movement.data.trader ?? ''), code: turn }
  const system = systems.find((each) => each === turn)
  if (system !== undefined) return { party: ports.directory.nameOf(systemParticipant(system)), code: system }
  const lane = route.findLast((candidate) => candidate.role === turn)
  const office = lane?.office.name ?? ports.directory.nameOf(guaranteeOfficeOf(ports, movement) ?? '')
  return { party: office, code: turn }
}

function goodsOf(movement: Movement): GoodsRow[] {
  return groups(movement.data.record, 'Consignment.HouseConsignment.ConsignmentItem').map((item) => {
    const packaging = groups(item, 'Packaging')
    const mass = text(item, 'Commodity.GoodsMeasure.grossMass')
    const code = groups(item, 'Commodity.CommodityCode')[0]
    return {
      item: Number(text(item, 'declarationGoodsItemNumber') ?? 0),
      hs: `${text(code, 'harmonizedSystemSubHeadingCode') ?? ''}${text(code, 'combinedNomenclatureCode') ?? ''}`,
      description: text(item, 'Commodity.descriptionOfGoods') ?? '',
      packages: packaging.reduce((sum, group) => sum + Number(text(group, 'numberOfPackages') ?? 0), 0),
      packageType: text(packaging[0], 'typeOfPackages') ?? '',
      grossMassKg: mass === undefined ? null : Number(mass),
    }
  })
}

function documentsOf(ports: CaseworkPorts, movement: Movement): MovementView['documents'] {
  const kinds: [string, string][] = [
    ['TransportDocument', 'CL754'],
    ['SupportingDocument', 'CL213'],
    ['PreviousDocument', 'CL214'],
  ]
  return kinds.flatMap(([group, list]) =>
    ['Consignment', 'Consignment.HouseConsignment', 'Consignment.HouseConsignment.ConsignmentItem'].flatMap((place) =>
      groups(movement.data.record, `${place}.${group}`).map((document) => {
        const type = text(document, 'type') ?? ''
        return {
          type,
          name: ports.law.codeLists.text(list, type) ?? type,
          reference: text(document, 'referenceNumber') ?? '',
        }
      }),
    ),
  )
}

function incidentsOf(ports: CaseworkPorts, { data }: Movement): MovementView['incidents'] {
  return (data.incidents ?? []).map(({ office, at, incident }) => {
    const means = groups(incident, 'Transhipment.TransportMeans')[0]
    return {
      code: text(incident, 'code') ?? '',
      text: text(incident, 'text') ?? '',
      at,
      office: ports.directory.nameOf(office),
      place: text(incident, 'Location.Address.city') ?? text(incident, 'Location.UNLocode') ?? '',
      seals: texts(incident, 'TransportEquipment.Seal.identifier'),
      vehicle:
        means === undefined
          ? null
          : { plate: text(means, 'identificationNumber') ?? '', country: text(means, 'nationality') ?? '' },
    }
  })
}

async function guaranteeRows(ports: CaseworkPorts, tx: Tx, movement: Movement): Promise<GuaranteeRow[]> {
  const uses = movement.data.guarantees ?? []
  const kept = new Map(
    (
      await findGuarantees(
        tx,
        uses.map((use) => use.grn),
        localDay(ports),
      )
    ).map((one) => [one.grn, one]),
  )
  const shown = {
    declared: 'none',
    refused: 'none',
    checked: 'checked',
    held: 'held',
    claimed: 'held',
    credited: 'released',
    cancelled: 'released',
  } as const
  return uses.map((use) => {
    const guarantee = kept.get(use.grn)
    return {
      grn: use.grn,
      type: use.type,
      typeName: ports.law.codeLists.text('CL251', use.type) ?? use.type,
      amount: use.amount,
      currency: use.currency,
      state: shown[use.state],
      reference:
        guarantee === undefined
          ? null
          : {
              limit: guarantee.referenceAmount,
              used: subtractAmounts(guarantee.referenceAmount, guarantee.available),
              currency: guarantee.currency,
            },
    }
  })
}

function controlsOf(ports: CaseworkPorts, movement: Movement, stored: StoredMovement): MovementView['controls'] {
  const { control, results } = movement.data
  const words = (list: string, code: string) =>
    (ports.law.choices.get(list) ?? []).find((choice) => choice.code === code)?.text ?? code
  return [
    ...(control === undefined
      ? []
      : [
          {
            code: control.code,
            text: control.text ?? words('departure-result', control.code),
            at: control.date,
            office: officeView(ports.directory, stored.office).name,
          },
        ]),
    ...(results === undefined
      ? []
      : [
          {
            code: results.code,
            text: results.text ?? words('destination-result', results.code),
            at: results.date,
            office: ports.directory.nameOf(results.office),
          },
        ]),
  ]
}
