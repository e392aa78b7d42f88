/** What is wrong with the hub's own tables, not with a message. */
export type HubFaultCode = 'copies-table'

const remedies: Record<HubFaultCode, string> = {
  'copies-table': 'Mend the line of the table of copies that is named; docs/hub.md says what may stand in it.',
}

/** A fault of this room; the message says where and what to do. */
export class HubFault extends Error {
  readonly code: HubFaultCode

  constructor(code: HubFaultCode, where: string) {
    super(`${where}. ${remedies[code]}`)
    this.name = 'HubFault'
    this.code = code
  }
}
