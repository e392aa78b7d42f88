import { meansNow, type Movement, sealsNow, text, texts } from '@corridor/procedures'
import type { MovementSummary } from '@corridor/registry'
import type { Directory } from './directory.ts'

/** What a list shows of a movement, from the document that its record is about. */
export function summaryOf(directory: Directory, movement: Movement): MovementSummary {
  const record = movement.data.record
  const holderId = text(record, 'HolderOfTheTransitProcedure.identificationNumber') ?? ''
  const means = meansNow(movement.data)
  const plate = text(means, 'identificationNumber')
  const packages = texts(record, 'Consignment.HouseConsignment.ConsignmentItem.Packaging.numberOfPackages')
  return {
    departure: text(record, 'CustomsOfficeOfDeparture.referenceNumber') ?? '',
    destination: text(record, 'CustomsOfficeOfDestinationDeclared.referenceNumber') ?? '',
    holder: { id: holderId, name: text(record, 'HolderOfTheTransitProcedure.name') ?? directory.nameOf(holderId) },
    vehicle: plate === undefined ? null : { plate, country: text(means, 'nationality') ?? '' },
    packages: packages.reduce((sum, count) => sum + Number(count), 0),
    dueAt: text(record, 'TransitOperation.limitDate') ?? null,
  }
}

/** The words by which a movement is found: MRN, LRN, holder, plate, containers, seals, guarantees. */
export function searchWords(movement: Movement, summary: MovementSummary): string {
  const record = movement.data.record
  return [
    movement.mrn,
    movement.lrn,
    summary.holder.id,
    summary.holder.name,
    summary.vehicle?.plate ?? '',
    ...texts(record, 'Consignment.TransportEquipment.containerIdentificationNumber'),
    ...texts(record, 'Consignment.TransportEquipment.Seal.identifier'),
    ...sealsNow(movement.data),
    ...(movement.data.guarantees ?? []).map((use) => use.grn),
  ]
    .filter((word) => word !== '')
    .join(' ')
}
