/** How this administration deals with the files of supporting documents, as the corridor file says it. */
export interface FileSettings {
  /** Requests of other administrations are answered at once, or when an officer at departure has decided. */
  readonly answer: 'automatically' | 'after-approval'
  /** Longest file that is taken and given, in bytes. */
  readonly fileBytes: number
  /** What the files of one movement may have together, in bytes; all versions count. */
  readonly movementBytes: number
  /** How many files one movement may have; all versions count. */
  readonly movementFiles: number
}

/** A message holds one file, and a partner takes 10 MB of HTTP body at most; signature, encryption and base64 of keys need little. */
export const mostFileBytes = 8 * 1024 * 1024

/** What holds unless told otherwise. */
export const usualFileSettings: FileSettings = {
  answer: 'automatically',
  fileBytes: 5 * 1024 * 1024,
  movementBytes: 25 * 1024 * 1024,
  movementFiles: 50,
}
