import { framedMediaTypes, reconciliationMediaTypes } from '@corridor/exchange'
import { regionalCopyRefusedType, regionalCopyType } from '@corridor/hub'
import {
  declarationDocuments,
  declarationMediaTypes,
  fileDocuments,
  fileMediaTypes,
  referenceDocuments,
  referenceMediaType,
} from '@corridor/casework'
import type { Law } from '@corridor/procedures'
import { shareMediaTypes } from '@corridor/shares'

const copyDocuments = [regionalCopyType, regionalCopyRefusedType]

/** What goes between a hub and its members beside everything else. */
export const hubDocuments: readonly string[] = [...Object.keys(framedMediaTypes), ...copyDocuments]

/** What goes between administrations beside the documents of NCTS, with its media type. */
export const mediaTypes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(referenceDocuments.map((type) => [type, referenceMediaType])),
  ...fileMediaTypes,
  ...declarationMediaTypes,
  ...framedMediaTypes,
  ...shareMediaTypes,
  ...reconciliationMediaTypes,
  ...Object.fromEntries(copyDocuments.map((type) => [type, 'application/json'])),
}

/** Every document that a partner may send and be sent. */
export const actionsOf = ({ messages }: Law): string[] => [
  ...messages.types.filter((type) => type.startsWith('CD')),
  ...referenceDocuments,
  ...fileDocuments,
  ...declarationDocuments,
  ...Object.keys(reconciliationMediaTypes),
]
