/** Where the processes of a node tell each other that there is work: `inbox`, `outbox`, `batch`; nothing: some may have been missed. */
export const workChannel = 'exchange'
