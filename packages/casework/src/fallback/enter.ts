import { type Finding } from '@corridor/customs'
import { takesDocument, text } from '@corridor/procedures'
import { type Account, findMode, type IdempotentRequest, papersOf } from '@corridor/registry'
import { onceFor } from '../acts.ts'
import { conversationOfRecord } from '../apply.ts'
import type { FallbackActOutcome } from '../fallback-view.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { FieldError } from '../view.ts'
import { fallbackDesk, fallbackView, modeOf, numberOf } from './view.ts'

/** Findings that an officer is told at once; the file is mended and sent again. */
const mostFindings = 10

/**
 * An officer enters the declaration of a registered form for its declarant: the file (CC015C) is committed to the inbox as if the declarant
 * had posted it, and is decided like any other. What is wrong with its form is said at once; what breaks a rule stands in the journal of
 * the mode, and in the mailbox of the declarant.
 */
export async function enterPaper(
  ports: CaseworkPorts,
  account: Account,
  id: string,
  mrn: string,
  file: { xml: Uint8Array; idempotency: IdempotentRequest },
): Promise<FallbackActOutcome> {
  const { xml, idempotency } = file
  return onceFor(ports, idempotency, async (tx): Promise<FallbackActOutcome> => {
    const desk = fallbackDesk(account)
    const stored = await findMode(tx, numberOf(id))
    if (desk === undefined || stored?.office !== desk.office || stored.role !== desk.role) return { kind: 'not-found' }
    const paper = (await papersOf(tx, stored.id)).find((each) => each.mrn === mrn)
    if (paper === undefined) return { kind: 'not-found' }
    const { registered } = paper
    if (registered === null || !takesDocument(ports.law, { ...paper, mode: modeOf(stored) }, 'CC015C'))
      return { kind: 'conflict', detail: 'A declaration is entered for a form that is registered and not entered yet.' }
    const errors = wrongWith(ports, xml, [registered.lrn, mrn])
    if (errors.length > 0) return { kind: 'invalid', errors }
    const { declarant, lrn } = registered
    await ports.exchange.submit(tx, {
      sender: declarant,
      messageId: `${ports.newId()}@${ports.domain}`,
      link: 'api',
      recipient: ports.directory.party,
      conversation: conversationOfRecord({ mrn: '', lrn, data: { trader: declarant } }) ?? lrn,
      documentType: 'CC015C',
      payload: xml,
    })
    await ports.exchange.journal(tx, [
      {
        kind: 'fallback',
        conversation: stored.number,
        actor: account.id,
        office: desk.office,
        detail: { code: 'fallback-submitted', at: desk.office, note: mrn },
      },
    ])
    const view = await fallbackView(ports, tx, account, id)
    return view === undefined ? { kind: 'not-found' } : { kind: 'done', fallback: view }
  })
}

/** @param lrns that the declaration may have: the one on the form, or its MRN */
function wrongWith({ law }: CaseworkPorts, xml: Uint8Array, lrns: string[]): FieldError[] {
  const wrong = (remedy: string, value?: string): FieldError[] => [{ field: 'file', ...(value && { value }), remedy }]
  const { type, root = '' } = law.messages.identify(xml)
  const table = type === 'CC015C' ? law.messages.get(type) : undefined
  if (table === undefined) return wrong('Send the declaration of the form as a file CC015C.', root)
  const { document, findings } = table.read(xml)
  if (findings.length > 0)
    return findings.slice(0, mostFindings).flatMap((finding) => wrong(remedyOf(finding), finding.value))
  const lrn = text(document, 'TransitOperation.LRN') ?? ''
  return lrns.includes(lrn) ? [] : wrong(`Its LRN must be the one on the form, or the MRN: ${lrns.join(', ')}.`, lrn)
}

const remedyOf = ({ path, remedy }: Finding): string => `${path}: ${remedy}`
