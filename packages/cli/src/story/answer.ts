/** Whether everything that is wanted of an answer is in it; a list holds each thing wanted somewhere. */
export function holds(answer: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(answer) && wanted.every((one) => answer.some((each) => holds(each, one)))
  if (typeof wanted !== 'object' || wanted === null) return answer === wanted
  if (typeof answer !== 'object' || answer === null) return false
  return Object.entries(wanted).every(([name, value]) => holds((answer as Record<string, unknown>)[name], value))
}

/** The member at a path of names separated by dots; undefined when it is not there. */
export function memberOf(answer: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((found, name) => (found as Record<string, unknown> | undefined)?.[name], answer)
}
