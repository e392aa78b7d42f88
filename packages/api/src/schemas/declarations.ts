import { declarationSides, declarationStates } from '@corridor/procedures'
import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const day: Schema = { ...text, pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', examples: ['2026-11-30'] }
const version: Schema = { type: 'integer', minimum: 1 }
const path: Schema = { ...text, examples: ['Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/SequenceNumeric'] }
const change = oneOf('completed', 'changed', 'removed')
const amount: Schema = { ...text, description: 'A decimal number' }
const totals = { netMass: amount, value: amount }
const chapterSide = object({ ...totals, items: count })
const side = oneOf('export', 'import')

const summary = {
  id: text,
  side: { ...oneOf(...declarationSides), description: 'Whose it is, as seen from here' },
  state: oneOf(...declarationStates),
  party: { ...ref('Named'), description: 'The other administration' },
  ucr: text,
  number: nullable(text),
  version: { ...count, description: 'Of the block that counts' },
  day,
  changedAt: time,
  trader: { ...nullable(ref('Named')), description: 'The operator whose it is here' },
}

const answer = object({
  outcome: oneOf('taken', 'held', 'refused'),
  findings: list(object({ rule: text, path: text, value: text, text, remedy: text })),
  at: time,
})

const draft = object({
  version,
  complete: list(object({ path, meaning: text, why: text })),
  leftOut: list(object({ element: text, why: text })),
  claimedAt: nullable(time),
  mayLodge: yesNo,
  isOutdated: { ...yesNo, description: 'The export was corrected or withdrawn after the import was lodged' },
  blanks: { ...list(object({ path, meaning: text, why: text })), description: 'The texts of what is to be completed' },
  fixed: { ...list(text), description: 'Elements that the importer may not change' },
  changes: nullable(
    list(object({ path, element: text, meaning: text, kind: change, was: text, is: text }, ['was', 'is'])),
  ),
})

const hindrance = object({ code: text, text, about: list(text) })

const standing = object({
  keptBack: { ...nullable(hindrance), description: 'Why its last version has not gone' },
  over: { ...nullable(hindrance), description: 'Why what came is not shown any more' },
  share: { ...nullable(object({ owner: text, id: text })), description: 'Under which it went or came' },
})

/** Named schemas of this file. */
export const declarationSchemas: Record<string, Schema> = {
  DeclarationSummary: object(summary),
  DeclarationList: object({
    items: list(ref('DeclarationSummary')),
    total: count,
    more: yesNo,
    page: version,
    pageSize: count,
  }),
  Declaration: object({
    ...summary,
    versions: list(
      object({ version, event: text, at: time, by: ref('Named'), digest: text, answer: nullable(answer) }),
    ),
    elements: {
      ...list(
        object({
          path,
          name: text,
          meaning: text,
          exported: nullable(text),
          draft: nullable(text),
          imported: nullable(text),
          change: { type: ['string', 'null'], enum: ['completed', 'changed', 'removed', null] },
          differs: yesNo,
        }),
      ),
      description: 'Every element that the export, the draft or the import has, side by side',
    },
    draft: nullable(draft),
    abroad: {
      ...nullable(object({ state: oneOf('lodged', 'registered', 'withdrawn'), day })),
      description: 'What the other side told of the import of an export of ours',
    },
    standing: { ...nullable(standing), description: 'How it stands to shares; null where none was agreed' },
    related: list(ref('DeclarationSummary')),
  }),
  DeclarationTaken: object({
    outcome: {
      ...oneOf('accepted', 'again', 'not-shared'),
      description: 'not-shared: nothing is agreed, nothing kept',
    },
    id: nullable(text),
  }),
  DeclarationPartners: object({ partners: list(ref('Named')) }),
  MirrorReport: object({
    party: ref('Named'),
    direction: oneOf('out', 'in'),
    from: day,
    to: day,
    day,
    tolerance: object({ massPercent: amount, valuePercent: amount, travelDays: count }),
    currency: text,
    pairs: list(
      object({
        ucr: text,
        state: text,
        exports: list(text),
        imports: list(text),
        exported: object(totals),
        imported: object(totals),
        differences: list(
          object(
            {
              kind: oneOf('mass', 'value', 'code'),
              subheading: text,
              exported: amount,
              imported: amount,
              difference: amount,
              percent: amount,
            },
            ['subheading', 'percent'],
          ),
        ),
      }),
    ),
    chapters: list(object({ chapter: text, exported: chapterSide, imported: chapterSide })),
    counts: { type: 'object', additionalProperties: count },
    unusable: list(object({ side, declaration: text, why: text, path: text, value: text }, ['value'])),
    notCounted: list(object({ side, declaration: text, why: text })),
  }),
}

/** Query of `GET /declarations`. */
export const declarationsQuery = object(
  {
    q: { ...text, maxLength: 70, description: 'Beginning of a UCR or of a number' },
    side: oneOf(...declarationSides),
    state: oneOf(...declarationStates),
    page: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
  },
  ['q', 'side', 'state', 'page'],
)

export const declarationParams = object({ id: { ...text, pattern: '^[0-9]{1,18}$' } })

/** Query of `POST /declarations`. */
export const takeQuery = object({ event: { ...oneOf('released', 'cancelled'), default: 'released' } }, ['event'])

/** Body of `POST /declarations/claims`. */
export const claimBody = object({ ucr: { ...text, minLength: 1, maxLength: 35 } })

/** Body of `POST /declarations/{id}/import`. */
export const lodgeBody = object({
  version,
  values: {
    type: 'object',
    maxProperties: 5_000,
    additionalProperties: { type: ['string', 'null'], maxLength: 512 },
    description: 'What is otherwise than in the draft, by path; null takes away',
  },
})

/** Query of `GET /declarations/mirror`. */
export const mirrorQuery = object(
  {
    party: { ...text, maxLength: 35 },
    direction: oneOf('out', 'in'),
    from: day,
    to: day,
    chapter: { ...text, pattern: '^[0-9]{2}$' },
  },
  ['chapter'],
)
