/** What goes on when a movement does not end well: documents of each kind, and steps to the states of enquiry and recovery. */
import type { Doc } from '@corridor/customs'
import { departure, destination, law, Stage, transit } from './stage.ts'
import { fromDeclarant, notice, ofDeclarant, office, playedTo } from './story.ts'

/** A document of the office of departure to the others about a movement that does not end well. */
const fromDepartures = (stage: Stage, type: string, more: Doc): Doc => ({
  ...notice(stage, type, more),
  messageSender: 'NTA.AL',
  messageRecipient: 'NTA.XK',
})

/** A right document of each type about enquiry, recovery and invalidation; `at` is the office that it is for. */
export function unhappy(stage: Stage, type: string, at: string, change: Doc = {}): Doc {
  const day = stage.now.slice(0, 10)
  const declared = {
    CustomsOfficeOfDestinationDeclared: office(destination),
    CustomsOfficeOfTransitDeclared: [{ sequenceNumber: '1', referenceNumber: transit }],
  }
  const groups: Record<string, Doc> = {
    CD010C: { Invalidation: { decisionDateAndTime: stage.now }, ...declared },
    CD049C: {
      TransitOperation: { discrepanciesResolved: '1', writeOffDate: day },
      CustomsOfficeOfDestinationActual: office(destination),
    },
    CD059C: {
      TransitOperation: { cancelEnquiryNotificationDateAndTime: stage.now },
      CustomsOfficeOfRequest: office(at),
    },
    CD063C: {
      TransitOperation: { recoveryCommunicationDate: day },
      ...declared,
      CustomsOfficeOfRecoveryAtDeparture: office(departure),
    },
    CD095C: { TransitOperation: { status: 'EXP' }, CustomsOfficeOfDestination: office(destination) },
    CD142C: {
      CustomsOfficeOfRequest: office(at),
      CustomsOfficeOfEnquiryAtDeparture: office(departure),
      Enquiry: { date: day, limitForTheEnquiryResponseDate: day },
    },
    CD143C: {
      CustomsOfficeOfRequest: office(destination),
      CustomsOfficeOfEnquiryAtDeparture: office(departure),
      Enquiry: { enquiryResponseDate: day, responseCode: '2' },
    },
    CD144C: {
      CompetentCustomsOfficeAtDeparture: office(departure),
      CompetentCustomsOfficeAtDestination: office(destination),
      Enquiry: { enquiryRequestDate: day, informationAvailableFromTrader: '0' },
      ResponseInformation: [{ sequenceNumber: '1', informationCode: '02', text: 'Sharr Cargo, Prizren' }],
    },
    CD145C: {
      CompetentCustomsOfficeAtDeparture: office(departure),
      CompetentCustomsOfficeAtDestination: office(destination),
      Enquiry: { enquiryRequestDate: day },
      RequestedInformation: [{ sequenceNumber: '1', code: '2' }],
    },
    CD150C: {
      CustomsOfficeOfRecoveryRequesting: office(departure),
      CustomsOfficeOfRecoveryRequested: office(destination),
      Recovery: { recoveryCommunicationDate: day, text: 'The debt was incurred at Prizren' },
    },
    CD151C: {
      CustomsOfficeOfRecoveryRequesting: office(departure),
      CustomsOfficeOfRecoveryRequested: office(destination),
      Recovery: { recoveryAcceptance: '1', recoveryCommunicationDate: day, text: 'Taken over' },
    },
    CD152C: {
      CustomsOfficeOfRecoveryAtDeparture: office(departure),
      CustomsOfficeOfRecovery: office(destination),
      Recovery: { collectionDate: day, text: 'Paid' },
    },
  }
  const { CustomsOfficeOfDeparture: _, ...rest } = fromDepartures(stage, type, { ...groups[type], ...change })
  const names = law.messages.get(type)?.root.children?.map(({ name }) => name) ?? []
  return names.includes('CustomsOfficeOfDeparture') ? { ...rest, CustomsOfficeOfDeparture: office(departure) } : rest
}

/** The holder says what he knows of a movement that did not arrive (CC141C). */
export const holderAnswer = (stage: Stage, more: Doc = {}): Doc => {
  const { CustomsOfficeOfDeparture: _, ...rest } = ofDeclarant(
    stage,
    'CC141C',
    {},
    {
      CustomsOfficeOfEnquiryAtDeparture: office(departure),
      Enquiry: { text: 'Delivered to the consignee at Prizren' },
      ...more,
    },
  )
  return rest
}

/** Steps by which a movement that does not end well goes on; each carries what it sent. */
export const overdue = (stage = playedTo('crossed')): Stage => {
  stage.timer('departure', departure, 'arrival-limit')
  return stage
}
export const inEnquiry = (stage = overdue()): Stage => {
  stage.carry()
  return stage
}
export const holderAsked = (stage = inEnquiry()): Stage => {
  stage.act('departure', departure, 'ask-holder')
  return stage
}
export const enquiryEnded = (stage = holderAsked()): Stage => {
  stage.document('CC141C', holderAnswer(stage), fromDeclarant)
  return stage
}
export const underRecovery = (stage = enquiryEnded()): Stage => {
  stage.act('departure', departure, 'start-recovery', { text: 'The movement did not end' })
  stage.carry()
  return stage
}
export const unsatisfactory = (stage = playedTo('unloaded')): Stage => {
  stage.act('destination', destination, 'record-results', { controlResult: 'B1', stateOfSeals: '0', text: 'two short' })
  stage.carry()
  return stage
}
