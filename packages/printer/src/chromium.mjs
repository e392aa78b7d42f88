// Where a Chromium is on this machine. Plain JavaScript: `npm test` asks before anything is installed, the browser tests ask again.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * CORRIDOR_CHROMIUM, else the first of the usual names on the PATH; undefined when there is none.
 * @returns {string | undefined}
 */
export function systemBrowser() {
  if (process.env.CORRIDOR_CHROMIUM) return process.env.CORRIDOR_CHROMIUM
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
}
