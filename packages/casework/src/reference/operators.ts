/** The economic operators that administrations publish: who is known by name, address and authorisations. */
import {
  baseOf,
  type EconomicOperator,
  economicOperatorOf,
  isInForce,
  operatorsList,
  type Validity,
} from '@corridor/customs'
import type { Database } from '@corridor/database'
import { reference } from '@corridor/registry'
import type { Trader } from '../directory.ts'
import type { CodeListSources } from './code-lists.ts'
import { Refresh } from './refresh.ts'

/** The operators of a running node. */
export interface CurrentOperators {
  /** An operator as of a day (`yyyy-mm-dd`), with the authorisations that are valid then; undefined when nobody published him. */
  operator(id: string, day: string): Trader | undefined
  settled(): Promise<void>
  stop(): Promise<void>
}

/** An operator for the days on which an administration publishes him so. */
interface Published extends Validity {
  operator: EconomicOperator
}

/** Takes operators from the store and follows its changes, as code lists are followed. */
export async function followOperators(
  sources: Pick<CodeListSources, 'db' | 'log' | 'later'>,
): Promise<CurrentOperators> {
  let operators = new Map<string, Published[]>()
  const takeUp = async (): Promise<void> => {
    operators = await operatorsIn(sources.db)
  }
  const failed = (_: readonly string[], error: unknown) =>
    sources.log('warn', 'reference.not-taken-up', { lists: [operatorsList], error })
  const refresh = new Refresh(takeUp, failed, sources.later)
  const stopHearing = await reference.onReferenceChange(sources.db, (list) => {
    if (list === '' || baseOf(list) === operatorsList) refresh.hear([operatorsList])
  })
  await refresh.start([operatorsList]).catch(async (error: unknown) => {
    await stopHearing()
    throw error
  })
  return {
    operator: (id, day) => {
      const found = operators.get(id)?.find((each) => isInForce(each, day))
      return found && traderOf(found.operator, day)
    },
    settled: () => refresh.settled(),
    stop: async () => {
      await stopHearing()
      await refresh.stop()
    },
  }
}

async function operatorsIn(db: Database): Promise<Map<string, Published[]>> {
  const operators = new Map<string, Published[]>()
  for (const { id, published } of await reference.listsInUse(db, [operatorsList]))
    for await (const entry of reference.exportList(db, id, published)) {
      const { code, validFrom, validTo } = entry
      const known = operators.get(code) ?? []
      operators.set(code, [...known, { validFrom, validTo, operator: economicOperatorOf(entry) }])
    }
  return operators
}

function traderOf({ eori: id, country, addresses, authorisations }: EconomicOperator, day: string): Trader {
  const [first] = addresses
  const { name = id, streetAndNumber = '', postalCode = '', city = '' } = first ?? {}
  return {
    id,
    name,
    address: { streetAndNumber, ...(postalCode !== '' && { postcode: postalCode }), city, country },
    authorisations: authorisations
      .filter((each) => each.status === 'valid' && isInForce(each, day))
      .map(({ type }) => type),
  }
}
