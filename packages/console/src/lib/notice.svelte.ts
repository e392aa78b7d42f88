/** What is said politely to everybody, and read out to those who do not see: results of acts, counts. */
class Notice {
  text = $state('')
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Says something; it stays for ten seconds or until the next word. */
  say(text: string): void {
    clearTimeout(this.#timer)
    this.text = text
    this.#timer = setTimeout(() => this.hush(), 10_000)
  }

  hush(): void {
    clearTimeout(this.#timer)
    this.text = ''
  }
}

export const notice = new Notice()
