/** The catalogue: every fault this folder can raise. A fault is a mistake of the calling program, or two that work at once. */
const catalogue = {
  'reference.unknown-list': 'nobody declared this list: declare it first',
  'reference.unknown-version': 'the list has no such version',
  'reference.list-busy': 'somebody else imports or publishes this list at this moment: try again when they are done',
  'reference.version-open': 'the list has a version that is not published: publish it, or discard it, first',
  'reference.version-moved': 'the list has another version by now: look at what changed, and try again',
  'reference.not-owner': 'the list belongs to another administration, which alone changes it',
  'reference.same-person': 'who made a version does not review it: a second person does',
  'reference.wrong-state': 'the version is not in the state for this',
  'reference.bad-cursor': 'a cursor comes from the page before, as it is',
  'reference.most-ended':
    'the file would end a large part of the list: it may be half a file; if all of it is meant, say so (ending)',
} as const

/** Code of a fault of this folder. */
export type RegistryReferenceFaultCode = keyof typeof catalogue

/** A coded fault. `subject` is the id of a list, with the version where one is meant. */
export class RegistryReferenceFault extends Error {
  readonly code: RegistryReferenceFaultCode
  readonly subject: string

  constructor(code: RegistryReferenceFaultCode, subject: string) {
    super(`${code}: ${catalogue[code]} (${subject})`)
    this.name = 'RegistryReferenceFault'
    this.code = code
    this.subject = subject
  }
}
