// What scripts say: English stands in its place, other languages come from the server.
const NOTHING = { texts: {}, forms: {} }

/** The language of the page, which numbers are written in too. */
export const language = globalThis.document?.documentElement.lang || "en"

let known = NOTHING // until it has come, and where it does not come
if (!/^en\b/.test(language)) known = await fetched()

/** Say a text, with its values in the place of their names: `_("Waiting · %(size)s", { size })`. */
export const _ = (text, values) => filled([known.texts[text] ?? text].flat()[0], values)

/** The same about a number, by which languages decide on a form: one, or several. */
export function ngettext(one, many, number, values) {
  const forms = known.texts[one]
  const form = known.forms[new Intl.PluralRules(language).select(number)]
  return filled(forms?.[form] ?? forms?.at(-1) ?? (number === 1 ? one : many), values)
}

/** A number as people write it: "2,000". */
export const count = (number) => number.toLocaleString(language)

const filled = (text, values = {}) => text.replace(/%\((\w+)\)s/g, (name, key) => values[key] ?? name)

async function fetched() {
  const answer = await fetch(`/words/${language}.json`).catch(() => null)
  return answer?.ok ? answer.json() : NOTHING
}
