/** A table that uses what NCTS does not: namespaces, attributes, choices, sequences that repeat, lower bounds, no upper bound. */
import { compileMessages, type MessageTable, type Messages } from '../src/index.ts'

const head = 'depth\tname\toptionality\tcardinality\tformat\tcodelist\trules'
const prefixes = '#xmlns:ram\turn:test:ram\n#xmlns:link\turn:test:link'

const groups = `${prefixes}
#namespace\turn:test:invoice
#elements\tqualified
${head}
0\tParty
1\tram:Name\tR\t1x\tan..35
1\t@link:href\tO\t1x\tan..70
1\tram:Contact\tO\t2x
2\tram:Name\tR\t1x\tan..10
2\t@role\tR\t1x\ta2 capital`

const message = `#message\tTEST1
#title\tINVOICE
#namespace\turn:test:invoice
#elements\tqualified
#edition\t1.0
#root\tInvoice
${prefixes}
${head}
1\t@version\tR\t1x\tn1 flag
1\tID\tR\t1x\tan..17
1\tram:Seller\tR\t1x\t=Party
1\tram:Buyer\tD\t*x\t=Party\t\tR0001
1\tTotal\tR\t2..3x\tn..16,2
2\t@currencyID\tR\t1x\ta3 token\tCL048
2\t@rate\tO\t1x\tn..16,6
1\t(choice)\tR\t1x
2\tDueDate\tR\t1x\tdate
2\t(sequence)\tR\t1x
3\tDays\tR\t1x\tn..3
3\tDiscount\tO\t1x\tn..16,2
3\tram:Remark\tO\t3x\tan..35
1\t(sequence)\tO\t1x
2\tPlace\tR\t1x\tan..35
2\tSigned\tO\t1x\tdate
1\t(sequence Line)\tR\t*x
2\tNumber\tR\t1x\tn..5
2\tram:Text\tO\t1x\tan..35
2\t(choice)\tO\t1x
3\tQuantity\tR\t1x\tn..8
3\tWeight\tR\t1x\tn..16,3
1\t(choice Payment)\tO\t1x
2\tCash\tR\t1x\tn1 flag
2\tCard\tR\t1x\tan..19
1\tEnd\tO\t1x
2\tram:Stamp\tO\t1x\tan..5`

const formats = 'name\twhitespace\tpattern\tvalues\ncapital\ttext\t[A-Z]*\t\nflag\ttoken\t\t0 1'

/** The edition with that table alone. */
export function notationMessages(): Messages {
  return compileMessages({ messages: { TEST1: message }, groups, formats })
}

export const notationTable = (): MessageTable => notationMessages().get('TEST1')!

/** A document that uses all of it. */
export const notationDocument = {
  '@version': '1',
  ID: 'I-1',
  'ram:Seller': {
    '@link:href': 'https://a.example',
    'ram:Name': 'Müller',
    'ram:Contact': [{ '@role': 'AB', 'ram:Name': 'Ann' }],
  },
  'ram:Buyer': [{ 'ram:Name': 'B1' }, { 'ram:Name': 'B2' }],
  Total: [
    { '#text': '10.50', '@currencyID': 'EUR' },
    { '#text': '1234567.00', '@currencyID': 'ALL', '@rate': '102.450000' },
  ],
  Days: '30',
  Discount: '2.00',
  'ram:Remark': ['a', 'b'],
  Place: 'Korçë',
  Signed: '2026-11-24',
  Line: [{ Number: '1', 'ram:Text': 'x', Quantity: '5' }, { Number: '2', Weight: '1.250' }, { Number: '3' }],
  Payment: { Card: '4111' },
  End: { 'ram:Stamp': 's' },
}

/** Changes of the text of that document: what is replaced, by what, and whether the result is right as well. */
export const spoiltNotation: readonly (readonly [from: string | RegExp, to: string, verdict?: 'right'])[] = [
  [' version="1"', ''],
  ['version="1"', 'version="2"'],
  ['version="1"', 'ram:version="1"'],
  [' link:href="https://a.example"', '', 'right'],
  ['link:href', 'href'],
  ['<ram:Name>Müller</ram:Name>', '<Name>Müller</Name>'],
  [/<ram:Seller.*<\/ram:Seller>/, ''],
  ['<ID>I-1</ID>', '<ID xmlns="">I-1</ID>'],
  ['<ID>I-1</ID>', '<ram:ID>I-1</ram:ID>'],
  ['<ram:Name>Ann</ram:Name>', `<ram:Name>${'x'.repeat(11)}</ram:Name>`],
  [' role="AB"', ' role="Ab"'],
  [/(<ram:Buyer>.*?<\/ram:Buyer>)/, '$1$1$1$1', 'right'],
  [/<ram:Buyer>.*<\/ram:Buyer>/, '', 'right'],
  [/<Total currencyID="EUR">.*?<\/Total>/, ''],
  [/(<Total currencyID="EUR">.*?<\/Total>)/, '$1$1', 'right'],
  [/(<Total currencyID="EUR">.*?<\/Total>)/, '$1$1$1'],
  [' currencyID="EUR"', ''],
  ['>10.50<', '>10,50<'],
  ['<Days>30</Days>', '<DueDate>2026-11-24</DueDate>'],
  [/<Days>.*<\/ram:Remark>/, '<DueDate>2026-11-24</DueDate>', 'right'],
  [/<Days>.*<\/ram:Remark>/, ''],
  ['<Days>30</Days>', ''],
  ['<Discount>2.00</Discount>', '', 'right'],
  [/(<ram:Remark>)/, '<ram:Remark>1</ram:Remark><ram:Remark>2</ram:Remark>$1'],
  ['<Place>Korçë</Place>', ''],
  [/<Place>.*<\/Signed>/, '', 'right'],
  ['<Number>2</Number>', ''],
  ['<Weight>1.250</Weight>', '<Quantity>1</Quantity><Weight>1.250</Weight>'],
  ['<Quantity>5</Quantity>', '<Weight>5</Weight>', 'right'],
  [/<Number>.*<Number>3<\/Number>/, ''],
  ['<Card>4111</Card>', '<Cash>1</Cash><Card>4111</Card>'],
  ['<Card>4111</Card>', '<Cash>1</Cash>', 'right'],
  ['<Card>4111</Card>', '', 'right'],
  ['<ram:Stamp>s</ram:Stamp>', '', 'right'],
  ['<ram:Stamp>s</ram:Stamp>', '<ram:Stamp x="1">s</ram:Stamp>'],
  ['<ram:Stamp>', 'text<ram:Stamp>'],
]
