/** The style of a message page: the console's colours and measures, no font and no image from elsewhere. */
export const style = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #10151b);
  --surface: light-dark(#f5f6f8, #1a2027);
  --line: light-dark(#d9dde3, #303842);
  --edge: light-dark(#7b8592, #7d8894);
  --text: light-dark(#141b24, #e9ecf0);
  --muted: light-dark(#55606d, #a7b0bb);
  --accent: light-dark(#0b5cad, #6fb3f5);
  --soft: light-dark(#e0ecf9, #16324f);
  --on-soft: light-dark(#0b4f97, #9accff);
  --warn: light-dark(#764800, #f3c15c);
  --warn-soft: light-dark(#fdeecd, #3b2b08);
  --ok: light-dark(#0a6437, #7ed8a4);
  --sans: system-ui, 'Noto Sans', 'Segoe UI', sans-serif;
  --mono: ui-monospace, 'DejaVu Sans Mono', 'Noto Sans Mono', Menlo, Consolas, monospace;
  --gutter: clamp(16px, 3vw, 40px);
  --step: 18px;
}
* { box-sizing: border-box; }
html { scroll-padding-block-start: 66px; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 0 var(--gutter); max-inline-size: 1400px; background: var(--page); color: var(--text); font: 14px/20px var(--sans); }
code { font-family: var(--mono); font-size: 0.93em; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid #ffb000; outline-offset: 1px; }
.skip { position: absolute; inset-block-start: -60px; }
.skip:focus { inset-block-start: 8px; }
.quiet, small, figcaption, footer { color: var(--muted); }
small { font-size: inherit; font-weight: 400; }
article:target, .formats div:target { background: var(--warn-soft); }

header { padding-block-start: 32px; }
.over { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 4px; color: var(--muted); font-family: var(--mono); font-size: 13px; }
h1 { margin: 0 0 20px; font-size: 30px; line-height: 36px; font-weight: 650; letter-spacing: -0.01em; }
h1 code { color: var(--accent); font-size: 1em; letter-spacing: 0; margin-inline-end: 8px; }
h2 { margin: 40px 0 12px; font-size: 19px; line-height: 24px; font-weight: 650; }
.figures { display: flex; flex-wrap: wrap; gap: 12px 36px; margin: 0; }
.figures dt { color: var(--muted); font-size: 12px; line-height: 16px; }
.figures dd { margin: 0; font-size: 16px; line-height: 22px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }

figure { margin: 20px 0 0; }
.scroll { overflow-x: auto; }
svg { display: block; inline-size: 100%; min-inline-size: 880px; block-size: auto; font-family: var(--sans); font-size: 11.5px; }
svg text { fill: var(--text); }
svg .two { font-size: 9.5px; }
svg .often { fill: var(--muted); }
.bar { fill: var(--page); stroke: var(--edge); stroke-width: 1; rx: 2px; }
.bar.R { fill: var(--soft); stroke: var(--accent); }
.bar.D { fill: var(--warn-soft); stroke: var(--warn); stroke-dasharray: 3 2; }
.bar.root { fill: var(--text); stroke: var(--text); }
svg text.on-root { fill: var(--page); font-family: var(--mono); font-weight: 600; }
a:hover .bar { stroke-width: 2; }
a:hover text { text-decoration: underline; }
.tick { fill: var(--page); stroke: var(--edge); stroke-width: 0.7; }
.tick.R { fill: var(--edge); }
.tick.D { fill: var(--warn-soft); stroke: var(--warn); }
figcaption { margin-block: 10px 4px; font-size: 13px; }
.key { display: inline-block; white-space: nowrap; margin-inline: 4px 8px; }
.key i { display: inline-block; inline-size: 18px; block-size: 10px; margin-inline-end: 5px; border: 1px solid var(--edge); border-radius: 2px; }
.key .R { background: var(--soft); border-color: var(--accent); }
.key .D { background: var(--warn-soft); border: 1px dashed var(--warn); }

.columns { display: grid; grid-template-columns: 250px minmax(0, 1fr); gap: 40px; align-items: start; }
nav { position: sticky; inset-block-start: 0; max-block-size: 100vh; overflow: auto; margin-block-start: 28px; padding-block: 16px 24px; font-size: 13px; line-height: 18px; scrollbar-width: thin; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav ul ul { margin-inline-start: 6px; padding-inline-start: 10px; border-inline-start: 1px solid var(--line); }
nav li a { display: block; padding-block: 3px; color: var(--text); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
nav ul ul a { color: var(--muted); }
nav a:hover { color: var(--accent); }
nav p a { padding-block: 3px; }
nav p { display: flex; gap: 14px; margin: 0 0 12px; padding-block-end: 12px; border-block-end: 1px solid var(--line); }

table { inline-size: 100%; table-layout: fixed; border-collapse: separate; border-spacing: 0; }
thead th { background: var(--page); border-block-end: 1px solid var(--edge); padding: 8px 10px 7px; text-align: start; font-size: 12px; line-height: 16px; font-weight: 500; color: var(--muted); }
tbody th, td { line-height: 24px; padding: 4px 10px; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top; font-weight: 400; }
tbody th { padding-inline-start: calc(10px + (var(--depth) - 1) * var(--step)); background-image: repeating-linear-gradient(to right, transparent 0 13px, var(--line) 13px 14px, transparent 14px var(--step)); background-size: calc((var(--depth) - 1) * var(--step)) 100%; background-repeat: no-repeat; }
.name, .format a, .chip, .status { display: inline-block; vertical-align: top; }
.name { font-family: var(--mono); font-size: 13px; color: var(--text); overflow-wrap: anywhere; }
.group th, .group td { background-color: var(--surface); }
.group .name { font-weight: 650; }
/* A row that sticks below the head must not be kept away from it when it is the target. */
.top { position: sticky; inset-block-start: 32px; z-index: 1; scroll-margin-block-start: -34px; }
.top th, .top td { border-block-start: 1px solid var(--edge); }
tbody tr:target th, tbody tr:target td { background-color: var(--warn-soft); }
.status { margin-block: 2px; min-inline-size: 20px; padding-inline: 5px; border: 1px solid var(--edge); border-radius: 4px; font-size: 12px; line-height: 18px; text-align: center; text-decoration: none; cursor: help; }
.status.R { background: var(--soft); border-color: var(--accent); color: var(--on-soft); font-weight: 650; }
.status.D { background: var(--warn-soft); border: 1px dashed var(--warn); color: var(--warn); }
.often { color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; }
.often.many { color: var(--text); font-weight: 650; }
.format a { color: var(--text); }
.chip { font-family: var(--mono); font-size: 12px; line-height: 22px; padding-inline: 5px; margin: 0 2px 2px 0; border: 1px solid var(--line); border-radius: 4px; }
summary { cursor: pointer; padding-block: 2px; }
.codes details, .codes summary { display: inline; }
.codes summary { list-style: none; white-space: nowrap; }
.codes summary::-webkit-details-marker { display: none; }
.codes summary::after { content: ' ▾'; }
.codes [open] summary::after { content: ' ▴'; }
.values { margin: 4px 0 6px; display: grid; gap: 1px 0; font-size: 13px; line-height: 18px; }
.values div, .formats div { display: grid; grid-template-columns: minmax(22px, max-content) 1fr; gap: 8px; }
.values dd, .formats dd { margin: 0; }
.added { margin: 4px 0 0; padding-inline-start: 10px; border-inline-start: 3px solid var(--accent); }
section article { display: grid; grid-template-columns: 180px minmax(0, 1fr); gap: 4px 20px; padding-block: 12px; border-block-start: 1px solid var(--line); }
section article:target { box-shadow: -12px 0 0 var(--warn-soft), 12px 0 0 var(--warn-soft); }
h3 { margin: 0; font-size: 14px; line-height: 20px; font-weight: 650; }
h3 small { display: block; font-size: 13px; line-height: 18px; overflow-wrap: anywhere; }
article p { margin: 0 0 4px; max-inline-size: 80ch; }
.state { font-size: 13px; line-height: 18px; color: var(--muted); }
.state span { color: var(--muted); }
.state.yes { color: var(--ok); }
.state.yes::before { content: '✓ '; }
.state.no { color: var(--warn); }
.state.no::before { content: '◇ '; }
.where { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 14px; font-family: var(--mono); font-size: 12px; line-height: 18px; overflow-wrap: anywhere; }
.where a { display: inline-block; padding-block: 3px; }
section .values { grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr)); gap: 1px 24px; }
article .quiet { font-size: 13px; line-height: 18px; margin: 2px 0 0; }
.formats { margin: 0; }
.formats div { grid-template-columns: 180px minmax(0, 1fr); gap: 20px; padding-block: 5px; border-block-start: 1px solid var(--line); }
.formats .quiet { overflow-wrap: anywhere; }
footer { margin-block: 48px 32px; padding-block-start: 12px; border-block-start: 1px solid var(--line); font-size: 13px; }

/* As blocks and not as a table: a row that sticks stays within its body, where a table would keep it to its own end. */
@media screen and (min-width: 720.02px) {
  table, thead, tbody { display: block; }
  tr { display: grid; grid-template-columns: 31% 62px 62px 17% 21% minmax(0, 1fr); }
  thead { position: sticky; inset-block-start: 0; z-index: 2; }
}
@media (max-width: 1080px) {
  .columns { display: block; }
  nav { position: static; max-block-size: none; margin-block-start: 12px; padding-block-end: 0; }
  nav > ul { display: flex; flex-wrap: wrap; gap: 0 16px; }
  nav ul ul { display: none; }
}
@media (max-width: 720px) {
  html { scroll-padding-block-start: 66px; }
  header { padding-block-start: 20px; }
  h1 { font-size: 24px; line-height: 30px; }
  h1 code { display: block; }
  .figures { gap: 8px 24px; }
  table, tbody { display: block; }
  thead { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden; }
  tbody tr { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; padding: 6px 8px 6px calc(8px + (var(--depth, 1) - 1) * 10px); border-block-end: 1px solid var(--line); }
  tbody th, td { padding: 0; border: 0; background: none; }
  tbody th { flex: 1 0 100%; padding-inline-start: 0; background: none; }
  .group { background: var(--surface); }
  .group th, .group td, tbody tr:target th, tbody tr:target td { background: none; }
  tbody tr:target { background: var(--warn-soft); }
  .top { scroll-margin-block-start: -66px; inset-block-start: 0; border-block-start: 1px solid var(--edge); }
  .top th, .top td { border: 0; }
  td:empty { display: none; }
  section article, .formats div { grid-template-columns: minmax(0, 1fr); gap: 2px; }
  h3 small { display: inline; margin-inline-start: 6px; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { color-scheme: light; --page: #ffffff; }
  body { padding: 0; max-inline-size: none; font-size: 10px; line-height: 14px; }
  nav, .skip { display: none; }
  .columns { display: block; }
  svg { min-inline-size: 0; }
  .top { position: static; }
  thead { display: table-header-group; }
  thead th:nth-child(1) { inline-size: 31%; }
  thead th:nth-child(2), thead th:nth-child(3) { inline-size: 62px; }
  thead th:nth-child(4) { inline-size: 17%; }
  thead th:nth-child(5) { inline-size: 21%; }
  tr, article { break-inside: avoid; }
  h2 { break-after: avoid; }
  a { color: inherit; }
  .name, .chip, .status, .state, .where, h3, h3 small, small, .values, figcaption { font-size: 9.5px; line-height: 13px; }
  .where a { padding-block: 0; }
  .status { margin-block: 0; }
  tbody th, td { padding-block: 2px; line-height: 14px; }
  section article { padding-block: 6px; }
  .values { display: block; columns: 3; }
  td .values { columns: 1; }
  section article details::details-content { content-visibility: visible; block-size: auto; }
  .bar, .tick, .status, .group th, .group td { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`
