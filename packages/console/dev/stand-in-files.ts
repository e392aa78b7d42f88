import type { MovementFile, MovementFiles } from '../src/api/types.ts'

/** Files as each side of the stand-in's movements sees them. Everything is invented. */
export function filesOf(role: string): MovementFiles {
  const isDeparture = role === 'departure'
  const albania = { id: 'NTA.AL', name: 'Albania' }
  const kosovo = { id: 'NTA.XK', name: 'Kosovo' }
  const at = '2026-11-24T08:12:00.000Z'
  const file = (version: number): MovementFile => ({
    id: String(version),
    file: `0b8e1e0a-5a0e-4c0e-8f0a-2f1d3c4b5a6${version}`,
    document: { type: 'N380', name: 'Commercial invoice', reference: 'INV-2026-0417', item: null },
    version,
    replaces: version === 1 ? null : '0b8e1e0a-5a0e-4c0e-8f0a-2f1d3c4b5a61',
    superseded: version === 1,
    name: version === 1 ? 'Faturë.pdf' : 'Faturë e korrigjuar, me numrin e seksionit.pdf',
    mediaType: 'application/pdf',
    size: 181_204 * version,
    digest: `9f2c4a${version}`.padEnd(64, '0123456789abcdef'),
    origin: albania,
    addedBy: 'Adria Spedicion Shpk',
    addedAt: at,
    receivedAt: isDeparture ? null : '2026-11-24T09:40:00.000Z',
  })
  const office = { ref: 'XK000301', name: 'Prizren', country: 'XK' }
  const asked = {
    party: isDeparture ? kosovo : albania,
    office,
    officer: 'Mimoza Berisha',
    askedAt: at,
    document: null,
  }
  const direction = isDeparture ? 'in' : 'out'
  return {
    files: role === 'guarantee' ? [] : [file(1), file(2)],
    requests: [
      {
        ...asked,
        id: '2',
        direction,
        reason: 'The value looks low for goods of this kind',
        state: isDeparture ? 'waiting' : 'asked',
        code: '',
        note: '',
        settledAt: null,
        files: [],
        mayDecide: isDeparture,
      },
      {
        ...asked,
        id: '1',
        direction,
        document: { type: 'N380', reference: 'INV-2026-0417' },
        reason: 'Check of the invoice',
        state: 'given',
        code: '',
        note: '',
        settledAt: at,
        files: [{ name: 'Faturë.pdf', size: 181_204, outcome: 'taken' }],
        mayDecide: false,
      },
    ],
    mayAttach: isDeparture,
    mayAsk: isDeparture ? null : albania,
    documents: [{ type: 'N380', reference: 'INV-2026-0417', items: [] }],
    limits: { fileBytes: 5_242_880, movementBytes: 26_214_400, movementFiles: 50 },
  }
}
