/**
 * Does something again and again while the page can be seen: for what is told by nobody.
 * @returns how to stop
 */
export function lookAgain(everyMs: number, look: () => unknown): () => void {
  const timer = setInterval(() => {
    if (!document.hidden) look()
  }, everyMs)
  return () => clearInterval(timer)
}
