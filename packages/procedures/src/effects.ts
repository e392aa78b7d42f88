import type { Change, Context } from './context.ts'
import { declarationEffects } from './does/declaration.ts'
import { departureGuaranteeEffects } from './does/departure-guarantee.ts'
import { departureEffects } from './does/departure.ts'
import { destinationEffects } from './does/destination.ts'
import { discrepancyEffects } from './does/discrepancy.ts'
import { enquiryAnswerEffects, enquiryEffects } from './does/enquiry.ts'
import { guaranteeEffects } from './does/guarantee.ts'
import { paperMovementEffects } from './does/paper.ts'
import { invalidationEffects } from './does/invalidation.ts'
import { recoveryEffects } from './does/recovery.ts'
import { diversionEffects } from './does/diversion.ts'
import { exitEffects } from './does/exit.ts'
import { exportEffects } from './does/export.ts'
import { incidentEffects } from './does/incident.ts'
import { queryEffects } from './does/query.ts'
import { transitEffects } from './does/transit.ts'
import { refusalEffects } from './refusals.ts'
import { timerEffects } from './timers.ts'

/** Every effect that a machine row may name; `name:argument` passes the argument. */
export const effects: Record<string, (context: Context, argument: string) => Change> = {
  ...departureEffects,
  ...declarationEffects,
  ...departureGuaranteeEffects,
  ...transitEffects,
  ...destinationEffects,
  ...diversionEffects,
  ...incidentEffects,
  ...exitEffects,
  ...exportEffects,
  ...queryEffects,
  ...guaranteeEffects,
  ...invalidationEffects,
  ...discrepancyEffects,
  ...enquiryEffects,
  ...enquiryAnswerEffects,
  ...recoveryEffects,
  ...paperMovementEffects,
  ...refusalEffects,
  ...timerEffects,
  wait: (context) => ({ waits: `${context.movement.role} is in state ${context.movement.state}` }),
}
