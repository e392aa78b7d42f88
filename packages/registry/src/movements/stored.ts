import type { Movement, MovementData, Role } from '@corridor/procedures'

/** A record as it is stored: what the decision sees, and what the store adds. */
export interface StoredMovement extends Omit<Movement, 'secrets'> {
  id: string
  trader: string
  version: number
  createdAt: Date
  updatedAt: Date
  /** Sealed access codes, or null; not in what is read for screens. */
  sealedSecrets: Uint8Array | null
}

/** The columns of `movement` as the driver gives them. */
export interface MovementRow {
  id: number
  role: Role
  office: string
  mrn: string
  lrn: string
  trader: string
  state: string
  version: number
  data: MovementData
  secrets?: Uint8Array | null
  created_at: Date
  updated_at: Date
}

/** A record from its row. */
export function storedMovement(row: MovementRow): StoredMovement {
  const { created_at: createdAt, updated_at: updatedAt, secrets, id, ...rest } = row
  return { ...rest, id: String(id), createdAt, updatedAt, sealedSecrets: secrets ?? null }
}
