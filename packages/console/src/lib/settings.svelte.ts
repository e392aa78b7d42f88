import { read, write } from './storage.ts'

export type Theme = 'system' | 'light' | 'dark'
export const themes: readonly Theme[] = ['system', 'light', 'dark']

/** What the person set for this machine: colours, row height, and whether single keys work. */
class Settings {
  theme = $state<Theme>(themes.find((name) => name === read('theme')) ?? 'system')
  comfortable = $state(read('rows') === 'comfortable')
  keys = $state(read('keys') !== 'off')

  setTheme(theme: Theme): void {
    this.theme = theme
    write('theme', theme === 'system' ? undefined : theme)
    this.apply()
  }

  setComfortable(on: boolean): void {
    this.comfortable = on
    write('rows', on ? 'comfortable' : undefined)
    this.apply()
  }

  setKeys(on: boolean): void {
    this.keys = on
    write('keys', on ? undefined : 'off')
  }

  apply(): void {
    const root = document.documentElement
    if (this.theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = this.theme
    if (this.comfortable) root.dataset['rows'] = 'comfortable'
    else delete root.dataset['rows']
  }
}

export const settings = new Settings()
