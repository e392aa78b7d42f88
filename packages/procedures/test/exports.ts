/** Goods whose export is followed by transit: their declaration, and what the export system says. */
import type { Doc } from '@corridor/customs'
import { departure, Stage, type Coming } from './stage.ts'
import { declaration, fromDeclarant } from './story.ts'

export const exportMrns = ['26AL000101EXP001A7', '26AL000101EXP002B2'] as const

/** Gives the first house of a declaration an export declaration as its previous document. */
export const exported =
  (mrn: string = exportMrns[0]) =>
  (xml: string): string =>
    xml.replace(
      '</grossMass>\n      <ConsignmentItem>',
      `</grossMass>\n      <PreviousDocument><sequenceNumber>1</sequenceNumber><type>N830</type><referenceNumber>${mrn}</referenceNumber></PreviousDocument>\n      <ConsignmentItem>`,
    )

export const fromExportSystem: Coming = { sender: 'system:aes', from: 'system', office: departure }

/** Declared, and the export system is asked. */
export function asked(change = exported(), stage = new Stage()): Stage {
  stage.document('CC015C', declaration(change), fromDeclarant)
  return stage
}

/** The answer of the export system (CC191C): about all that was asked, unless told. */
export function exportAnswer(
  stage: Stage,
  response: '0' | '1' = '1',
  mrns: readonly string[] = [exportMrns[0]],
  at = stage.now,
): Doc {
  return {
    messageSender: 'AES.AL',
    messageRecipient: 'NTA.AL',
    preparationDateAndTime: at,
    messageIdentification: 'M5',
    messageType: 'CC191C',
    TransitOperation: { MRN: stage.mrn },
    CustomsOfficeOfExit: { referenceNumber: departure },
    CustomsOfficeOfDeparture: { referenceNumber: departure },
    AESResults: {
      AESCommunicationPurpose: '1',
      responseDateAndTime: at,
      globalValidationResponse: response,
      ExportOperation: mrns.map((MRN, index) => ({
        sequenceNumber: String(index + 1),
        MRN,
        security: '0',
        resultIndicator: response === '1' ? 'A1' : 'B1',
      })),
    },
  }
}

/** The export system has answered, and what offices owe each other is carried. */
export function answered(stage: Stage, response: '0' | '1' = '1'): Stage {
  stage.document('CC191C', exportAnswer(stage, response), fromExportSystem)
  stage.carry()
  return stage
}

/** The export system has not answered in time. */
export function unanswered(stage = asked()): Stage {
  stage.timer('departure', departure, 'export-answer')
  return stage
}
