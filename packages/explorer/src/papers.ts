/** What traders write about the movement. */
import { readFileSync } from 'node:fs'
import type { Doc, Messages } from '@corridor/customs'
import { consignee, declarant, folder, lrn, now, today } from './corridor.ts'

/** A document of a trader: who writes it, and how it is made for an MRN (`''` as long as there is none). */
export interface Paper {
  type: string
  trader: string
  make(mrn: string): string
  /** Named by MRN only: it cannot be written before there is one. */
  needsMrn: boolean
}

type Change = (xml: string) => string

const put =
  (element: string, value: string): Change =>
  (xml) =>
    xml.replace(new RegExp(`<${element}>[^<]*</${element}>`), `<${element}>${value}</${element}>`)

const both =
  (...changes: Change[]): Change =>
  (xml) =>
    changes.reduce((made, change) => change(made), xml)

const secondGuarantee: Change = (xml) =>
  xml.replace(
    '</GuaranteeReference>',
    `$&<GuaranteeReference><sequenceNumber>2</sequenceNumber><GRN>26XK0009010000019</GRN><accessCode>Zq7x</accessCode>
     <amountToBeCovered>2000.00</amountToBeCovered><currency>EUR</currency></GuaranteeReference>`,
  )

/** More than the reference amount: the office of guarantee says no. */
const tooMuch = put('amountToBeCovered', '20000.00')

/** More than the reference amount of the second guarantee alone. */
const tooMuchOfSecond: Change = (xml) => secondGuarantee(xml).replace('>2000.00<', '>20000.00<')

const withExit: Change = (xml) =>
  put(
    'security',
    '2',
  )(xml)
    .replace(
      '</DepartureTransportMeans>',
      `$&<CountryOfRoutingOfConsignment><sequenceNumber>1</sequenceNumber><country>XK</country></CountryOfRoutingOfConsignment>
       <ActiveBorderTransportMeans><sequenceNumber>1</sequenceNumber>
       <customsOfficeAtBorderReferenceNumber>XK000201</customsOfficeAtBorderReferenceNumber>
       <typeOfIdentification>30</typeOfIdentification><identificationNumber>AA366XF</identificationNumber>
       <nationality>AL</nationality></ActiveBorderTransportMeans>`,
    )
    .replace(
      '<HolderOfTheTransitProcedure>',
      `<CustomsOfficeOfExitForTransitDeclared><sequenceNumber>1</sequenceNumber><referenceNumber>XK000203</referenceNumber></CustomsOfficeOfExitForTransitDeclared>$&`,
    )

const withConsignor: Change = (xml) =>
  xml
    .replace('</bindingItinerary>', '$&<limitDate>2026-12-01</limitDate>')
    .replace(
      '<CustomsOfficeOfDeparture>',
      `<Authorisation><sequenceNumber>1</sequenceNumber><type>C521</type><referenceNumber>ALACR1</referenceNumber></Authorisation>$&`,
    )

const preLodged = put('additionalDeclarationType', 'D')

/** The amendment (CC013C) of a declaration. */
const amending: Change = (xml) =>
  xml.replaceAll('CC015C', 'CC013C').replace('</bindingItinerary>', '$&<amendmentTypeFlag>0</amendmentTypeFlag>')

const normalArrival = both(
  put('simplifiedProcedure', '0'),
  (xml) => xml.replace(/<Authorisation>[\s\S]*?<\/Authorisation>\s*/, ''),
  (xml) =>
    xml.replace(
      /<LocationOfGoods>[\s\S]*?<\/LocationOfGoods>/,
      `<LocationOfGoods><typeOfLocation>A</typeOfLocation><qualifierOfIdentification>V</qualifierOfIdentification>
       <CustomsOffice><referenceNumber>XK000301</referenceNumber></CustomsOffice></LocationOfGoods>`,
    ),
)

const elsewhere: Change = (xml) => xml.replaceAll('XK000301', 'XK000302')

/** By the name that a path gives them: the corridor's document it is made from, who writes it, and what is changed. */
const made: Record<string, [template: string, trader: string, change?: Change]> = {
  declaration: ['declaration', declarant],
  'declaration-two-guarantees': ['declaration', declarant, secondGuarantee],
  'declaration-one-of-two-bad': ['declaration', declarant, tooMuchOfSecond],
  'declaration-too-much': ['declaration', declarant, tooMuch],
  'declaration-with-exit': ['declaration', declarant, withExit],
  'declaration-simplified': ['declaration', declarant, withConsignor],
  'declaration-simplified-two': ['declaration', declarant, both(withConsignor, secondGuarantee)],
  'declaration-pre-lodged': ['declaration', declarant, preLodged],
  amendment: ['declaration', declarant, both(put('amountToBeCovered', '6000.00'), amending)],
  'amendment-two-guarantees': ['declaration', declarant, both(secondGuarantee, amending)],
  'amendment-too-much': ['declaration', declarant, both(tooMuch, amending)],
  'amendment-pre-lodged': ['declaration', declarant, both(preLodged, amending)],
  presentation: ['presentation', declarant],
  'invalidation-request': ['invalidation-request', declarant],
  'release-request': ['release-request', declarant],
  'holder-answer': ['holder-answer', declarant],
  arrival: ['arrival', consignee],
  'arrival-normal': ['arrival', consignee, normalArrival],
  'arrival-elsewhere': ['arrival', consignee, elsewhere],
  remarks: ['unloading-remarks', consignee],
  'remarks-elsewhere': ['unloading-remarks', consignee, elsewhere],
  'remarks-unfinished': ['unloading-remarks', consignee, put('unloadingCompletion', '0')],
}

/** The names of all papers. */
export const paperNames: readonly string[] = Object.keys(made)

/** The papers by name, read and changed once. @throws Error for a name that there is not */
export function paperOf(name: string): Paper {
  const [template, trader, change = (xml: string) => xml] = made[name] ?? []
  if (template === undefined || trader === undefined)
    throw new Error(`There is no paper “${name}”. There are: ${paperNames.join(', ')}.`)
  const values: Record<string, string> = {
    now,
    today,
    lrn,
    sender: trader,
    recipient: trader === declarant ? 'NTA.AL' : 'NTA.XK',
    messageIdentification: `P${name.replaceAll('-', '')}`,
    grn: '26AL0009010000019',
    accessCode: 'Zq7x',
    mrn: '{{mrn}}',
  }
  const xml = change(readFileSync(new URL(`documents/${template}.xml`, folder), 'utf8')).replace(
    /\{\{(\w+)\}\}/g,
    (_, key: string) => values[key] ?? '',
  )
  const type = /:(\w+) /.exec(xml)?.[1] ?? ''
  const needsMrn = xml.includes('{{mrn}}')
  const withMrn = (mrn: string): string => {
    // An amendment names the movement by its MRN as soon as there is one.
    const named = type === 'CC013C' && mrn !== '' ? xml.replace(/<LRN>.*<\/LRN>/, `<MRN>${mrn}</MRN>`) : xml
    return named.replaceAll('{{mrn}}', mrn)
  }
  return { type, trader, needsMrn, make: withMrn }
}

/** A document as its reader has it. @throws Error when it cannot be read */
export function readXml(messages: Messages, type: string, xml: string): Doc {
  const { document, findings } = messages.get(type)?.read(Buffer.from(xml)) ?? { document: undefined, findings: [] }
  if (document === undefined || findings.length > 0)
    throw new Error(`${type} cannot be read: ${findings.map(({ path, text }) => `${path} ${text}`).join('; ')}`)
  return document
}
