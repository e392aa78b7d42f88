/**
 * The style of every page: A4 with what must be repeated in the heads of tables, since browsers repeat those and nothing else. No address,
 * no font and no picture from elsewhere. Fonts are those of the machine; the list ends with what each has.
 */
export const stylesheet = `
@page { size: A4; margin: 8mm 10mm 12mm;
  @bottom-center { content: "\\2066 " counter(page) " / " counter(pages) "\\2069"; font: 8pt sans-serif; } }
* { box-sizing: border-box; }
html { font: 8.5pt/1.25 "Noto Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "DejaVu Sans", "Liberation Sans", Arial, sans-serif;
  color: #000; background: #fff; }
html:lang(fa) { font-family: "Noto Naskh Arabic", "Noto Sans Arabic", "Noto Sans", "DejaVu Sans", Arial, sans-serif; }
body { margin: 0 auto; max-inline-size: 190mm; }
bdi, td, dd { overflow-wrap: anywhere; }
table { inline-size: 100%; border-collapse: collapse; table-layout: fixed; }
thead { display: table-header-group; }
td, th { padding: 0; vertical-align: top; text-align: start; font-weight: normal; }
.sheet + .sheet { break-before: page; }
.head { display: flex; align-items: flex-start; justify-content: space-between; gap: 6mm; padding-block-end: 2mm; }
.head h1, .head h2 { margin: 0; font-size: 13pt; line-height: 1.2; }
.head .second { font-size: 9.5pt; font-weight: normal; }
.number { inline-size: 82mm; flex: none; text-align: center; }
.code { display: block; inline-size: 82mm; block-size: 13mm; shape-rendering: crispEdges; }
.number bdi { font: 700 11pt "Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono", monospace; letter-spacing: 0.06em; }
.second { color: #444; font-size: 0.9em; }
.sep { color: #444; }
.head .sep { display: block; block-size: 0; overflow: hidden; }
dl { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); margin: 0; padding: 0.3mm 0 0 0.3mm; }
.box { grid-column: span var(--span, 3); padding: 0.8mm 1.2mm 1mm; border: 0.3mm solid #000; margin: -0.3mm 0 0 -0.3mm;
  break-inside: avoid; min-block-size: 8mm; }
.box.long { break-inside: auto; }
.w2 { --span: 2; } .w3 { --span: 3; } .w4 { --span: 4; } .w6 { --span: 6; } .w8 { --span: 8; } .w12 { --span: 12; }
dt, th { font-size: 6.8pt; line-height: 1.2; color: #222; }
dd { margin: 0; }
.lines > div + div { margin-block-start: 0.4mm; }
.small { font-size: 7.5pt; }
.strong { font-weight: 700; }
.amount { font-variant-numeric: tabular-nums; white-space: nowrap; }
.empty { block-size: 10mm; }
.grid th, .grid td { padding: 0.6mm 1.2mm; border: 0.3mm solid #000; }
.grid tr { break-inside: avoid; }
.grid thead .page { border: 0; padding: 0; }
.grid tr.part td { background: #eee; print-color-adjust: exact; }
.signed { margin-block-start: 3mm; }
.c8 { inline-size: 8%; } .c12 { inline-size: 12%; } .c14 { inline-size: 14%; } .c18 { inline-size: 18%; } .c20 { inline-size: 20%; } .c21 { inline-size: 21%; } .c24 { inline-size: 24%; } .c28 { inline-size: 28%; } .c29 { inline-size: 29%; }
.blank td { block-size: 9mm; }
h3 { margin: 1.6mm 0 0.6mm; font-size: 8.5pt; break-after: avoid; }
.stamp { margin-block-end: 2mm; padding: 1.5mm 3mm; border: 0.8mm solid #b00020; color: #b00020; text-align: center; font-weight: 700;
  print-color-adjust: exact; }
.dots { display: inline-block; inline-size: 70mm; border-block-end: 0.3mm dotted #b00020; }
.foot { margin-block-start: 2mm; font-size: 7pt; color: #222; }
@media screen { body { padding: 8mm 4mm; } .sheet + .sheet { margin-block-start: 10mm; } }
@media screen and (max-width: 600px) { .head { display: block; } .number, .code { inline-size: 100%; } .box { --span: 12; } }
`
