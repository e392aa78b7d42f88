/** What the inspectors' own system says of a control at departure. */
import type { Doc } from '@corridor/customs'
import { declarant, departure, destination, transit, type Coming, type Stage } from './stage.ts'

export const fromInspectors: Coming = { sender: 'system:inspection', from: 'system', office: departure }

/** The result of a control at departure (CC017C). */
export function inspection(stage: Stage, code = 'A1'): Doc {
  return {
    messageSender: 'INSPECTION.AL',
    messageRecipient: 'NTA.AL',
    preparationDateAndTime: stage.now,
    messageIdentification: 'M17',
    messageType: 'CC017C',
    TransitOperation: {
      MRN: stage.mrn,
      declarationType: 'T1',
      security: '0',
      reducedDatasetIndicator: '0',
      bindingItinerary: '0',
    },
    CustomsOfficeOfDeparture: { referenceNumber: departure },
    CustomsOfficeOfDestinationDeclared: { referenceNumber: destination },
    CustomsOfficeOfTransitDeclared: [{ sequenceNumber: '1', referenceNumber: transit }],
    HolderOfTheTransitProcedure: {
      identificationNumber: declarant,
      name: 'Adria Spedicion Shpk',
      Address: { streetAndNumber: 'Rruga e Durrësit 101', postcode: '1001', city: 'Tirana', country: 'AL' },
    },
    ControlResult: { code, date: stage.now.slice(0, 10), controlledBy: 'Inspector 7', text: 'Unloaded and counted' },
  }
}
