const catalogue = {
  'connectors.mapping':
    'Correct the mapping at the place that is named; docs/connectors.md says what may stand in a mapping.',
  'connectors.no-role': 'Create the database role first, or correct its name in the mapping.',
  'connectors.no-table': 'Correct the name of the table, column or function in the mapping.',
  'connectors.not-owner': 'Install as the owner of the table: a trigger is made by nobody else.',
  'connectors.waiting':
    'Let the gateway take what waits first, or say --discard: then what waits in the outbox is lost to the gateway.',
  'connectors.not-installed': 'Install the triggers first: corridor connect triggers --install.',
  'connectors.folder': 'Give a folder that the node may read and write, on one file system with its parts.',
  'connectors.remote': 'Look at the national system: it does not answer as docs/connectors.md says.',
  'connectors.unreachable': 'Look whether the national system runs and can be reached. It is tried again by itself.',
} as const

/** Codes of this room's faults. */
export type ConnectorsFaultCode = keyof typeof catalogue

/** A coded fault of a connection to a national system. What is wrong with a declaration is never a fault. */
export class ConnectorsFault extends Error {
  readonly code: ConnectorsFaultCode
  readonly remedy: string

  constructor(code: ConnectorsFaultCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause })
    this.name = 'ConnectorsFault'
    this.code = code
    this.remedy = catalogue[code]
  }
}
