import assert from 'node:assert/strict'
import { type Decision, text } from '../../src/index.ts'
import { errorsOf, type Sent, type Stage } from '../stage.ts'

/** Something that happens in the procedure, with what must come of it. */
export type Scene = [name: string, play: () => void]

/** The decision refused the document: by which, and with which errors as `pointer code reason value`. */
export function refusedBy(stage: Stage, decision: Decision, type: string, errors: string[]): Sent {
  assert.equal(decision.outcome, 'kept')
  assert.ok(decision.outcome === 'kept' && decision.event === 'refused-document')
  assert.equal(decision.send.length, 1)
  const sent = stage.lastTold(type)
  assert.equal(sent.answers, true)
  assert.deepEqual(
    errorsOf(sent).map((error) => error.map((part) => part ?? '-').join(' ')),
    errors,
  )
  return sent
}

/** The decision moved the record (or stayed) and was noted as an event. */
export function moved(decision: Decision, state: string, event?: string): void {
  assert.equal(decision.outcome, 'moved', JSON.stringify(decision))
  assert.ok(decision.outcome === 'moved')
  assert.deepEqual([decision.movement.state, decision.event], [state, event])
}

/** Nothing new: nothing is saved, nothing is sent. */
export function nothingNew(decision: Decision): void {
  assert.deepEqual(decision, { outcome: 'kept', send: [] })
}

export const rejectionReason = (sent: Sent): string => text(sent.doc, 'TransitOperation.rejectionReason') ?? ''
