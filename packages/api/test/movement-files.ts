import type { MovementFiles } from '@corridor/casework'

/** Files with every member that there can be. */
export const movementFiles: MovementFiles = {
  files: [
    {
      id: '7',
      file: '0b8e1e0a-5a0e-4c0e-8f0a-2f1d3c4b5a69',
      document: { type: 'N380', name: 'Commercial invoice', reference: 'INV-1', item: 1 },
      version: 2,
      replaces: '1b8e1e0a-5a0e-4c0e-8f0a-2f1d3c4b5a69',
      superseded: false,
      name: 'Faturë 1.pdf',
      mediaType: 'application/pdf',
      size: 1200,
      digest: 'ab'.repeat(32),
      origin: { id: 'NTA.AL', name: 'Albania' },
      addedBy: 'Trans Adria',
      addedAt: '2026-11-24T08:00:00.000Z',
      receivedAt: '2026-11-24T08:01:00.000Z',
    },
  ],
  requests: [
    {
      id: '3',
      direction: 'in',
      party: { id: 'NTA.XK', name: 'Kosovo' },
      office: { ref: 'XK000301', name: 'Prizren', country: 'XK' },
      officer: 'Mimoza Berisha',
      askedAt: '2026-11-24T08:00:00.000Z',
      document: { type: 'N380', reference: 'INV-1' },
      reason: 'The value looks low',
      state: 'waiting',
      code: '',
      note: '',
      settledAt: null,
      files: [{ name: 'Faturë 1.pdf', size: 1200, outcome: 'taken' }],
      mayDecide: true,
    },
  ],
  mayAttach: true,
  mayAsk: { id: 'NTA.XK', name: 'Kosovo' },
  documents: [{ type: 'N380', reference: 'INV-1', items: [1] }],
  limits: { fileBytes: 5_242_880, movementBytes: 26_214_400, movementFiles: 50 },
}
