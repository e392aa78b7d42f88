/** One thing that is wrong with a P-Mode: where (JSON pointer, RFC 6901), what, and what to do about it. */
export interface PModeFinding {
  place: string
  text: string
  remedy: string
}

/** What checking P-Modes came to. */
export type Checked<T> = { ok: true; value: T } | { ok: false; findings: PModeFinding[] }

/** A step of a JSON pointer. */
export function pointerStep(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
