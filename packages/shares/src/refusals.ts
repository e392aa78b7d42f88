/** Why a share, or something under one, is refused: the code goes over the wire and into the journal, the words are for people. */
export const refusals = {
  'not-partner': 'Nobody is linked here under this party id.',
  'not-owner': 'A contract is made by the administration whose data it is about, and by nobody else.',
  'not-agreed': 'Nothing is agreed for this purpose.',
  'not-reader': 'The contract is with another reader.',
  'unknown-contract': 'There is no such contract between the two.',
  'older-version': 'A newer version of this contract is here.',
  'contract-changed': 'Another contract came under this id and version before.',
  'not-offered': 'The contract waits for no answer.',
  'not-accepted': 'The reader has not accepted the contract.',
  'not-yet': 'The period of the contract has not begun.',
  expired: 'The period of the contract is over.',
  withdrawn: 'The contract was withdrawn.',
  declined: 'The reader declined the contract.',
  replaced: 'A newer version of the contract has taken the place of this one.',
  'period-wrong': 'The period ends before it begins, has ended, or is longer than ten years.',
  'retention-wrong': 'Data are kept from one day to ten years.',
  'too-many': 'A hundred contracts between the two are proposed or in force.',
  'text-missing': 'Purpose, legal basis and reasons are texts of up to 500 characters.',
  'elements-unknown': 'The edition of the utility block has no such element.',
  'elements-missing': 'Without these elements a utility block is none.',
  'beyond-contract': 'It says more than the contract has.',
  'block-wrong': 'It is no utility block of the edition of the contract.',
  'item-changed': 'Something else came under this id before.',
  'unknown-item': 'Nothing of this id was shared.',
  'retention-over': 'It was to be kept no longer, and is deleted.',
  unreadable: 'The document cannot be read.',
} as const

export type RefusalCode = keyof typeof refusals

/** One refusal; `about` names what, where that helps: elements, for instance. */
export interface Refused {
  kind: 'refused'
  code: RefusalCode
  about: string[]
}

export const refused = (code: RefusalCode, about: readonly string[] = []): Refused => ({
  kind: 'refused',
  code,
  about: [...about],
})
