/** Every fault of this package: a call that asks for something the profile cannot express. Code → what to do. */
export const REMEDIES = {
  'bad-message-id': 'Give message ids of the form local@domain, printable ASCII, at most 255 characters.',
  'bad-content-id': 'Give each part its own Content-ID of letters, digits and . _ ~ @ + -, at most 255 characters.',
  'bad-value': 'Give every header value as text without control characters, and none empty.',
  'reserved-property': 'Leave MimeType, CharacterSet and CompressionType to the library.',
  'too-many-parts': 'Send at most 64 parts in one message.',
  'bad-timestamp': 'Give a valid Date.',
  'bad-key':
    'Use keys of the kind that the profile asks for, in certificates that allow it, each with its own private key.',
  'unknown-profile': 'Name a profile that the library has, or give the P-Mode one of your own.',
  'bad-p-mode': 'Check the P-Mode with checkPMode when it is loaded.',
  'not-streamable': 'Let the P-Mode compress, or seal XML and text as whole payloads.',
  'spool-failed': 'Name a directory of this machine that can be written and has room for the largest messages.',
  'p-mode-mismatch': 'Give the message the parties, service, action and agreement of its P-Mode.',
  'bad-url': 'Give the address of an endpoint that starts with http: or https:.',
  'bad-port': 'Give a free port and an address of this machine.',
  'no-mpc': 'Give the P-Mode a channel (mpc) to pull from.',
  'mpc-taken': 'Give each receiver a channel of its own.',
  'not-a-sealed-message': 'Give a wire that sealUserMessage made, or for its parts a signal that was signed.',
} as const

/** The code of an {@link As4Fault}. */
export type As4FaultCode = keyof typeof REMEDIES

/** A call that cannot be carried out. Says nothing about what a partner sent. */
export class As4Fault extends Error {
  override readonly name = 'As4Fault'
  readonly code: As4FaultCode
  readonly remedy: string

  constructor(code: As4FaultCode, text: string, options?: ErrorOptions) {
    super(text, options)
    this.code = code
    this.remedy = REMEDIES[code]
  }
}
