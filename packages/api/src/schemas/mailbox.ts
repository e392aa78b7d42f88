import { list, nullable, object, ref, text, time, type Schema } from './common.ts'

/** Most items of one page of a mailbox. */
export const mailboxLimit = 100

/** Named schemas of this file. */
export const mailboxSchemas: Record<string, Schema> = {
  Submission: object(
    {
      id: text,
      messageId: text,
      receivedAt: time,
      mailbox: { ...text, description: 'Where the answers will be, from this moment on' },
    },
    ['messageId'],
  ),
  MailboxItem: object({
    id: text,
    cursor: text,
    at: time,
    type: { ...text, examples: ['CC028C'] },
    mrn: nullable(text),
    lrn: nullable(text),
    refTo: nullable(text),
    href: text,
  }),
  MailboxPage: object({
    items: list(ref('MailboxItem')),
    next: { ...text, description: 'Cursor after the last item: ask with it for what comes later' },
  }),
}

/** Query of `GET /messages`. */
export const mailboxQuery = object(
  {
    since: { ...text, maxLength: 200, description: 'Cursor from an earlier answer' },
    limit: { type: 'integer', minimum: 1, maximum: mailboxLimit, default: mailboxLimit },
  },
  ['since', 'limit'],
)

/** Path parameters of one message. */
export const messageParams = object({ id: { ...text, pattern: '^[A-Za-z0-9._@:-]{1,200}$' } })
