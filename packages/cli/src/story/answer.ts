/** Whether everything that is wanted of an answer is in it; a list holds each thing wanted somewhere. */
export function holds(answer: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(answer) && wanted.every((one) => answer.some((each) => holds(each, one)))
  if (typeof wanted !== 'object' || wanted === null) return answer === wanted
  if (typeof answer !== 'object' || answer === null) return false
  return Object.entries(wanted).every(([name, value]) => holds((answer as Record<string, unknown>)[name], value))
}

/** What stands in an answer at a path of names and numbers: `availability.unavailabilities.0.startsAt`. */
export function memberAt(answer: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (there, name) =>
        typeof there === 'object' && there !== null ? (there as Record<string, unknown>)[name] : undefined,
      answer,
    )
}
