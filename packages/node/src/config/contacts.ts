import type { Checked } from './checked.ts'

/** What a person or desk of an administration is asked about. */
export const contactPurposes = ['operations', 'security', 'management'] as const

/** Whom to call at an administration. */
export interface Contact {
  for: (typeof contactPurposes)[number]
  name: string
  email: string | null
  telephone: string | null
  /** When somebody is there, in words. */
  hours: string | null
}

/** `contacts: [{ for: security, name: …, email: …, telephone: … }]` */
export function contactsFrom(node: Checked): Contact[] {
  return node.optionalList('contacts').map((contact) => {
    const email = contact.optionalText('email')
    const telephone = contact.optionalText('telephone')
    if (email === null && telephone === null) contact.refuse('', 'needs an email or a telephone')
    if (email !== null && !/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(email))
      contact.refuse('email', `“${email}” is no address of a mailbox`)
    if (telephone !== null && !/^\+?[0-9][0-9 ()/-]{3,30}$/.test(telephone))
      contact.refuse('telephone', `“${telephone}” is no number; put it in quotes, with the country: '+355 4 …'`)
    return {
      for: contact.text('for', (text) => contactPurposes.some((known) => known === text)) as Contact['for'],
      name: contact.text('name'),
      email,
      telephone,
      hours: contact.optionalText('hours'),
    }
  })
}
