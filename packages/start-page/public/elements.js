// @ts-check
/** Elements of the page. Text is only ever written as text. */

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

/**
 * @param {string} tag @param {Record<string, any>} [properties] attributes; those with `on` are listeners
 * @param {...(Node | string | null)} children
 */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value)
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children.filter((child) => child !== null))
  return made
}

/** A name from a corridor's file: it may be written in any direction. @param {string} text */
export const named = (text) => make('bdi', {}, text)
