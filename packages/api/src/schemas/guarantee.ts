import { actFieldsSchema } from './movement.ts'
import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const amount = { ...text, examples: ['5000.00'] }
const day = { ...text, pattern: String.raw`^\d{4}-\d{2}-\d{2}$` }
const accountName = oneOf('reference', 'available', 'locked', 'liable')

const row = {
  grn: text,
  type: { ...text, description: 'CL251' },
  typeName: text,
  holder: ref('Named'),
  status: ref('Status'),
  currency: { ...text, description: 'ISO 4217; of every amount here' },
  referenceAmount: amount,
  available: amount,
  locked: amount,
  liable: { ...amount, description: 'Claimed from the guarantor' },
  open: { ...count, description: 'Movements that have something locked or claimed' },
}

const openAmount = object({
  mrn: text,
  state: oneOf('locked', 'liable'),
  amount,
  since: time,
  departure: ref('Office'),
  status: { ...nullable(ref('Status')), description: 'At the office of departure; null when that is not ours' },
  missing: { ...nullable(text), description: 'Type of the document that is missing; null when an officer must act' },
  turn: object({ code: text, party: text }),
  limitDate: nullable(day),
})

const line = object({
  id: count,
  at: time,
  op: oneOf('open', 'raise', 'reduce', 'lock', 'credit', 'cancel', 'liability', 'liberation'),
  debit: accountName,
  credit: accountName,
  amount,
  asked: nullable(object({ amount, currency: text, rate: text })),
  mrn: nullable(text),
  office: text,
  documentType: text,
  reason: text,
  who: text,
  available: { ...amount, description: 'After this line, as the two that follow' },
  locked: amount,
  liable: amount,
})

/** Named schemas of this file. */
export const guaranteeSchemas: Record<string, Schema> = {
  GuaranteeListRow: object(row),
  GuaranteePage: object({ items: list(ref('GuaranteeListRow')), total: count, page: count, pageSize: count }),
  GuaranteeView: object({
    ...row,
    version: count,
    guarantor: nullable(ref('Named')),
    percentage: nullable({ type: 'integer', minimum: 0, maximum: 100 }),
    validFrom: day,
    validTo: nullable(day),
    invalidFrom: nullable(day),
    notValidIn: list(text),
    acts: list(
      object({
        act: text,
        primary: yesNo,
        undoable: yesNo,
        fields: list(actFieldsSchema),
        effect: object({
          code: text,
          values: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
        }),
      }),
    ),
    openAmounts: list(openAmount),
    ledger: list(line),
    older: nullable(count),
  }),
}

/** Query of `GET /guarantees`. */
export const guaranteeListQuery = object(
  {
    q: { ...text, maxLength: 100, description: 'Part of a GRN or of the identification number of a holder' },
    page: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
  },
  ['q', 'page'],
)

/** Query of `GET /guarantees/:grn`: lines of the ledger older than the one with this id. */
export const guaranteeQuery = object({ before: { type: 'integer', minimum: 1 } }, ['before'])

export const guaranteeParams = object({ grn: { ...text, pattern: '^[A-Za-z0-9]{1,35}$', description: 'GRN' } })

/** Body of `POST /guarantees/:grn/acts`. */
export const guaranteeActBody = object({
  act: oneOf('change-reference', 'cancel-guarantee'),
  version: count,
  fields: {
    type: 'object',
    maxProperties: 40,
    propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,39}$' },
    additionalProperties: { type: ['string', 'number', 'null'], maxLength: 4000 },
  },
})
