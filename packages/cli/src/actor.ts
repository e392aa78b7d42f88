import { userInfo } from 'node:os'

/** Who does it, as the journal tells it: the account of this machine under which the command runs. */
export const actor = (): string => `command line (${userInfo().username})`
