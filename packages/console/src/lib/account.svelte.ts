import { ask, Problem, whenSignedOut } from '../api/client.ts'
import type { Session } from '../api/types.ts'
import { forgetAnswers } from './resource.svelte.ts'
import { speak } from './language.svelte.ts'
import { forgetDrafts } from './storage.ts'

/** Who is signed in. `undefined` until the node was asked, `null` when nobody is. */
class Account {
  session = $state.raw<Session | null | undefined>()
  problem = $state.raw<Problem | undefined>()
}

export const account = new Account()

/** Asks the node who is signed in. Nobody is an answer; a silent node is a problem that the page shows. */
export async function recallSession(): Promise<void> {
  account.problem = undefined
  try {
    await adopt(await ask<Session>('/session'))
  } catch (fault) {
    if (fault instanceof Problem && fault.status === 401) account.session = null
    else account.problem = fault as Problem
  }
}

async function adopt(session: Session): Promise<void> {
  await speak(session.locale)
  account.session = session
}

/** Exchanges the token of a one-time link for a session. Throws the node's problem: used, expired or unknown. */
export async function signIn(token: string): Promise<void> {
  await adopt(await ask<Session>('/session', { method: 'POST', body: { token } }))
}

/** Ends the session here and at the node, and forgets what was on the screen. */
export async function signOut(): Promise<void> {
  await ask('/session', { method: 'DELETE' })
  forgetDrafts()
  dropSession()
}

// A session that ended by itself keeps its drafts: they bear the person's name, and the same person may come back.
function dropSession(): void {
  forgetAnswers()
  account.session = null
}

whenSignedOut(dropSession)

/** Sets the person's language, at the node (it follows the person) and here. */
export async function setLocale(locale: string): Promise<void> {
  await speak(locale)
  if (account.session) await adopt(await ask<Session>('/session', { method: 'PATCH', body: { locale } }))
}
