const PAUSE_MS = 150

/**
 * Words that are sought while they are typed and live in the address. What the address says comes into the field, unless it is only what
 * was typed a moment ago: then the field is ahead.
 */
export class Typing {
  words = $state('')
  #sent = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #send: (words: string) => void

  /** To be made while a component is made. `inAddress` is what the address says, `send` puts words there. */
  constructor(inAddress: () => string, send: (words: string) => void) {
    this.#send = send
    $effect(() => {
      const given = inAddress()
      if (given === this.#sent) return
      this.#sent = given
      this.words = given
    })
    $effect(() => () => clearTimeout(this.#timer))
  }

  /** The field has other words: they are sought when the hands rest. */
  typed(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#sent = this.words.trim()
      this.#send(this.#sent)
    }, PAUSE_MS)
  }
}
