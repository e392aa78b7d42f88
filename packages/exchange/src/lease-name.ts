import { createHash } from 'node:crypto'

/** The name under which a process leases: a UUID from an id that nobody else has. */
export function leaseName(id: string): string {
  const digest = createHash('sha256').update(id).digest('hex')
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
