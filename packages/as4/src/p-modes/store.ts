import type { X509Certificate } from 'node:crypto'
import type { PMode, UserMessageHeader } from '../model.ts'
import { matchesPMode } from '../p-mode.ts'
import { checkPModes, keyOf } from './check-all.ts'
import type { Checked, PModeFinding } from './finding.ts'
import { testPModeOf } from './messages.ts'

/** The certificates of a partner that a P-Mode holds. */
export type CertificateUse = 'partnerCertificate' | 'nextPartnerCertificate' | 'partnerEncryptionCertificate'

/** P-Modes in memory. Whatever is put in is checked beside what is there; what does not pass changes nothing. */
export interface PModeStore {
  list: () => PMode[]
  get: (id: string) => PMode | undefined
  create: (pmode: PMode) => Checked<PMode>
  /** Replaces the one with the same id. */
  replace: (pmode: PMode) => Checked<PMode>
  /** Whether there was one; not while another answers it. */
  delete: (id: string) => Checked<boolean>
  /** Replaces one certificate of a P-Mode, or takes it out. */
  setCertificate: (id: string, use: CertificateUse, certificate: X509Certificate | undefined) => Checked<PMode>
  /**
   * The P-Mode for a header, to be given to `open` (eDelivery AS4 1.15, 1.4.2.2): by parties, roles, service, action,
   * agreement and channel; for a message to the test service one of that service.
   */
  find: (header: UserMessageHeader) => PMode | undefined
  /** The P-Mode under which a channel is pulled. */
  findByMpc: (mpc: string) => PMode | undefined
}

/** Makes a store; `ok: false` when the P-Modes to start with do not pass. `now` is asked at each change, if given. */
export function createPModeStore(start: readonly PMode[] = [], now?: () => Date): Checked<PModeStore> {
  let pmodes: readonly PMode[] = []
  let index = new Map<string, PMode[]>()
  const change = <T>(next: readonly PMode[], value: T): Checked<T> => {
    const findings = checkPModes(next, now?.())
    if (findings.length > 0) return { ok: false, findings }
    pmodes = next
    index = indexOf(next)
    return { ok: true, value }
  }
  const missing = (id: string): { ok: false; findings: PModeFinding[] } => {
    const remedy = 'Create it first.'
    return { ok: false, findings: [{ place: '/id', text: `there is no P-Mode ${id}`, remedy }] }
  }
  const get = (id: string): PMode | undefined => pmodes.find((each) => each.id === id)
  const replace = (pmode: PMode): Checked<PMode> =>
    get(pmode.id)
      ? change(
          pmodes.map((each) => (each.id === pmode.id ? pmode : each)),
          pmode,
        )
      : missing(pmode.id)
  const store: PModeStore = {
    list: () => [...pmodes],
    get,
    create: (pmode) => change([...pmodes, pmode], pmode),
    replace,
    delete: (id) =>
      get(id)
        ? change(
            pmodes.filter((each) => each.id !== id),
            true,
          )
        : { ok: true, value: false },
    setCertificate: (id, use, certificate) => {
      const pmode = get(id)
      return pmode ? replace({ ...pmode, [use]: certificate }) : missing(id)
    },
    find: (header) => {
      const key = keyOf({ ...header, initiator: header.from, responder: header.to })
      return index.get(key)?.find((pmode) => matchesPMode(pmode, header))
    },
    findByMpc: (mpc) => pmodes.find((each) => each.mpc === mpc),
  }
  const begun = change(start, store)
  return begun
}

/** P-Modes and those of their test services; of two test services that are the same, the first. */
function indexOf(pmodes: readonly PMode[]): Map<string, PMode[]> {
  const index = new Map<string, PMode[]>()
  const tests = pmodes.map(testPModeOf).filter((each) => each !== undefined)
  for (const pmode of [...pmodes, ...tests]) {
    const key = keyOf(pmode)
    const list = index.get(key)
    if (list) list.push(pmode)
    else index.set(key, [pmode])
  }
  return index
}
