import { As4Fault } from '../faults.ts'
import { edelivery115 } from './edelivery-1.15.ts'
import { edelivery20, edelivery20Ec } from './edelivery-2.0.ts'
import { ics2 } from './ics2.ts'
import type { Profile } from './profile.ts'

/** The profiles that come with the library, by name. */
export const PROFILES: Readonly<Record<string, Profile>> = Object.fromEntries(
  [edelivery115, edelivery20, edelivery20Ec, ics2].map((profile) => [profile.name, profile]),
)

/** The profile that a P-Mode names, or brings along. Throws {@link As4Fault} `unknown-profile`. */
export function profileOf(profile: string | Profile): Profile {
  if (typeof profile !== 'string') return profile
  const found = Object.hasOwn(PROFILES, profile) ? PROFILES[profile] : undefined
  if (!found) throw new As4Fault('unknown-profile', `There is no profile ${JSON.stringify(profile.slice(0, 80))}`)
  return found
}
