import { attributeOf, textOf, type XmlElement } from '@corridor/xml'
import { elementsOnly } from './envelope-read.ts'
import type { As4Error } from './ebms-errors.ts'
import { attributeValueOf } from './fields.ts'
import type { Reference } from './model.ts'
import { EBMS, NS } from './names.ts'
import { demand } from './refusal.ts'
import { readReference } from './signature-read.ts'
import { readMessageInfo } from './user-message-read.ts'

/** A signal as it was read; what it says is worth nothing until its signature is verified. */
export type Signal = ReceiptSignal | ErrorSignal | PullRequestSignal

/** An eb:Receipt with non-repudiation information: the references of the message it is for. */
export interface ReceiptSignal {
  kind: 'receipt'
  messageId: string
  timestamp: Date
  refToMessageId: string | undefined
  references: Reference[]
}

/** One or more eb:Error. */
export interface ErrorSignal {
  kind: 'error'
  messageId: string
  timestamp: Date
  /** Of eb:MessageInfo, else the refToMessageInError of the first error that has one. */
  refToMessageId: string | undefined
  errors: As4Error[]
}

/** An eb:PullRequest: somebody asks for the next message of a channel (ebMS 3.0 Core 5.2.3.1). */
export interface PullRequestSignal {
  kind: 'pull'
  messageId: string
  timestamp: Date
  refToMessageId: string | undefined
  mpc: string
}

/** Reads eb:SignalMessage (ebMS 3.0 Core 5.2.3; AS4 Profile 1.0, 5.1.8). Refuses with EBMS:0009, 0008 or 0302. */
export function readSignal(element: XmlElement): Signal {
  const [first, ...rest] = elementsOnly(element)
  demand(first && isEb(first, 'MessageInfo'), 'EBMS:0009', 'a SignalMessage has no MessageInfo')
  const info = readMessageInfo(first)
  const [receipt] = rest
  if (receipt && rest.length === 1 && isEb(receipt, 'Receipt')) {
    return { kind: 'receipt', ...info, references: readNonRepudiation(receipt) }
  }
  if (receipt && rest.length === 1 && isEb(receipt, 'PullRequest')) {
    return { kind: 'pull', ...info, mpc: attributeValueOf(receipt, 'mpc') ?? EBMS.defaultMpc }
  }
  demand(rest.length > 0 && rest.every((each) => isEb(each, 'Error')), 'EBMS:0009', 'the signal is of no known kind')
  const inError = rest.map((each) => attributeOf(each, 'refToMessageInError')).find(Boolean)
  return { kind: 'error', ...info, refToMessageId: info.refToMessageId ?? inError, errors: rest.map(readError) }
}

function isEb(element: XmlElement, local: string): boolean {
  return element.namespace === NS.eb && element.local === local
}

// A receipt may hold other things beside: phase4 signs its version into it.
function readNonRepudiation(receipt: XmlElement): Reference[] {
  const found = elementsOnly(receipt).filter((each) => each.namespace === NS.ebbp)
  const [information] = found
  demand(information && found.length === 1, 'EBMS:0302', 'a receipt has no NonRepudiationInformation')
  demand(information.local === 'NonRepudiationInformation', 'EBMS:0302', 'a receipt is of an unknown kind')
  return elementsOnly(information).map((each) => {
    demand(each.namespace === NS.ebbp && each.local === 'MessagePartNRInformation', 'EBMS:0302', 'unknown information')
    const [reference, ...rest] = elementsOnly(each)
    demand(reference && rest.length === 0, 'EBMS:0302', 'a MessagePartNRInformation is not one reference')
    return readReference(reference)
  })
}

function readError(element: XmlElement): As4Error {
  const code = attributeOf(element, 'errorCode') ?? ''
  const severity = attributeOf(element, 'severity') ?? 'failure'
  demand(/^[ -~]{1,64}$/.test(code), 'EBMS:0009', 'an error has no code')
  demand(severity === 'failure' || severity === 'warning', 'EBMS:0009', 'an error has an unknown severity')
  const text = (local: string): string | undefined => {
    const child = elementsOnly(element).find((each) => isEb(each, local))
    return child && textOf(child).slice(0, 4096)
  }
  const category = attributeOf(element, 'category')
  const description = text('Description')
  const errorDetail = text('ErrorDetail')
  return {
    code,
    severity,
    shortDescription: attributeOf(element, 'shortDescription') ?? '',
    ...(category === undefined ? {} : { category }),
    ...(description === undefined ? {} : { description }),
    ...(errorDetail === undefined ? {} : { errorDetail }),
  }
}
