import { movementPapers } from '@corridor/casework'
import { paperLanguages } from '@corridor/paper'
import { object, oneOf, text } from './common.ts'

const tag = paperLanguages.join('|')
const languages = {
  ...text,
  pattern: `^(${tag})(,(${tag}))?$`,
  description:
    'Instead of the languages of the reader and of the country of destination: one or two of them, with a comma',
  examples: ['fr,ar'],
}

/** Path parameters of a document on paper about a movement. */
export const movementPaperParams = object({
  mrn: { ...text, pattern: '^[A-Za-z0-9]{1,35}$', description: 'MRN' },
  kind: oneOf(...movementPapers),
})

/** Query of a document on paper. */
export const paperQuery = object({ languages }, ['languages'])

/** Query of the receipt of a guarantee. */
export const receiptQuery = object(
  {
    languages,
    mrn: { ...text, pattern: '^[A-Z0-9]{1,35}$', description: 'Only the amount that is open for this movement' },
  },
  ['languages', 'mrn'],
)
