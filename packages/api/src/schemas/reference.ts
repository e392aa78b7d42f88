import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

export const day: Schema = { ...text, description: '`yyyy-mm-dd`' }
export const openDay: Schema = { ...text, description: '`yyyy-mm-dd`; empty when open' }
export const texts: Schema = { type: 'object', additionalProperties: text, description: 'By language' }
export const items: Schema = { type: 'object', additionalProperties: text }
const shown = { text, language: { ...text, description: 'Of the text; empty when nobody says' } }
const optionalTexts = (names: string): Record<string, Schema> =>
  Object.fromEntries(names.split(' ').map((name) => [name, text]))

const officeTexts = optionalTexts(
  'region unLocode geoInfo postalCode phone fax email mainOffice higherAuthority enquiryAuthority recoveryAuthority nearestOffice takenOverBy',
)

/** Named schemas of this file. */
export const referenceSchemas: Record<string, Schema> = {
  TableNumber: object({
    number: { ...count, description: 'In CS/RD' },
    oldList: { ...text, examples: ['CL15'] },
    todayLists: list(text),
  }),
  ReferenceListHead: object({
    id: { ...text, examples: ['CL141'] },
    names: list(text),
    tables: { ...list(ref('TableNumber')), description: 'When it is one of the tables of the corridor' },
    owner: { ...nullable(text), description: 'Party that alone changes it' },
    kind: oneOf('common', 'national', 'corridor'),
    version: { ...count, description: 'Number of the version in use: `since` of later changes' },
    edition: { ...text, description: 'As the source names it' },
    source: text,
    publishedAt: nullable(time),
    open: { ...yesNo, description: 'Whether a version is being prepared' },
    inForce: { ...count, description: 'Entries in force on the day' },
    nextChange: { ...nullable(text), description: 'First day after it with other entries' },
    illustrative: yesNo,
    completeness: oneOf('complete', 'partial', 'filled-by-administration'),
    note: text,
  }),
  ReferenceLists: object({ at: day, lists: list(ref('ReferenceListHead')) }),
  ReferenceRow: object({
    code: text,
    ...shown,
    validFrom: openDay,
    validTo: openDay,
    state: oneOf('in-force', 'future', 'ended'),
    parent: nullable(text),
  }),
  ReferencePage: object({
    list: ref('ReferenceListHead'),
    at: { ...text, description: '`yyyy-mm-dd`, or `any`' },
    today: day,
    entries: list(ref('ReferenceRow')),
    next: { ...nullable(text), description: 'Cursor of the next page' },
  }),
  ReferenceGroup: object({ name: text, items, groups: list(ref('ReferenceGroup')) }),
  ReferenceEntry: object({
    code: text,
    validFrom: openDay,
    validTo: openDay,
    state: oneOf('valid', 'invalid'),
    texts,
    items,
    keyItems: { ...count, description: 'How many of the first items make up the code' },
    groups: list(ref('ReferenceGroup')),
    parent: nullable(text),
  }),
  CustomsOffice: object(
    {
      reference: text,
      country: text,
      ...officeTexts,
      addresses: list(object(optionalTexts('language name streetAndNumber city'))),
      seasons: list(
        object({
          ...optionalTexts('code name'),
          from: openDay,
          to: openDay,
          lines: list(
            object({
              fromDay: { type: 'integer', description: '1 Monday to 7 Sunday' },
              toDay: { type: 'integer' },
              hours: list(object(optionalTexts('from to'))),
              competences: list(object(optionalTexts('role trafficType'))),
            }),
          ),
        }),
      ),
      specificNotes: list(text),
      dedicatedTraders: list(object(optionalTexts('language name'))),
    },
    Object.keys(officeTexts),
  ),
  ReferenceVersion: object({
    entry: ref('ReferenceEntry'),
    names: { ...texts, description: 'What it is called, by language' },
    state: oneOf('in-force', 'future', 'ended', 'replaced', 'draft'),
    addedIn: { ...count, description: 'Version of the list that brought it' },
    removedIn: { ...nullable(count), description: 'First version without it' },
    office: { ...nullable(ref('CustomsOffice')), description: 'When it is a customs office' },
  }),
  ReferenceCode: object({
    list: ref('ReferenceListHead'),
    code: text,
    versions: { ...list(ref('ReferenceVersion')), description: 'The newest first' },
    meanings: {
      type: 'object',
      additionalProperties: texts,
      description: 'What the codes in the record of an office mean: by list, then by code',
    },
  }),
  ReferenceListChanges: object({
    list: text,
    since: count,
    version: { ...count, description: 'The version in use: `since` of the next time' },
    added: { ...list(ref('ReferenceEntry')), description: 'Entries as they are now; a code that changed is in both' },
    removed: list(object({ code: text, validFrom: openDay, validTo: openDay })),
  }),
  ReferenceHits: object({
    hits: list(object({ list: text, code: text, text, validFrom: openDay, validTo: openDay })),
  }),
  ReferenceTurn: object({
    list: text,
    code: text,
    day: { ...text, description: 'First day on which it is so' },
    what: oneOf('begins', 'changes', 'ends'),
    ...shown,
  }),
  ReferenceChanges: object({
    today: day,
    upcoming: { ...list(ref('ReferenceTurn')), description: 'From tomorrow on, a year ahead' },
    recent: { ...list(ref('ReferenceTurn')), description: 'In the last 30 days' },
    more: { ...yesNo, description: 'Whether there are more of either than are here' },
    versions: {
      ...list(object({ list: text, number: count, author: text, effective: day, publishedAt: time, note: text })),
      description: 'Published last',
    },
  }),
  ReferenceSubscriber: object({
    ...optionalTexts('party name list'),
    version: { ...count, description: 'That it took last; 0 before the first' },
    sent: { ...count, description: 'That was sent to it last' },
    published: { ...count, description: 'That is in use here' },
    acknowledgedAt: nullable(time),
    refusal: { ...nullable(text), description: 'Why it did not take what was sent last, in its own words' },
  }),
  ReferenceSubscribers: object({ subscribers: list(ref('ReferenceSubscriber')) }),
}

const dayQuery: Schema = { ...text, maxLength: 10, description: '`yyyy-mm-dd`; today unless told' }
const languageQuery: Schema = { ...text, pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$', maxLength: 35 }
const words: Schema = { ...text, maxLength: 100, description: 'Beginning of a code, or words in any language' }

/** Query of `GET /reference`. */
export const listsQuery = object({ at: dayQuery }, ['at'])

/** Query of `GET /reference/{list}`. */
export const entriesQuery = object(
  {
    q: words,
    at: { ...dayQuery, description: '`yyyy-mm-dd`, or `any`; today unless told' },
    language: { ...languageQuery, description: "Of the texts; the account's unless told" },
    cursor: { ...text, maxLength: 500 },
  },
  ['q', 'at', 'language', 'cursor'],
)

/** Query of `GET /reference/search`. */
export const searchQuery = object(
  { q: { ...words, minLength: 1 }, list: { ...text, maxLength: 100 }, at: dayQuery, language: languageQuery },
  ['list', 'at', 'language'],
)

/** Query of `GET /reference/{list}/changes`. */
export const sinceQuery = object({
  since: { type: 'integer', minimum: 0, description: 'Number of a version; 0: everything' },
})

/** Query of `GET /reference/changes` and of a code. */
export const languageOnlyQuery = object({ language: languageQuery }, ['language'])

/** Path parameters. */
export const listParams = object({ list: text })
export const codeParams = object({ list: text, code: text })
