/** What is wrong with declaration data, as it is told to others. */
import type { Finding } from '@corridor/customs'
import { type Block, textAt } from '@corridor/declarations'
import type { declared } from '@corridor/registry'
import { mostFindings } from './documents.ts'
import type { DeclarationPorts } from './settings.ts'

/** A refusal of the procedure; the value is what the block has at its place, or what is told beside the block. */
export function refusalOf({ law }: DeclarationPorts, id: string, said?: Block | string): declared.DeclarationFinding {
  const { path, text, remedy } = law.refusal(id)
  const ofBlock = typeof said !== 'object' || path === '/' ? '' : (textAt(said, path) ?? '')
  const value = typeof said === 'string' ? said : ofBlock
  return crossing({ rule: id, path: path === '/' ? path : `/UtilityBlock/${path}`, value, text, remedy })
}

/** Findings of a block. */
export function findingsOf(findings: readonly Finding[]): declared.DeclarationFinding[] {
  return findings
    .slice(0, mostFindings)
    .map(({ rule, path, value = '', text, remedy }) => crossing({ rule, path, value, text, remedy }))
}

/** Control characters of what others wrote stay with them: the receiver of an answer takes none. */
function crossing({ rule, path, value, text, remedy }: declared.DeclarationFinding): declared.DeclarationFinding {
  const plain = (given: string, most: number): string =>
    given
      .replaceAll(/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Bidi_Control}/gu, ' ')
      .slice(0, most)
      .toWellFormed()
  return {
    rule: plain(rule, 40),
    path: plain(path, 500),
    value: plain(value, 200),
    text: plain(text, 1000),
    remedy: plain(remedy, 1000),
  }
}
