/** Effects of the office of departure towards the export system of its administration, for goods whose export is followed by transit. */
import type { Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, fieldsOf, nodesOf, office, recordOf } from '../context.ts'
import { exportedHouses, exportsIn } from '../exports.ts'
import { ProcedureFault } from '../faults.ts'
import { project } from '../project.ts'
import { groups, numbered, present, text } from '../read.ts'
import type { Law } from '../types.ts'
import { destinationOf, toTrader } from './departure.ts'

export const exportEffects: Record<string, (context: Context, argument: string) => Change> = {
  /** Asks about all export declarations of the record in one document. */
  'ask-export': (context) => {
    const mrns = exportsIn(context, recordOf(context))
    return {
      data: {
        exports: {
          mrns,
          askedAt: context.facts.now,
          ...(context.movement.data.exports === undefined ? {} : { isAskedAgain: true as const }),
        },
      },
      ...toExportSystem('CC190C', presentationOf(context, mrns)),
    }
  },
  'record-export-answer': (context) => {
    const doc = documentOf(context)
    const exports = exportsOf(context)
    const results = groups(doc, 'AESResults.ExportOperation').map((each) => ({
      mrn: text(each, 'MRN') ?? '',
      result: text(each, 'resultIndicator') ?? '',
    }))
    const answeredAt = text(doc, 'AESResults.responseDateAndTime') ?? context.facts.now
    const isGood = text(doc, 'AESResults.globalValidationResponse') === '1'
    return {
      data: { exports: { ...exports, answeredAt, isGood, results } },
      detail: results.map(({ mrn, result }) => `${mrn} ${result}`).join(', '),
    }
  },
  // P5 has no document that says it to the declarant, who must do something: mend the export, or declare without it.
  'ask-for-export-amendment': (context) =>
    toTrader(context, 'CC022C', {
      TransitOperation: { MRN: context.movement.mrn, amendmentNotificationDateAndTime: context.facts.now },
      FunctionalError: numbered(
        exportsOf(context).mrns.map((mrn) => ({ errorCode: '14', errorReason: 'N0093', originalAttributeValue: mrn })),
      ),
    }),
  'confirm-export': (context) => {
    const why = fieldsOf(context)['proof'] ?? ''
    return { data: { exports: { ...exportsOf(context), isGood: true, confirmed: why } }, detail: why }
  },
  /** An amendment has left no export: the export system waits for nothing any more. */
  'drop-exports': (context) =>
    exportsIn(context, recordOf(context)).length > 0 ? {} : { data: { exports: undefined }, ...cancelled(context) },
  'tell-export-invalidated': (context) => cancelled(context),
  /** `tell-export-results:considered-satisfactory`: nobody saw the goods at destination, or discrepancies were resolved. */
  'tell-export-results': (context, as) => {
    const { movement, facts, law } = context
    const { results, arrival } = movement.data
    const isProof = as !== ''
    const code = isProof ? exportCode(law, 'CL243', as) : (results?.code ?? '')
    const ControlResult = { code, date: isProof ? facts.today : (results?.date ?? facts.today) }
    return told(context, 'CC042C', (mrns) => ({
      TransitOperation: {
        MRN: movement.mrn,
        declarationType: text(recordOf(context), 'TransitOperation.declarationType') ?? '',
      },
      ExportOperation: numbered(mrns.map((MRN) => ({ MRN, ControlResult }))),
      CustomsOfficeOfExit: office(movement.office),
      CustomsOfficeOfDeparture: office(movement.office),
      CustomsOfficeOfDestination: office(results?.office ?? arrival?.office ?? destinationOf(context)),
    }))
  },
  'tell-export-recovery': (context) => {
    const { movement, facts } = context
    return told(context, 'CC048C', (mrns) => ({
      TransitOperation: { MRN: movement.mrn, recoveryCommunicationDate: facts.today },
      ExportOperation: numbered(mrns.map((MRN) => ({ MRN }))),
      CustomsOfficeOfDestination: office(movement.data.arrival?.office ?? destinationOf(context)),
      CustomsOfficeOfRecoveryAtDeparture: office(movement.office),
    }))
  },
  /** The central services link the movement with its exports, where they are there. */
  'link-exports': (context) =>
    context.facts.hasSystem('central')
      ? told(
          context,
          'CD078C',
          (mrns) => ({
            TransitOperation: { MRN: context.movement.mrn },
            ExportOperation: mrns.map((MRN) => ({ MRN })),
          }),
          'central',
        )
      : {},
}

/** What is remembered of the exports. @throws ProcedureFault MISSING_DATA when the export system was not asked */
function exportsOf({ movement }: Context): NonNullable<Context['movement']['data']['exports']> {
  const { exports } = movement.data
  if (exports === undefined)
    throw new ProcedureFault('MISSING_DATA', `${movement.mrn} has no export that was asked about`)
  return exports
}

const toExportSystem = (type: string, doc: Doc, system: 'aes' | 'central' = 'aes'): Change => ({
  send: [{ type, to: { system }, answers: false, doc }],
})

/** A document about the exports that the export system was asked about; nothing for a movement that follows none. */
function told(context: Context, type: string, make: (mrns: string[]) => Doc, system?: 'central'): Change {
  const { exports } = context.movement.data
  return exports === undefined ? {} : toExportSystem(type, make(exports.mrns), system)
}

const cancelled = (context: Context): Change =>
  told(context, 'CC040C', () => ({ TransitOperation: { MRN: context.movement.mrn } }))

function presentationOf(context: Context, mrns: string[]): Doc {
  const { movement, law, event, facts } = context
  const record = recordOf(context)
  const declarationType = text(record, 'TransitOperation.declarationType') ?? ''
  const isAmended = event.kind === 'document' && event.type === 'CC013C'
  return present({
    TransitOperation: present({
      AESCommunicationPurpose: exportCode(law, 'CL158', 'presentation'),
      MRN: movement.mrn,
      TIRCarnetNumber: text(record, 'TransitOperation.TIRCarnetNumber'),
      declarationAcceptanceDate: movement.data.acceptanceDate,
      amendmentAcceptanceDateAndTime: isAmended ? facts.now : undefined,
      ExportOperation: numbered(
        mrns.map((MRN) => ({ MRN, transitProcedureCategory: exportCode(law, 'CL166', declarationType) })),
      ),
    }),
    CustomsOfficeOfExit: office(movement.office),
    CustomsOfficeOfDeparture: office(movement.office),
    Consignment: exportedGoods(context),
  })
}

/**
 * The goods that were exported, where they are, as CC190C has them: in one house, each with code and net mass. Undefined when there are more
 * than it has room for, or when one of them is not described so.
 */
function exportedGoods(context: Context): Doc | undefined {
  const record = recordOf(context)
  const items = exportedHouses(context, record).flatMap(({ house }) => groups(house, 'ConsignmentItem'))
  const [consignment = {}] = groups(record, 'Consignment')
  const nodes = nodesOf(context, 'CC190C').filter(({ name }) => name === 'Consignment')
  const source = { Consignment: { ...consignment, HouseConsignment: { ConsignmentItem: items } } }
  const { doc, missing } = project(nodes, source, {})
  const isWhole = items.length <= mostItems && missing.length === 0
  const made = groups(doc, 'Consignment.HouseConsignment.ConsignmentItem').length
  return isWhole && made === items.length ? (doc['Consignment'] as Doc) : undefined
}

const mostItems = 999

/** A code of export.tsv. @throws ProcedureFault TABLE when it has none for this */
function exportCode(law: Law, list: string, use: string): string {
  const code = law.exportCodes.get(`${list} ${use}`)
  if (code === undefined) throw new ProcedureFault('TABLE', `export.tsv: ${list} has no code for ${use}`)
  return code
}
