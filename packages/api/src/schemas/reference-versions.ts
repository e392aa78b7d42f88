import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'
import { day, openDay, texts, items } from './reference.ts'

const acts = ['review', 'publish', 'discard', 'restore']
const hindrances = ['not-manager', 'not-owner', 'same-person', 'not-reviewed', 'version-open']
const counts = {
  added: { ...count, description: 'Codes that were not there' },
  changed: { ...count, description: 'Codes that say or hold something else' },
  ended: { ...count, description: 'Codes that had no last day and get one, or are there no more' },
}
const differences: Schema = list(
  object({
    code: text,
    before: { ...list(ref('ReferenceEntry')), description: 'Its entries in the version before, by first day' },
    after: { ...list(ref('ReferenceEntry')), description: 'Its entries in this version, by first day' },
  }),
)

/** Named schemas of this file. */
export const referenceVersionSchemas: Record<string, Schema> = {
  ReferenceListVersion: object({
    number: count,
    state: oneOf('draft', 'reviewed', 'published'),
    author: ref('Named'),
    reviewer: nullable(ref('Named')),
    effective: { ...day, description: 'From which its changes are meant' },
    createdAt: time,
    publishedAt: nullable(time),
    note: text,
    digest: { ...text, description: 'Of everything in it: who has the same has the same digest' },
    ...counts,
    acts: {
      ...list(object({ act: oneOf(...acts), why: nullable(oneOf(...hindrances)) })),
      description: 'What its state is open to; `why`: why the asker may not do it now',
    },
  }),
  ReferenceListVersions: object({
    list: ref('ReferenceListHead'),
    versions: { ...list(ref('ReferenceListVersion')), description: 'The newest first, drafts too' },
    draftHindrance: { ...nullable(oneOf(...hindrances)), description: 'Why the asker cannot begin a version now' },
  }),
  ReferenceVersionDetail: object({
    list: ref('ReferenceListHead'),
    version: ref('ReferenceListVersion'),
    differences: object({ added: differences, changed: differences, ended: differences }),
    next: { ...nullable(text), description: 'Code to go on after (`after`); the counts are of all pages' },
    effects: {
      ...nullable(
        object({
          movements: list(
            object({
              ...Object.fromEntries(['mrn', 'role', 'office', 'state', 'code'].map((name) => [name, text])),
              officeName: nullable(text),
              ended: { ...yesNo, description: 'Whether the code ends; else it changes' },
            }),
          ),
          more: { ...yesNo, description: 'Whether there are more than are here' },
        }),
      ),
      description: 'Movements under way that use a code which ends or changes; null once the version is in use',
    },
  }),
  ReferenceActDone: object(
    {
      list: text,
      number: count,
      state: oneOf('draft', 'reviewed', 'published', 'discarded'),
      ...counts,
      rows: { ...count, description: 'Of a file' },
      unchanged: { ...count, description: 'Codes that a file leaves as they are' },
    },
    [...Object.keys(counts), 'rows', 'unchanged'],
  ),
}

const note: Schema = { ...text, maxLength: 1000, description: 'Why; who reviews it reads this' }
const effective: Schema = { ...text, maxLength: 10, description: '`yyyy-mm-dd`, from which the changes are meant' }
const base: Schema = { ...count, description: 'Version in use that it was made on; with another one it is refused' }
const group: Schema = { type: 'object' }

/** A change: an entry to add or to put in the place of what its code has, or `end` with `validTo`. */
const change = object(
  {
    code: { ...text, maxLength: 200 },
    validFrom: { ...openDay, maxLength: 10, description: '`yyyy-mm-dd`; the day of the version unless told' },
    validTo: { ...openDay, maxLength: 10 },
    texts,
    items,
    keyItems: count,
    parent: { ...text, maxLength: 200 },
    groups: { ...list(group), description: 'Of `{name, items, groups}`' },
    end: { ...text, maxLength: 200, description: 'Code that ends on `validTo`; then nothing else' },
  },
  ['code', 'validFrom', 'validTo', 'texts', 'items', 'keyItems', 'parent', 'groups', 'end'],
)

/** Body of `POST /reference/{list}/versions`. */
export const draftBody = object(
  {
    effective,
    note,
    base,
    ending: { ...yesNo, description: 'It is meant that a large part of the list ends' },
    changes: { ...list(change), maxItems: 2000 },
  },
  ['base', 'ending'],
)

/** Query of `POST /reference/{list}/versions` with a file. */
export const fileQuery = object(
  {
    effective,
    note,
    base,
    covers: { ...oneOf('whole', 'addition'), description: '`whole` unless told: what the file does not have ends' },
    ending: { ...oneOf('true'), description: 'It is meant that a large part of the list ends' },
  },
  ['effective', 'note', 'base', 'covers', 'ending'],
)

/** Body of `POST …/publish`. */
export const publishBody = object(
  { reason: { ...note, description: 'Why codes end that movements under way use; goes to the note' } },
  ['reason'],
)

/** Body of `POST …/restore`. */
export const restoreBody = object({ effective, note })

/** Path and query of one version. */
export const versionParams = object({ list: text, number: { type: 'integer', minimum: 1 } })
export const versionQuery = object({ after: { ...text, maxLength: 200, description: '`next` of the page before' } }, [
  'after',
])
