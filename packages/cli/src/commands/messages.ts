import { UsageError } from '../arguments.ts'
import { bytes, count, list, show } from '../messages/look.ts'
import { approve, batch, batches, correct, refuse, result, trial } from '../messages/repair.ts'

const verbs: Readonly<Record<string, (typed: string[]) => Promise<number>>> = {
  list,
  count,
  show,
  document: bytes('document'),
  raw: bytes('raw'),
  receipt: bytes('receipt'),
  batch,
  batches,
  result,
  approve,
  refuse,
  correct,
  trial,
}

/** `corridor messages …`: the messages of a node, for its operators. */
export async function messages([what = '', ...typed]: string[]): Promise<number> {
  const verb = Object.hasOwn(verbs, what) ? verbs[what] : undefined
  if (verb === undefined) throw new UsageError(`Say what to do with messages: ${Object.keys(verbs).join(', ')}.`)
  return verb(typed)
}
