import { PATIENCE } from "../behaviours/tend.js"

const KEPT = 30 // photos
const known = new Map()

/** What the server says of a photo besides its picture: its line, its acts, its stage, its details; null if it is gone. */
export function about({ href }) {
  if (!known.has(href)) known.set(href, ask(href))
  if (known.size > KEPT) known.delete(known.keys().next().value)
  return known.get(href)
}

/** It has changed: ask again the next time. */
export const forget = ({ href }) => known.delete(href)

// What its owner says of a photo, also after the viewer has gone.
document.addEventListener("tended", ({ detail }) => {
  const isIts = (href) => detail.action.includes(`${new URL(href, location).pathname}/`)
  ;[...known.keys()].filter(isIts).forEach((href) => known.delete(href))
})

/** What the server answers; null if it does not come, or refuses. */
export async function textOf(url, options) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE), ...options })
    return answer.ok ? await answer.text() : null
  } catch {
    return null
  }
}

async function ask(href) {
  const url = new URL(href, location)
  url.pathname += "/info"
  const text = await textOf(url)
  if (text === null) {
    known.delete(href)
    return null
  }
  const model = document.createElement("template")
  model.innerHTML = text
  return (selector) => {
    const part = model.content.querySelector(selector)
    return part && document.importNode(part, true)
  }
}
