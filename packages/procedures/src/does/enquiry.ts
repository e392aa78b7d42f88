/**
 * Effects of an enquiry about a movement that did not arrive: of the competent authority, which is the office of departure, and of the
 * offices that it asks.
 */
import { afterDuration, type Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, fieldsOf, office, recordOf } from '../context.ts'
import { ProcedureFault } from '../faults.ts'
import { groups, numbered, present, text, texts } from '../read.ts'
import type { Asked, Enquiry, Send } from '../types.ts'
import { destinationOf, toTrader } from './departure.ts'
import { divertedTo } from './diversion.ts'

export const enquiryEffects: Record<string, (context: Context) => Change> = {
  enquire: (context) => {
    const offices = officesToEnquire(context)
    const words = context.event.kind === 'act' ? context.event.fields['text'] : undefined
    const send = offices.map((to) => ({
      type: 'CD142C',
      to: { office: to },
      answers: false,
      doc: {
        TransitOperation: { MRN: context.movement.mrn },
        CustomsOfficeOfDeparture: office(context.movement.office),
        CustomsOfficeOfRequest: office(to),
        CustomsOfficeOfEnquiryAtDeparture: office(context.movement.office),
        Enquiry: present({
          date: context.facts.today,
          text: words ?? context.movement.data.enquiry?.holder?.text,
          limitForTheEnquiryResponseDate: limitOf(context, 'enquiry-answer'),
        }),
      },
    }))
    return { data: { enquiry: { ...enquiryOf(context), offices, answers: [] } }, send, detail: offices.join(', ') }
  },
  'record-enquiry-answer': (context) => {
    const answer = answerIn(documentOf(context))
    return { data: { enquiry: withAnswer(context) }, detail: `${answer.office} ${answer.code}` }
  },
  'ask-holder': (context) => {
    const limit = limitOf(context, 'holder-answer')
    const today = context.facts.today
    return {
      data: { enquiry: { ...enquiryOf(context), holder: { askedAt: today, limit } } },
      ...toTrader(context, 'CC140C', {
        TransitOperation: {
          MRN: context.movement.mrn,
          requestOnNonArrivedMovementDate: today,
          limitForResponseDate: limit,
        },
        CustomsOfficeOfEnquiryAtDeparture: office(context.movement.office),
      }),
    }
  },
  'record-holder-answer': (context) => {
    const doc = documentOf(context)
    const holder = {
      ...enquiryOf(context).holder,
      answeredAt: context.facts.today,
      ...optional('office', text(doc, 'CustomsOfficeOfDestinationActual.referenceNumber')),
      ...optional('text', text(doc, 'Enquiry.text')),
    }
    return { data: { enquiry: { ...enquiryOf(context), holder } }, detail: holder.text ?? holder.office ?? '' }
  },
  'record-information-request': (context) => {
    const doc = documentOf(context)
    const asked: Asked = {
      for: 'information',
      by: text(doc, 'CompetentCustomsOfficeAtDestination.referenceNumber') ?? '',
      at: text(doc, 'Enquiry.enquiryRequestDate') ?? context.facts.today,
      what: texts(doc, 'RequestedInformation.code'),
      ...optional('text', text(doc, 'RequestedInformation.text')),
    }
    return { data: { asked: askedAfter(context, asked) }, detail: `${asked.by} ${(asked.what ?? []).join(' ')}` }
  },
  'give-information': (context) => {
    const asked = openQuestion(context, 'information')
    const fields = fieldsOf(context)
    const doc: Doc = {
      TransitOperation: { MRN: context.movement.mrn },
      CustomsOfficeOfDeparture: office(context.movement.office),
      CompetentCustomsOfficeAtDeparture: office(context.movement.office),
      CompetentCustomsOfficeAtDestination: office(asked.by),
      Enquiry: {
        enquiryRequestDate: asked.at,
        informationAvailableFromTrader: context.movement.data.enquiry?.holder?.answeredAt === undefined ? '0' : '1',
      },
      ResponseInformation: numbered([
        present({ informationCode: fields['informationCode'] ?? '', text: fields['text'] }),
      ]),
    }
    return answered(context, asked, 'CD144C', doc, fields['informationCode'])
  },
  /** Offices that were asked need not search any more: the movement arrived, or its end was proven otherwise. */
  'cancel-enquiry': (context) => ({
    send: enquiryOf(context).offices.map((to) => cancellation(context, to, 'The movement has ended.')),
  }),
}

/** Effects at the offices that are asked. */
export const enquiryAnswerEffects: Record<string, (context: Context) => Change> = {
  'record-enquiry': (context) => {
    const doc = documentOf(context)
    const asked: Asked = {
      for: 'enquiry',
      by: text(doc, 'CustomsOfficeOfEnquiryAtDeparture.referenceNumber') ?? '',
      at: text(doc, 'Enquiry.date') ?? context.facts.today,
      ...optional('text', text(doc, 'Enquiry.text')),
    }
    return {
      data: { asked: askedAfter(context, asked) },
      detail: text(doc, 'Enquiry.limitForTheEnquiryResponseDate') ?? '',
    }
  },
  'answer-enquiry': (context) => {
    const asked = openQuestion(context, 'enquiry')
    const fields = fieldsOf(context)
    const doc: Doc = {
      TransitOperation: { MRN: context.movement.mrn },
      CustomsOfficeOfRequest: office(context.movement.office),
      CustomsOfficeOfEnquiryAtDeparture: office(asked.by),
      Enquiry: present({
        enquiryResponseDate: context.facts.today,
        responseCode: fields['responseCode'] ?? '4',
        text: fields['text'],
        returnCopyReturnedDate: fields['returnCopyReturnedDate'],
      }),
    }
    return answered(context, asked, 'CD143C', doc, fields['responseCode'])
  },
  'ask-information': (context) => {
    const asked = openQuestion(context, 'enquiry')
    const fields = fieldsOf(context)
    const doc: Doc = {
      TransitOperation: { MRN: context.movement.mrn },
      CompetentCustomsOfficeAtDeparture: office(asked.by),
      CompetentCustomsOfficeAtDestination: office(context.movement.office),
      Enquiry: { enquiryRequestDate: context.facts.today },
      RequestedInformation: numbered([present({ code: fields['requestedInformation'] ?? '4', text: fields['text'] })]),
    }
    return {
      send: [{ type: 'CD145C', to: { office: asked.by }, doc, answers: false }],
      detail: fields['requestedInformation'] ?? '',
    }
  },
  'record-information': (context) => ({
    detail: groups(documentOf(context), 'ResponseInformation')
      .map((given) => [text(given, 'informationCode'), text(given, 'text')].filter(Boolean).join(' '))
      .join('; '),
  }),
  'end-enquiry': (context) => ({
    data: {
      asked: (context.movement.data.asked ?? []).filter((asked) => asked.for === 'information'),
      recovery: undefined,
    },
    detail: text(documentOf(context), 'TransitOperation.cancelEnquiryNotificationText') ?? '',
  }),
}

/** CD059C to an office that was asked. */
export function cancellation(context: Context, to: string, words: string): Send {
  const doc: Doc = {
    TransitOperation: {
      MRN: context.movement.mrn,
      cancelEnquiryNotificationDateAndTime: context.facts.now,
      cancelEnquiryNotificationText: words,
    },
    CustomsOfficeOfDeparture: office(context.movement.office),
    CustomsOfficeOfRequest: office(to),
  }
  return { type: 'CD059C', to: { office: to }, doc, answers: false }
}

/** What an office is asked and has not answered. @throws ProcedureFault MISSING_DATA when nothing of the kind is open */
export function openQuestion({ movement }: Context, about: Asked['for']): Asked {
  const found = (movement.data.asked ?? []).find((asked) => asked.for === about)
  if (found === undefined)
    throw new ProcedureFault('MISSING_DATA', `${movement.mrn}: no question about ${about} is open`)
  return found
}

/** The open questions with one more; the same question anew takes the place of the first. */
export function askedAfter({ movement }: Context, asked: Asked): Asked[] {
  return [...(movement.data.asked ?? []).filter((open) => open.for !== asked.for), asked]
}

/** A question is answered by a document to who asked it. */
export function answered(context: Context, asked: Asked, type: string, doc: Doc, detail = ''): Change {
  return {
    data: { asked: (context.movement.data.asked ?? []).filter((open) => open !== asked) },
    send: [{ type, to: { office: asked.by }, doc, answers: false }],
    detail,
  }
}

/** The enquiry with the answer that came (CD143C); an office that answers again is known by its last answer. */
export function withAnswer(context: Context): Enquiry {
  const enquiry = enquiryOf(context)
  const answer = answerIn(documentOf(context))
  return { ...enquiry, answers: [...enquiry.answers.filter(({ office: from }) => from !== answer.office), answer] }
}

function answerIn(doc: Doc): Enquiry['answers'][number] {
  return {
    office: text(doc, 'CustomsOfficeOfRequest.referenceNumber') ?? '',
    code: text(doc, 'Enquiry.responseCode') ?? '',
    ...optional('text', text(doc, 'Enquiry.text')),
  }
}

const enquiryOf = ({ movement }: Context): Enquiry => ({ offices: [], answers: [], ...movement.data.enquiry })

/** Offices of destination, those of transit of which no crossing is known, and where the holder says that the goods went. */
function officesToEnquire(context: Context): string[] {
  const { movement } = context
  const { data } = movement
  const crossed = new Set((data.crossings ?? []).map(({ office: reference }) => reference))
  const transit = [
    ...texts(recordOf(context), 'CustomsOfficeOfTransitDeclared.referenceNumber'),
    ...divertedTo(movement, 'transit'),
  ]
  const told = data.enquiry?.holder?.office
  const isKnown = told !== undefined && context.facts.office(told) !== undefined
  return [
    ...new Set([
      destinationOf(context),
      ...divertedTo(movement, 'destination'),
      ...transit.filter((each) => !crossed.has(each)),
      ...(isKnown ? [told] : []),
    ]),
  ]
}

/** The last day for an answer: when the timer that waits for it falls due. */
function limitOf({ law, facts }: Context, timer: string): string {
  return afterDuration(`${facts.today}T00:00:00`, law.timers.get(`departure ${timer}`)?.after ?? 'P28D').slice(0, 10)
}

function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, string>)
}
