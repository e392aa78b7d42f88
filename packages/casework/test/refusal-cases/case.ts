/** One way to each refusal: what must be so before, and the document that is then refused. */
import assert from 'node:assert/strict'
import type { Doc } from '@corridor/customs'
import {
  accepted,
  carrier,
  clock,
  consignee,
  corridorXml,
  declaration,
  law,
  startNode,
  type TestNode,
} from '../nodes.ts'

/** Both nodes, and what carries documents between them. */
export interface World {
  al: TestNode
  xk: TestNode
  carry: (held?: readonly string[]) => Promise<string[]>
}

export interface RefusalCase {
  /** The negative document, and to whom it goes. */
  by: string
  to: string
  /** Brings the nodes there. @returns what is then refused, and changes nothing */
  reach(world: World): Promise<() => Promise<unknown>>
  /** The record that is asked for in vain notes that; departure's does not change. */
  onlyAtDeparture?: true
  /** Nodes of another kind than the others. */
  world?: () => Promise<World>
}

export async function makeWorld(
  al: Parameters<typeof startNode> = ['al'],
  xk: Parameters<typeof startNode> = ['xk'],
): Promise<World> {
  const nodes = await Promise.all([startNode(...al), startNode(...xk)])
  return { al: nodes[0], xk: nodes[1], carry: carrier(...nodes) }
}

export async function released(
  { al, carry }: World,
  xml = declaration(),
  held: readonly string[] = [],
): Promise<string> {
  const mrn = await accepted(al, xml)
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  await carry(held)
  return mrn
}

export const arrival = (mrn: string, office = 'XK000301', sender: string = consignee): string =>
  corridorXml('arrival', { sender, mrn }).replace('<referenceNumber>XK000301', `<referenceNumber>${office}`)

/** A document of a type with its header. */
export function written(type: string, sender: string, doc: Doc, recipient = 'NTA.AL'): Buffer {
  const header = {
    messageSender: sender,
    messageRecipient: recipient,
    preparationDateAndTime: clock().toISOString().slice(0, 19),
    messageIdentification: `R${Math.random().toString(36).slice(2, 12)}`,
    messageType: type,
  }
  return Buffer.from(law.messages.get(type)?.write({ ...header, ...doc }) ?? assert.fail(type))
}

/** The head of a document from Kosovo's administration to Albania's. */
export const header = (type: string): Doc => ({
  messageSender: 'NTA.XK',
  messageRecipient: 'NTA.AL',
  preparationDateAndTime: '2026-11-24T14:00:00',
  messageIdentification: 'X1',
  messageType: type,
})

/** Control results of an office of destination, as satisfactory. */
export const resultsOf = (mrn: string, office: string): Doc => ({
  ...header('CD018C'),
  TransitOperation: { MRN: mrn, bindingItinerary: '0' },
  CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' },
  CustomsOfficeOfDestinationActual: { referenceNumber: office },
  ControlResult: { code: 'A1', date: '2026-11-24' },
})
