import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const digest: Schema = { ...text, description: 'SHA-256, hexadecimal' }
const uuid: Schema = { ...text, pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }

const row = object({
  id: { ...text, description: 'Its address in this node' },
  file: { ...text, description: 'UUID, the same at all who have it' },
  document: object({ type: { ...text, examples: ['N380'] }, name: text, reference: text, item: nullable(count) }),
  version: count,
  replaces: nullable({ ...text, description: 'UUID of the file whose place it took' }),
  superseded: { ...yesNo, description: 'A later version is here' },
  name: text,
  mediaType: text,
  size: { ...count, description: 'Bytes' },
  digest,
  origin: ref('Named'),
  addedBy: text,
  addedAt: time,
  receivedAt: { ...nullable(time), description: 'When it came from the administration that has it' },
})

const request = object({
  id: text,
  direction: { ...oneOf('in', 'out'), description: '`out`: we asked; `in`: we were asked' },
  party: ref('Named'),
  office: ref('Office'),
  officer: text,
  askedAt: time,
  document: nullable(object({ type: text, reference: text })),
  reason: text,
  state: {
    ...oneOf('asked', 'waiting', 'given', 'refused'),
    description: '`waiting`: an officer at departure decides',
  },
  code: { ...text, description: 'Why it was refused; empty otherwise' },
  note: text,
  settledAt: nullable(time),
  files: list(object({ name: text, size: count, outcome: text })),
  mayDecide: yesNo,
})

/** Named schemas of this file. */
export const fileSchemas: Record<string, Schema> = {
  MovementFile: row,
  FileRequest: request,
  MovementFiles: object({
    files: list(ref('MovementFile')),
    requests: list(ref('FileRequest')),
    mayAttach: yesNo,
    mayAsk: { ...nullable(ref('Named')), description: 'The administration that this user may ask' },
    documents: {
      ...list(object({ type: text, reference: text, items: list(count) })),
      description: 'Documents that the declaration names',
    },
    limits: object({ fileBytes: count, movementBytes: count, movementFiles: count }),
  }),
}

const reference: Schema = {
  ...text,
  pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,34}$',
  description: 'MRN; of a trader’s own movement also its LRN',
}

/** Path parameters of the files of a movement. */
export const filesParams = object({ mrn: reference })
/** Path parameters of one of them, or of a request. */
export const fileParams = object({ mrn: reference, id: { ...text, pattern: '^[0-9]{1,18}$' } })

/** Query of `POST /movements/:mrn/files`: what the file is. */
export const attachQuery = object(
  {
    name: { ...text, minLength: 1, maxLength: 255, description: 'Name of the file, with its extension' },
    type: { ...text, pattern: '^[A-Z0-9]{1,10}$', description: 'Type of the document in the declaration: N380' },
    reference: { ...text, minLength: 1, maxLength: 70, description: 'Its reference number in the declaration' },
    item: { type: 'integer', minimum: 1, maximum: 9999, description: 'Goods item whose document it is' },
    replaces: { ...uuid, description: 'The file whose place it takes' },
  },
  ['item', 'replaces'],
)

/** Body of `POST /movements/:mrn/file-requests`. */
export const askBody = object(
  {
    document: {
      ...nullable(object({ type: { ...text, maxLength: 10 }, reference: { ...text, maxLength: 70 } })),
      description: 'Null or missing: every document',
    },
    reason: { ...text, maxLength: 500, description: 'The journals of both sides keep it' },
  },
  ['document'],
)

/** Body of `POST /movements/:mrn/file-requests/:id`. */
export const decisionBody = object(
  { decision: oneOf('give', 'refuse'), note: { ...text, maxLength: 500, description: 'Of `refuse`: why' } },
  ['note'],
)
