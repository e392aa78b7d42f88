/** What a shell reports of a program whose reader went away (128 + SIGPIPE). */
const brokenPipe = 141

/**
 * Writes to standard output, or standard error, and waits until it is out: a slow reader slows the work down instead of filling memory, and nothing is lost
 * when the program then exits. Ends the program when nobody reads any more (`… | head`).
 */
export function print(text: string | Uint8Array, to: NodeJS.WriteStream = process.stdout): Promise<void> {
  return new Promise((resolve, reject) => {
    to.once('error', onError)
    to.write(text, (error) => {
      if (error) return onError(error)
      to.off('error', onError)
      resolve()
    })
    function onError(error: Error): void {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(brokenPipe)
      reject(error)
    }
  })
}
