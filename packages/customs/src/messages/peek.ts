/** A document element stands near the start; what needs more than this before it is not one of ours. */
const peekedBytes = 4096

/**
 * The local name of the document element, looked up in the first bytes without parsing the document: to choose the table that then
 * reads it strictly. undefined when there is no start tag where one should be.
 */
export function peekRoot(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, peekedBytes))
  return /^\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->)[^])*-->\s*)*<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]/.exec(
    text,
  )?.[1]
}
