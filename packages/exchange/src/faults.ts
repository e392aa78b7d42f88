const catalogue = {
  'exchange.unknown-partner': 'Add the partner to the configuration of this node, or send to a party that is one.',
  'exchange.partner-twice': 'Each party may be configured as a partner once.',
  'exchange.unknown-place':
    'Name a place that this node reaches, or a partner with a direct link that forwards, in the configuration of the link.',
  'exchange.no-channel': 'Name the channel (mpc) in the agreement for what is fetched.',
  'exchange.bad-port': 'Choose another port for the AS4 server, or stop the program that has it.',
  'exchange.wrong-key':
    'Install the private key and the certificate that belong together: they were made as a pair, and renewed as one.',
  'exchange.changed-document':
    'Restore the database, or park the message and ask the partner to send the document again.',
  'exchange.sealed-otherwise':
    'Give the node the data key that it had when the message was stored. With that key, the stored bytes were changed: restore them.',
  'exchange.message-clash': 'Take a new message id: this one was used by the same sender for another document.',
} as const

/** Codes of this room's faults. */
export type ExchangeFaultCode = keyof typeof catalogue

/** A coded fault: a call that cannot be right, or a surrounding that cannot work. What partners send is never a fault. */
export class ExchangeFault extends Error {
  readonly code: ExchangeFaultCode
  readonly remedy: string

  constructor(code: ExchangeFaultCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause })
    this.name = 'ExchangeFault'
    this.code = code
    this.remedy = catalogue[code]
  }
}
