/** The faults of this room: what an operator meets when a node does not start. Each says what to do. */
export const faultCatalogue = {
  CORRIDOR_UNKNOWN: 'There is no corridor of this name. The names are those of the folders in corridors/.',
  CORRIDOR_FILE: 'The corridor file is wrong at the place named. Mend it and start again.',
  STORY_UNKNOWN: 'npx --no corridor play <corridor> --list lists the stories of a corridor.',
  DEMONSTRATION_KEYS:
    'With DATABASE_URL set this is a real node, and it does not run on demonstration certificates. Give it certificates of your own authority.',
  KEY_FILE: 'A key or certificate file is missing or cannot be used.',
  CERTIFICATE_UNFIT: 'A node works with no certificate that its partners would refuse, or that is somebody else’s.',
  PORT_TAKEN: 'Another program listens on this port. Stop it, or give another port in the corridor file.',
  NEEDS_RESTART:
    'The node runs on as it was. Stop it and start it again to change this; anything else in the file is taken up while it runs.',
  CLOCK_AHEAD: 'Only a demonstration’s clock may be moved, for a story or a test, and only forward.',
  BACKUP_DAMAGED: 'Nothing was restored from it. Take another copy of this backup, or an older backup.',
  BACKUP_KEY: 'A backup opens with the data key of the node that it was taken of, as it was then.',
  BACKUP_NEWER: 'Restore it with the program that made it, or a newer one.',
  BACKUP_PLACE: 'Name another folder.',
  BACKUP_NOT_NOW: 'Nothing was changed. Try again when that is so.',
  ALREADY_RUNS:
    'Use the one that runs (npx --no corridor login gives new sign-in links), or stop it first with Ctrl-C.',
  NODE_FAILED: 'A node did not start. What it said is above.',
  EVIDENCE_TOO_LARGE:
    'Take its messages one by one: corridor messages list --mrn, then document, raw and receipt of each.',
  NO_RECEIPT: 'The partner’s node did not take what the story’s stand-in sent. Its log says why.',
} as const

/** A coded fault of the node room; `message` is what the operator sees. */
export class NodeFault extends Error {
  readonly code: keyof typeof faultCatalogue
  constructor(code: keyof typeof faultCatalogue, detail: string) {
    super(`${detail}\n${faultCatalogue[code]}`)
    this.name = 'NodeFault'
    this.code = code
  }
}
