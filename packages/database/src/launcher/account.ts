import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseFault } from '../faults.ts'

/** Under whom PostgreSQL runs; without a uid it is the account of this process. */
export interface Account {
  uid?: number
  gid?: number
  name: string
}

/** Preferred accounts when we are root: PostgreSQL's own if the system has it, else one that owns nothing. */
const candidates = ['postgres', 'nobody', 'daemon']

/**
 * initdb and postgres refuse to run as root, so root has to lend them another account. A data folder that exists decides: it must
 * stay with its owner even if a better account has appeared since.
 */
export function chooseAccount(data: string, passwdFile = '/etc/passwd'): Account {
  if (process.getuid?.() !== 0) return { name: 'this account' }
  const owner = statSync(data, { throwIfNoEntry: false })
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: `uid ${owner.uid}` }
  const accounts = readAccounts(passwdFile)
  const found = candidates.map((name) => accounts.find((account) => account.name === name)).find(Boolean)
  if (found === undefined) throw new DatabaseFault('launcher.no-account', `none of ${candidates.join(', ')}`)
  return found
}

function readAccounts(passwdFile: string): Account[] {
  const lines = readFileSync(passwdFile, 'utf8').split('\n')
  return lines
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter((account) => Number.isInteger(account.uid) && account.uid > 0 && Number.isInteger(account.gid))
}

/** Whether the account may pass through every folder of the path (POSIX mode bits; access control lists are not looked at). */
export function mayTraverse(path: string, account: Account): boolean {
  if (account.uid === undefined) return true
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = statSync(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
