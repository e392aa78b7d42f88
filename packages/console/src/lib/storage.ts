/**
 * Small settings of this machine (theme, rows, last language). A browser that forbids storage loses the setting, not
 * the page.
 */
export function read(name: string): string | undefined {
  try {
    return localStorage.getItem(`corridor.${name}`) ?? undefined
  } catch {
    return undefined
  }
}

/** Keeps a setting; without a value, forgets it. */
export function write(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`corridor.${name}`)
    else localStorage.setItem(`corridor.${name}`, value)
  } catch {
    // Forbidden or full: the setting holds for this page only.
  }
}

/** A draft of a form: kept for this tab until it is sent, so that leaving a page loses nothing. */
export function readDraft<T>(name: string): T | undefined {
  try {
    const kept = sessionStorage.getItem(`corridor.draft.${name}`)
    return kept === null ? undefined : (JSON.parse(kept) as T)
  } catch {
    return undefined
  }
}

/** Keeps a draft; without a value, forgets it. */
export function writeDraft(name: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(`corridor.draft.${name}`)
    else sessionStorage.setItem(`corridor.draft.${name}`, JSON.stringify(value))
  } catch {
    // As above: the draft then lives as long as the page.
  }
}

/** Forgets every draft of this tab: the next person at this machine must not find them. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith('corridor.draft.')) sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}
