/** A document element stands near the start; what needs more than this before it is not one of ours. */
const peekedBytes = 4096

/** What the first start tag says. */
export interface Peeked {
  /** local name of the document element */
  readonly root: string
  /** '' when none is declared for it in the first bytes */
  readonly namespace: string
  /** its attribute PhaseID */
  readonly phase: string | undefined
}

/**
 * The document element, looked up in the first bytes without parsing the document: to choose the table that then reads it strictly.
 * undefined when there is no start tag where one should be.
 */
export function peek(bytes: Uint8Array): Peeked | undefined {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, peekedBytes))
  const start =
    /^\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->)[^])*-->\s*)*<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)((?=[\s/>])[^>]*)/.exec(
      text,
    )
  if (!start) return undefined
  const [, prefix, root = '', attributes = ''] = start
  const value = (name: string): string | undefined => {
    const found = [...attributes.matchAll(/\s([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].find(
      ([, each]) => each === name,
    )
    return found?.[2] ?? found?.[3]
  }
  return { root, namespace: value(prefix === undefined ? 'xmlns' : `xmlns:${prefix}`) ?? '', phase: value('PhaseID') }
}
