/** An ebCore party identifier type taken apart (OASIS ebCore Party Id Type 1.0, 2). */
export interface EbCoreType {
  catalog: 'iso6523' | 'iso9735' | 'unregistered'
  /** The scheme in the catalogue, such as `0088`; of the unregistered ones any name, or none. */
  scheme: string | undefined
}

/** How every ebCore party identifier type starts. */
export const EBCORE = 'urn:oasis:names:tc:ebcore:partyid-type:'

/** Reads an ebCore party identifier type; undefined for anything else. */
export function readEbCoreType(type: string): EbCoreType | undefined {
  const found = /^(iso6523|iso9735|unregistered)(?::([A-Za-z0-9()+,.:=@;$_!*'%/?#-]+))?$/.exec(
    type.startsWith(EBCORE) ? type.slice(EBCORE.length) : '',
  )
  if (!found) return undefined
  const catalog = found[1] as EbCoreType['catalog']
  const scheme = found[2]
  const sound = catalog === 'unregistered' || (scheme !== undefined && /^[A-Za-z0-9]{1,10}$/.test(scheme))
  return sound ? { catalog, scheme } : undefined
}

/** The type of an identifier of an ISO 6523 scheme, such as `0088` for a GLN. */
export function iso6523(scheme: string): string {
  return `${EBCORE}iso6523:${scheme}`
}
