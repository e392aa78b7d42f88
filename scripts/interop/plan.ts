/** One exchange, as one value of each dimension. */
export interface Case {
  direction: 'to-phase4' | 'from-phase4'
  profile: 'edelivery1' | 'edelivery2-eddsa' | 'edelivery2-ecdsa' | 'ics2'
  protection: 'sign' | 'sign+encrypt'
  parts: 1 | 3
  compressed: boolean
  token: 'x509v3' | 'key-identifier' | 'issuer-serial' | 'x509-pki-path'
  size: '10 kB' | '1 MB'
}

type Dimensions = { [Name in keyof Case]: readonly Case[Name][] }

const DIMENSIONS: Dimensions = {
  direction: ['to-phase4', 'from-phase4'],
  profile: ['edelivery1', 'edelivery2-eddsa', 'edelivery2-ecdsa', 'ics2'],
  protection: ['sign', 'sign+encrypt'],
  parts: [1, 3],
  compressed: [true, false],
  token: ['x509v3', 'key-identifier', 'issuer-serial', 'x509-pki-path'],
  size: ['10 kB', '1 MB'],
}

/** ICS2 leaves no choice: signed only, the whole path, compressed (HTI ICD 3.30, 4.1.1.3, 4.6.2). */
function exists({ profile, protection, compressed, token }: Case): boolean {
  return profile !== 'ics2' || (protection === 'sign' && compressed && token === 'x509-pki-path')
}

/** Every combination that there is. */
export function allCases(): Case[] {
  let cases: Partial<Case>[] = [{}]
  for (const [name, values] of Object.entries(DIMENSIONS)) {
    cases = cases.flatMap((each) => (values as readonly unknown[]).map((value) => ({ ...each, [name]: value })))
  }
  return (cases as Case[]).filter(exists)
}

/**
 * So few combinations that each pair of values of two dimensions, if it exists, is in one of them at least, and that each
 * direction of each profile has each protection and each token.
 */
export function pairwiseCases(): Case[] {
  const all = allCases()
  const open = new Set(all.flatMap(pairsOf))
  const chosen: Case[] = []
  while (open.size > 0) {
    let best: Case | undefined
    let most = 0
    for (const each of all) {
      const covers = pairsOf(each).filter((pair) => open.has(pair)).length
      if (covers > most) [best, most] = [each, covers]
    }
    if (!best) break
    chosen.push(best)
    for (const pair of pairsOf(best)) open.delete(pair)
  }
  return chosen
}

function pairsOf(each: Case): string[] {
  const values = Object.entries(each).map(([name, value]) => `${name}=${value}`)
  const pairs = values.flatMap((a, at) => values.slice(at + 1).map((b) => `${a}&${b}`))
  const leg = `${each.direction}&${each.profile}`
  return [...pairs, `${leg}&${each.protection}`, `${leg}&${each.token}`]
}
