/** A page about one message for the people who work with it: structure, formats, code lists, rules in words. */
import type { CodeLists } from '../../codelists/code-lists.ts'
import type { MessageTable } from '../../messages/messages.ts'
import { html, Markup } from './markup.ts'
import { figures, formatsSection, listsSection, listUses, rulesSection, ruleUses } from './notes.ts'
import { flatten, outlineOf, type Row } from './outline.ts'
import { picture } from './picture.ts'
import { table } from './rows.ts'
import { style } from './style.ts'
import { sentenceCase } from './words.ts'

/** What a page says of a rule. */
export interface PageRule {
  /** in our words */
  readonly meaning: string
  readonly source: string
  /** whether documents are checked for it; `guidance` is for people */
  readonly checked: 'yes' | 'guidance' | 'no'
  /** why not; of a rule that is checked: how, where or with which exception, to be read after `Checked,` */
  readonly note?: string
}

/** What a page is made with besides the message table. */
export interface PageContext {
  readonly codeLists: CodeLists
  /** the day whose codes are shown, `yyyy-mm-dd` */
  readonly date: string
  readonly rules: ReadonlyMap<string, PageRule>
  /** name of each code list whose codes are not in the tables, and why they are not */
  readonly listsNotChecked?: ReadonlyMap<string, { readonly name: string; readonly why: string }>
  /** the corridor whose codes are laid over the published lists, as people call it */
  readonly corridor?: string
}

/**
 * One self-contained HTML file: no script, no request, light and dark, printable, usable on a small screen. Every rule, code list and
 * format leads to its explanation on the same page and back.
 */
export function toHtml(message: MessageTable, context: PageContext): string {
  const { type, ie, acronym, phases } = message
  const title = sentenceCase(message.title)
  const outline = outlineOf(message.root)
  const rows = flatten(outline)
  const rules = ruleUses(rows, type)
  const lists = listUses(rows)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${type} ${title}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        <a class="skip" href="#structure">To the structure</a>
        <header>
          <p class="over">${[ie, acronym, phases.join(', ')].map((each) => html`<span>${each}</span>`)}</p>
          <h1><code>${type}</code> ${title}</h1>
          ${figures(message, rows, rules, lists, context.corridor)}
          <figure>
            <div class="scroll" tabindex="0" role="region" aria-label="Picture of the structure">
              ${picture(type, outline)}
            </div>
            <figcaption>Each bar is a group, as wide as it has fields; each tick is a field. ${legend}</figcaption>
          </figure>
        </header>
        <div class="columns">
          <nav aria-label="Groups">${contents(outline)}</nav>
          <main>
            <section id="structure">
              <h2>Structure</h2>
              ${table(type, phases, outline, context)}
            </section>
            ${rulesSection(rules, context)} ${listsSection(lists, context)} ${formatsSection(rows)}
          </main>
        </div>
        <footer>
          <p>
            Made from the message table of Corridor, edition ${message.edition}. Codes are those of
            ${context.date}${context.corridor !== undefined && `, with those that the corridor ${context.corridor} adds`}.
          </p>
        </footer>
      </body>
    </html> `.text
}

const legend = html`<span class="key"><i class="R"></i>required</span>
  <span class="key"><i class="O"></i>optional</span> <span class="key"><i class="D"></i>depends on its rules</span>`

function contents(outline: readonly Row[]): Markup {
  const list = (rows: readonly Row[]): Markup | false => {
    const groups = rows.filter(({ node }) => node.children)
    return (
      groups.length > 0 &&
      html`<ul>
        ${groups.map(({ node, label, times, path, inside }) => html`<li><a href="#${path}">${label}${node.repeats && html` <small>${times}</small>`}</a>${list(inside)}</li>`)}
      </ul>`
    )
  }
  return html`<p><a href="#rules">Rules</a> <a href="#code-lists">Code lists</a> <a href="#formats">Formats</a></p>
    ${list(outline)}`
}
