import { roles } from '@corridor/registry'
import { list, nullable, object, oneOf, text, yesNo, type Schema } from './common.ts'

/** Named schemas of this file. */
export const sessionSchemas: Record<string, Schema> = {
  Session: object({
    user: object({
      id: text,
      name: text,
      role: oneOf(...roles),
      office: nullable(text),
      officeName: nullable(text),
      trader: { ...nullable(text), description: 'EORI' },
    }),
    node: object({ party: text, country: text, name: text, timeZone: text, declarations: yesNo, shares: yesNo }, [
      'timeZone',
      'declarations',
      'shares',
    ]),
    locale: text,
    locales: list(text),
  }),
}

/** Body of `POST /session`. */
export const signInBody = object({
  token: { ...text, maxLength: 200, description: 'From a sign-in link; once, for ten minutes' },
})

/** Body of `PATCH /session`. */
export const localeBody = object({ locale: { ...text, maxLength: 35, description: 'BCP 47' } })
