/** CORRIDOR_CHROMIUM, else the first of the usual names on the PATH; undefined when there is none. */
export function systemBrowser(): string | undefined
