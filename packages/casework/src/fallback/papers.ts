import { fallbackForms, fallbackRegister } from '@corridor/paper'
import { type Account, findMode, papersOf } from '@corridor/registry'
import { type PaperOutcome, type PaperPorts, type PaperWish, readingOf } from '../papers.ts'
import { type FallbackPaper, papersOfMode } from './printable.ts'
import { fallbackDesk, idOf, numberOf } from './view.ts'

/** The unused forms of a fallback mode of the officer's own office, or its register: to be printed before the systems are away. */
export async function fallbackPaper(
  ports: PaperPorts,
  account: Account,
  id: string,
  kind: FallbackPaper,
  wish: PaperWish = {},
): Promise<PaperOutcome> {
  const desk = fallbackDesk(account)
  const mode = await findMode(ports.db, numberOf(id))
  if (desk === undefined || mode?.office !== desk.office || mode.role !== desk.role) return { kind: 'not-found' }
  if (!papersOfMode(mode).includes(kind))
    return {
      kind: 'conflict',
      detail: 'Forms are printed while a fallback mode is prepared or open, its register until it is closed.',
    }
  const papers = await papersOf(ports.db, mode.id)
  const printed = papers.filter(({ state }) => kind === 'register' || state === 'reserved').map(({ mrn }) => mrn)
  if (printed.length === 0)
    return { kind: 'conflict', detail: 'No unused form is left in this mode. Reserve more numbers.' }
  const reading = readingOf(ports, account, undefined, wish)
  const content = { number: mode.number, office: mode.office, mrns: printed }
  const html = kind === 'forms' ? fallbackForms(reading, content) : fallbackRegister(reading, content)
  return { kind: 'paper', html, number: idOf(mode.number) }
}
