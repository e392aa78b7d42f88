/** The faults of this room: why a member does not join, and what to do. */
export const faultCatalogue = {
  'join.bad-value': 'Give it in the form that is named, and run the command again.',
  'join.no-file': 'Look at the path: it is taken from the folder in which the command is run.',
  'join.bad-file':
    'Have the sender send the file again as it was made, as an attachment. Do not mend it by hand: it is signed as a whole.',
  'join.bad-signature':
    'The file was changed on its way, or was not made by whom it names. Do not use it: ask for a new one, and say so on the telephone.',
  'join.wrong-fingerprint':
    'Do not use this file. Call the other administration on a number that you had before, and compare once more; when it differs again, have the file sent by another way.',
  'join.expired':
    'Ask for a new invitation: corridor join invite makes one. When the times above look wrong, look at the clocks of both sides.',
  'join.not-for-us': 'Ask for an invitation that is made for this country: corridor join invite --for.',
  'join.member-clash':
    'Every country code, party id, address and certificate belongs to one member. Find out with both administrations which of them is right; corridor join leave takes a former member out.',
  'join.unfit-certificate':
    'Certificates are RSA of 2048 bits or more, valid now, and for that use. Have your authority sign ours anew; ask a partner for an invitation with such.',
  'join.test-partner':
    'Add --test-partner when you mean to test with it. Take it out again before real goods move: corridor join leave.',
  'join.no-certificate':
    'Have your authority sign the requests keys/*.csr, and put the certificates beside them; or, for a pilot, corridor join init … --pilot makes an authority of its own.',
  'join.own-file': 'Mend the corridor file at the place named, and run the command again. Nothing was written.',
  'join.no-answer': 'Look whether the node runs, and what its log says.',
} as const

/** Codes of this room's faults. */
export type JoinFaultCode = keyof typeof faultCatalogue

/** A coded fault; `message` is what a person sees: place and value, then what to do. */
export class JoinFault extends Error {
  override readonly name = 'JoinFault'
  readonly code: JoinFaultCode
  constructor(code: JoinFaultCode, detail: string) {
    super(`${detail}\n${faultCatalogue[code]}`)
    this.code = code
  }
}
