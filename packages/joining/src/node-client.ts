import { setTimeout as pause } from 'node:timers/promises'
import { issueToken, type NodeSettings, revokeToken } from '@corridor/node'
import { JoinFault } from './faults.ts'

/** What is read of an officer's page. */
export interface MovementPage {
  mrn: string
  version: number
  status: { code: string }
  acts: { act: string }[]
  messages: {
    messageId: string
    type: string
    direction: 'in' | 'out'
    state: string
    to: { id: string }
    from: { id: string }
  }[]
}

/** A document in a trader's mailbox. */
export interface MailboxItem {
  type: string
  mrn: string | null
  /** Message id of the document that it answers. */
  refTo: string | null
}

/** The API of a node on this machine, as one account uses it. */
export interface NodeClient {
  /** @returns the message id that the document was given */
  submit(xml: string, key: string): Promise<string>
  act(page: MovementPage, act: string, fields: Record<string, string>): Promise<void>
  movement(mrn: string): Promise<MovementPage | undefined>
  movements(): Promise<{ mrn: string; status: { code: string } }[]>
  /** What came after the last `passOver`; without one, from the beginning. */
  mailbox(): Promise<MailboxItem[]>
  /** What is in the mailbox now counts as seen. */
  passOver(): Promise<void>
  /** Ends its token. */
  signOff(): Promise<void>
}

const perTryMs = 20_000

/** Signs in for an account, by a token of its own that ends with `signOff`. */
export async function clientFor(settings: NodeSettings, account: string, name: string): Promise<NodeClient> {
  const label = `${name} ${new Date().toISOString()}`
  const token = await issueToken(settings, account, label)
  const ask = async (method: string, path: string, more: { key?: string; body?: string; type?: string } = {}) => {
    const { key, body, type } = more
    let response: Response
    try {
      response = await fetch(`http://127.0.0.1:${settings.ports.api}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(type !== undefined && { 'content-type': type }),
        },
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(perTryMs),
      })
    } catch (error) {
      throw new JoinFault(
        'join.no-answer',
        `Our own node does not answer at port ${settings.ports.api}: ${(error as Error).message}.`,
      )
    }
    if (response.ok || response.status === 404) return response
    throw new JoinFault(
      'join.no-answer',
      `${method} ${path}: HTTP ${response.status} ${(await response.text()).slice(0, 500)}`,
    )
  }
  let since: string | undefined
  const page = async () => {
    const query = since === undefined ? '' : `?since=${encodeURIComponent(since)}`
    return (await (await ask('GET', `/messages${query}`)).json()) as { items: MailboxItem[]; next: string }
  }
  return {
    submit: async (xml, key) => {
      const response = await ask('POST', '/messages', { key, body: xml, type: 'application/xml' })
      return ((await response.json()) as { messageId: string }).messageId
    },
    act: async ({ mrn, version }, act, fields) => {
      const body = JSON.stringify({ act, version, fields })
      await ask('POST', `/movements/${mrn}/acts`, { key: `${mrn}-${act}-${version}`, body, type: 'application/json' })
    },
    movement: async (mrn) => {
      const response = await ask('GET', `/movements/${mrn}`)
      return response.status === 404 ? undefined : ((await response.json()) as MovementPage)
    },
    movements: async () =>
      ((await (await ask('GET', '/movements')).json()) as { items: { mrn: string; status: { code: string } }[] }).items,
    mailbox: async () => (await page()).items,
    passOver: async () => {
      for (;;) {
        const { items, next } = await page()
        if (items.length === 0) return
        since = next
      }
    },
    signOff: async () => void (await revokeToken(settings, account, label)),
  }
}

/** Asks until there is an answer; undefined when there is none in time. */
export async function until<T>(patienceMs: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || performance.now() > deadline) return answer
    await pause(250)
  }
}
