import { mount } from 'svelte'
import App from './app.svelte'
import { recallSession } from './lib/account.svelte.ts'
import { lastLocale, speak } from './lib/language.svelte.ts'
import { startPlace } from './lib/place.svelte.ts'
import { settings } from './lib/settings.svelte.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/print.css'

settings.apply()
startPlace()
// Both at once: the words of the last language most often are those that the session will ask for.
const words = speak(lastLocale())
const session = words.then(recallSession)
void words.then(() => mount(App, { target: document.getElementById('app') as HTMLElement }))
void session
