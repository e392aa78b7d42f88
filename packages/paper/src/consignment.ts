import { type Doc, groups, text, texts } from '@corridor/customs'
import { type Content, markup, value } from './html.ts'
import { country, joined, lines } from './page.ts'
import type { Languages } from './words.ts'

/** What a page needs beside its data: its languages, and names of offices. */
export interface Reading {
  languages: Languages
  /** Name of an office or a party; the reference itself when nobody has a name for it. */
  nameOf: (reference: string) => string
}

/** An office by its reference, name and country. */
export function officeOf(reading: Reading, reference: string | undefined): Content {
  if (reference === undefined || reference === '') return undefined
  const name = reading.nameOf(reference)
  return joined([value(reference), name === reference ? undefined : value(name)])
}

/** A person: name, address, identification number. */
export function partyOf({ languages }: Reading, group: Doc | undefined): Content {
  if (group === undefined) return undefined
  const at = (name: string) => text(group, `Address.${name}`)
  const name = text(group, 'name')
  return lines([
    name === undefined ? undefined : markup`<span class="strong"><bdi>${name}</bdi></span>`,
    value(at('streetAndNumber')),
    joined([value(at('postcode')), value(at('city')), country(languages, at('country'))]),
    value(text(group, 'identificationNumber')),
    value(text(group, 'TIRHolderIdentificationNumber')),
  ])
}

/** Means of transport, one a line: kind of identification, identification, nationality. */
export function meansOf({ languages }: Reading, means: Doc[]): Content {
  return lines(
    means.map((each) =>
      joined([
        value(text(each, 'typeOfIdentification')),
        value(text(each, 'identificationNumber')),
        country(languages, text(each, 'nationality')),
        value(text(each, 'conveyanceReferenceNumber')),
        value(text(each, 'customsOfficeAtBorderReferenceNumber')),
      ]),
    ),
  )
}

/** Containers with the seals on each; one without a container has seals alone. */
export function containersOf(equipment: Doc[]): Content {
  return joined(
    equipment.map((each) => value(text(each, 'containerIdentificationNumber'))),
    ', ',
  )
}

/** The seals, each with the container that it is on, where there are containers. */
export function sealsOf(equipment: Doc[]): Content {
  return joined(
    equipment.map((each) => {
      const seals = joined(
        texts(each, 'Seal.identifier').map((seal) => value(seal)),
        ', ',
      )
      const container = text(each, 'containerIdentificationNumber')
      return seals === undefined || container === undefined ? seals : [value(container), ': ', seals]
    }),
    '; ',
  )
}

/** How many seals are declared. */
export function sealCount(equipment: Doc[]): number {
  return equipment.reduce((sum, each) => sum + Number(text(each, 'numberOfSeals') ?? 0), 0)
}

/** Documents of one kind, one a line: type, number, and what else the group says of it. */
export function documentsOf(group: Doc | undefined, kind: string): Content {
  return lines(
    groups(group, kind).map((each) =>
      joined([
        value(text(each, 'type') ?? text(each, 'code')),
        value(text(each, 'referenceNumber') ?? text(each, 'text')),
        value(text(each, 'goodsItemNumber') ?? text(each, 'documentLineItemNumber')),
        value(text(each, 'complementOfInformation')),
      ]),
    ),
  )
}

/** Where the goods are: whichever of the ways the group names it in. */
export function locationOf(reading: Reading, location: Doc | undefined): Content {
  if (location === undefined) return undefined
  const at = (path: string) => value(text(location, path))
  const address = (group: string) =>
    joined([
      at(`${group}.streetAndNumber`),
      at(`${group}.houseNumber`),
      at(`${group}.postcode`),
      at(`${group}.city`),
      country(reading.languages, text(location, `${group}.country`)),
    ])
  return lines([
    joined([at('typeOfLocation'), at('qualifierOfIdentification')]),
    joined([at('authorisationNumber'), at('additionalIdentifier'), at('UNLocode')]),
    officeOf(reading, text(location, 'CustomsOffice.referenceNumber')),
    joined([at('GNSS.latitude'), at('GNSS.longitude')], ', '),
    at('EconomicOperator.identificationNumber'),
    address('Address'),
    address('PostcodeAddress'),
  ])
}

/** A place of loading or unloading. */
export function placeOf({ languages }: Reading, place: Doc | undefined): Content {
  return joined([
    value(text(place, 'UNLocode')),
    value(text(place, 'location')),
    country(languages, text(place, 'country')),
  ])
}

/** How many packages a consignment has. Goods in bulk, which are not counted, add nothing. */
export function packageCount(consignment: Doc | undefined): number {
  return groups(consignment, 'HouseConsignment.ConsignmentItem.Packaging').reduce(
    (sum, each) => sum + Number(text(each, 'numberOfPackages') ?? 0),
    0,
  )
}
