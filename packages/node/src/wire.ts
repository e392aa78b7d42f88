import {
  declarationDocuments,
  declarationMediaTypes,
  fileDocuments,
  fileMediaTypes,
  referenceDocuments,
  referenceMediaType,
} from '@corridor/casework'
import type { Law } from '@corridor/procedures'

/** What goes between administrations beside the documents of NCTS, with its media type. */
export const mediaTypes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(referenceDocuments.map((type) => [type, referenceMediaType])),
  ...fileMediaTypes,
  ...declarationMediaTypes,
}

/** Every document that a partner may send and be sent. */
export const actionsOf = ({ messages }: Law): string[] => [
  ...messages.types.filter((type) => type.startsWith('CD')),
  ...referenceDocuments,
  ...fileDocuments,
  ...declarationDocuments,
]
