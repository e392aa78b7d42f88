/** Takes what the national system releases into the node, and gives it what is for it. */
import type { DeclarationCasework, DeclarationOutcome, TransitCasework, TransitOutcome } from '@corridor/casework'
import { type Acceptance, type Handed, type NationalSystem, pump, readHanded } from '@corridor/connectors'
import type { Database } from '@corridor/database'
import type { Block, Form, FormFacts } from '@corridor/declarations'
import { Loop } from '@corridor/exchange'
import { declared } from '@corridor/registry'
import type { LogLine } from '../log.ts'

/** What is between a node and a national system. */
export interface NationalDesk {
  readonly system: NationalSystem
  /** Form of its declarations, what that leaves unsaid, and who takes them. */
  readonly declarations?: {
    readonly form: Form
    readonly facts: FormFacts
    readonly casework: Pick<DeclarationCasework, 'take'>
  }
  /** Who takes documents of the transit procedure. */
  readonly transit?: TransitCasework
  readonly db: Database
  readonly clock: () => Date
  readonly log: LogLine
}

/** How often the national system is asked, where nothing else wakes the node. */
const pollMs = 1_000
const atOnce = 20

/**
 * Keeps both directions going. Each thing is committed under its own id before the system hears of it, and a result is noted as given after
 * the system has it: a kill in between hands the same once more, and it has no second effect.
 * @returns how to stop
 */
export function keepNational(desk: NationalDesk): () => Promise<void> {
  const { log } = desk
  const loop = (name: string, step: () => Promise<boolean>): Loop => {
    let isAway = false
    return new Loop({
      lanes: 1,
      pollMs,
      step: async () => {
        const more = await step()
        if (isAway) log('info', 'national.back', { loop: name })
        isAway = false
        return more
      },
      // Said once: it is asked every second.
      onFault: (error) => {
        if (!isAway) log('warn', 'national.away', { loop: name, error })
        isAway = true
      },
    })
  }
  const loops = [loop('take', () => take(desk)), loop('give', () => give(desk))]
  for (const each of loops) each.start()
  return async () => {
    for (const each of loops) await each.stop()
    await desk.system.close()
  }
}

async function take(desk: NationalDesk): Promise<boolean> {
  const { accepted, again, setAside } = await pump(desk.system, (handed) => accept(desk, handed), atOnce)
  if (accepted + setAside > 0) desk.log('info', 'national.taken', { accepted, again, setAside })
  return accepted + again + setAside > 0
}

async function accept({ declarations, transit }: NationalDesk, handed: Handed): Promise<Acceptance> {
  const source = { id: `national-${handed.id}`, actor: 'national-system', event: handed.event }
  // A system may hand over both: the first element of a document of the procedure says that it is one.
  if (transit !== undefined && (declarations === undefined || transit.isDocument(handed.bytes)))
    return acceptanceOf(await transit.take(source, handed.declaration, handed.bytes))
  if (declarations === undefined) throw new Error('nothing is taken from this national system')
  const { form, facts, casework } = declarations
  const { block, wrong } = readHanded(handed.bytes, form, facts)
  if (wrong !== undefined) return { wrong }
  return acceptanceOf(await casework.take(source, block))
}

function acceptanceOf(outcome: DeclarationOutcome | TransitOutcome): Acceptance {
  // What a system hands over has an id of its own, which it uses once.
  if (outcome.kind === 'again' || outcome.kind === 'key-reused') return 'again'
  if (outcome.kind !== 'wrong') return 'accepted'
  return {
    wrong: outcome.findings.map(({ rule, path: place, value, text, remedy }) => ({
      rule,
      place,
      ...(value !== '' && { value }),
      text,
      remedy,
    })),
  }
}

async function give({ system, declarations, db, clock, log }: NationalDesk): Promise<boolean> {
  const waiting = await declared.resultsWaiting(db, atOnce)
  for (const { number, id, declaration, kind, content } of waiting) {
    const { bytes, mediaType } = written(content, declarations)
    const given = await system.give({ id, declaration, kind, mediaType, bytes })
    // Only another program could have given something else under this id: it is told, and not tried for ever.
    if (given === 'conflict') log('error', 'national.conflict', { result: id })
    await declared.resultGiven(db, number, clock())
  }
  if (waiting.length > 0) log('info', 'national.given', { results: waiting.length })
  return waiting.length === atOnce
}

function written(
  content: declared.NationalResult['content'],
  declarations: NationalDesk['declarations'],
): { bytes: Uint8Array; mediaType: string } {
  if ('document' in content) return { bytes: content.document, mediaType: 'application/xml' }
  if ('note' in content) return { bytes: Buffer.from(JSON.stringify(content.note)), mediaType: 'application/json' }
  // One that has no form any more gets a block as it is kept.
  if (declarations === undefined) return { bytes: content.block, mediaType: 'application/json' }
  const { form, facts } = declarations
  const { UtilityBlock } = JSON.parse(Buffer.from(content.block).toString('utf8')) as { UtilityBlock: Block }
  return { bytes: form.write(UtilityBlock, facts).bytes, mediaType: form.mediaType }
}
