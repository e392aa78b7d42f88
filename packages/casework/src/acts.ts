import { addDays, isDate, isMrn } from '@corridor/customs'
import { isUniqueViolation, type Tx } from '@corridor/database'
import { type Act, type ActField, actsOf, choicesOf, type Law, type Movement, NO_RECORD } from '@corridor/procedures'
import { type Account, deskOf, findMovement, type IdempotentRequest, rememberAnswer } from '@corridor/registry'
import { asMovement, decideAndApply } from './apply.ts'
import { localDay, plainFacts } from './facts.ts'
import type { CaseworkPorts } from './ports.ts'
import type { ActOutcome, ActRefusal, ActRequest, Done, FieldError } from './view.ts'
import { movementView } from './views/movement.ts'

/**
 * An officer's act, decided and made in one transaction together with the memory of its idempotency key.
 * The officer's role and office choose the record: nobody can act on another office's.
 */
export async function act(
  ports: CaseworkPorts,
  account: Account,
  mrn: string,
  request: ActRequest,
): Promise<ActOutcome> {
  try {
    return await onceFor(ports, request.idempotency, (tx) => actOnce(ports, tx, account, mrn, request))
  } catch (error) {
    // Another officer, or a document, made the record between our look and our writing of it.
    if (!isUniqueViolation(error)) throw error
    return { kind: 'conflict', detail: 'The movement became known here at this moment. Look at it again.' }
  }
}

/** Does work of an officer in one transaction together with the memory of its idempotency key: a repeat gets the first answer again. */
export async function onceFor<Answer extends object>(
  ports: CaseworkPorts,
  idempotency: IdempotentRequest,
  work: (tx: Tx) => Promise<Done<Answer> | ActRefusal>,
): Promise<Done<Answer> | ActRefusal> {
  let outcome: Done<Answer> | ActRefusal | undefined
  const remembered = await ports.db.transaction(async (tx) => {
    outcome = undefined
    return rememberAnswer<Omit<Done<Answer>, 'kind'>>(tx, idempotency, ports.clock(), async () => {
      const made = await work(tx)
      outcome = made
      if (made.kind !== 'done') return { status: 409, response: undefined as unknown as Omit<Done<Answer>, 'kind'> }
      const { kind: _, ...response } = made
      return { status: 200, response }
    })
  })
  if (remembered.kind === 'key-reused') return { kind: 'key-reused' }
  if (remembered.kind === 'repeat') return { kind: 'done', ...remembered.response }
  return outcome ?? { kind: 'not-found' }
}

async function actOnce(
  ports: CaseworkPorts,
  tx: Tx,
  account: Account,
  mrn: string,
  request: ActRequest,
): Promise<ActOutcome> {
  const desk = deskOf(account)
  if (desk === undefined) return { kind: 'forbidden', detail: 'Only an officer at an office can act.' }
  const { office, role } = desk
  const stored = await findMovement(tx, mrn, role, office)
  const known = ports.law.acts.find((candidate) => candidate.role === role && candidate.act === request.act)
  // Some acts begin with an MRN alone: the office asks for what it does not have.
  const mayBegin =
    known !== undefined && isMrn(mrn) && ports.law.machines[role].find(NO_RECORD, `act:${known.act}`).length > 0
  if (stored === undefined && !mayBegin) return { kind: 'not-found' }
  if (known === undefined)
    return { kind: 'forbidden', detail: `The act ${request.act} is not one of the role ${role}.` }
  const movement = asMovement(ports, stored, role, office, mrn)
  const version = stored?.version ?? 0
  const possible = actsOf(ports.law, movement, plainFacts(ports)).some((candidate) => candidate.act === known.act)
  if (!possible || version !== request.version) {
    const detail =
      stored === undefined
        ? `The movement ${mrn} has no record here, and no administration of this corridor allocated its MRN.`
        : `The movement is in state ${stored.state}, version ${version}; the act was decided on version ${request.version}.`
    return { kind: 'conflict', detail, version }
  }
  const read = readFields(ports.law, known, request.fields, localDay(ports), movement)
  if (read.errors.length > 0) return { kind: 'invalid', errors: read.errors }
  const event = { kind: 'act' as const, act: known.act, fields: read.fields, office }
  const applied = await decideAndApply(
    ports,
    tx,
    stored,
    movement,
    event,
    { actor: account.id, office },
    { conversation: mrn },
  )
  if (applied.outcome !== 'applied')
    return { kind: 'conflict', detail: `The movement is in state ${movement.state}.`, version }
  const view = await movementView(ports, tx, account, mrn)
  return view === undefined ? { kind: 'not-found' } : { kind: 'done', movement: view }
}

/**
 * The fields of an act as the decision gets them, and what is wrong with them. Unknown fields are refused.
 * @param today the day where the officer is: no later one can be recorded
 * @param movement what the act is on: some codes are for some movements only
 */
export function readFields(
  law: Law,
  act: Act,
  given: ActRequest['fields'],
  today: string,
  movement?: Movement,
): { fields: Record<string, string>; errors: FieldError[] } {
  const fields: Record<string, string> = {}
  const errors: FieldError[] = []
  for (const name of Object.keys(given)) {
    if (!act.fields.some((field) => field.name === name))
      errors.push({ field: name, remedy: `The act ${act.act} has no field of this name.` })
  }
  for (const field of act.fields) {
    const value = String(given[field.name] ?? '').trim()
    if (value === '') {
      if (field.required) errors.push({ field: field.name, remedy: 'Fill this in.' })
      continue
    }
    const remedy = wrongWith(law, field, value, today, movement)
    if (remedy === undefined) fields[field.name] = value
    else errors.push({ field: field.name, value: value.slice(0, 200), remedy })
  }
  return { fields, errors }
}

function wrongWith(
  law: Law,
  field: ActField,
  value: string,
  today: string,
  movement: Movement | undefined,
): string | undefined {
  if (field.kind === 'code') {
    const codes = choicesOf(law, field, movement).map((choice) => choice.code)
    return codes.includes(value) ? undefined : `Choose one of ${codes.join(', ')}.`
  }
  if (field.kind === 'date') {
    if (!isDate(value)) return 'Give a date as yyyy-mm-dd.'
    if (field.format === 'date-ahead') {
      const last = addDays(today, mostDaysAhead)
      return value < today || value > last ? `Give a day from ${today} to ${last}.` : undefined
    }
    return value > today ? 'A day in the future cannot be recorded.' : undefined
  }
  if (field.kind === 'time')
    return /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : 'Give a time of day as hh:mm, from 00:00 to 23:59.'
  if (field.kind === 'number') {
    const [least = 0, most = 0] = field.format.split('..').map(Number)
    const isWithin = /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most
    return isWithin ? undefined : `Give a whole number from ${least} to ${most}.`
  }
  if (field.kind === 'amount')
    return /^\d{1,14}(\.\d{1,2})?$/.test(value) ? undefined : 'Give an amount in digits, with two decimals at most.'
  if (field.list !== '' && law.codeLists.knows(field.list) && !law.codeLists.has(field.list, value, today))
    return `Give a code of ${field.list}.`
  const longest = maxLengthOf(field)
  // Control, line and direction characters would change how the text reads on another screen; half characters and the two that are none
  // (U+FFFE, U+FFFF) can be stored and sent nowhere.
  if (/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Bidi_Control}|[\uFFFE\uFFFF]/u.test(value))
    return 'Use letters, digits and punctuation only; no line breaks or hidden characters.'
  const several = /^an\.\.(\d+) list$/.exec(field.format)?.[1]
  if (several !== undefined && value.split(' ').some((each) => each.length > Number(several)))
    return `Separate them by spaces; each has ${several} characters at most.`
  return value.length > longest ? `Shorten this to ${longest} characters.` : undefined
}

/** Days ahead that an officer may set a limit. */
const mostDaysAhead = 365

/** The length that a text field's format (`an..512`) allows. */
export const maxLengthOf = (field: ActField): number => Number(/\.\.(\d+)$/.exec(field.format)?.[1] ?? 512)
