/** What a national system handed over, read in the form of that system. */
import type { Block, Form, FormFacts, FormFinding } from '@corridor/declarations'
import type { Wrong } from './national-system.ts'

/** Most that is told of one declaration: who reads it mends the first ones and sends it again. */
const mostWrong = 100

/** The block of a declaration, or what is wrong with it in the words of its own form. */
export function readHanded(
  bytes: Uint8Array,
  form: Form,
  facts: FormFacts,
):
  | { readonly block: Block; readonly wrong?: undefined }
  | { readonly wrong: readonly Wrong[]; readonly block?: undefined } {
  const { block, findings } = form.read(bytes, facts)
  if (block !== undefined && findings.length === 0) return { block }
  return { wrong: findings.slice(0, mostWrong).map(wrongOf) }
}

function wrongOf({ rule, at, path, line, value, text, remedy }: FormFinding): Wrong {
  const place = at ?? path
  return {
    rule,
    place: line === undefined || at !== undefined ? place : `${place} (line ${line})`,
    ...(value !== undefined && { value: value.slice(0, 200) }),
    text,
    remedy,
  }
}
