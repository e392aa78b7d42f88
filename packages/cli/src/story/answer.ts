/** Whether everything that is wanted of an answer is in it; a list holds each thing wanted somewhere. */
export function holds(answer: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(answer) && wanted.every((one) => answer.some((each) => holds(each, one)))
  if (typeof wanted !== 'object' || wanted === null) return answer === wanted
  if (typeof answer !== 'object' || answer === null) return false
  return Object.entries(wanted).every(([name, value]) => holds((answer as Record<string, unknown>)[name], value))
}

/**
 * What a step keeps of an answer, by name: members by their path, `files.0.id`.
 * @throws Error for one that is not there, or is no text or number
 */
export function keptOf(answer: unknown, keep: Record<string, string>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, path] of Object.entries(keep)) {
    let value = answer
    for (const member of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[member]
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`the answer has no “${path}”`)
    kept[name] = String(value)
  }
  return kept
}
