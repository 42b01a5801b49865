import { _ } from "../words/words.js"

const SECONDS = 4 // for which "Saved" stands there
export const PATIENCE = 20_000 // ms
let isThere = false

/**
 * Save what an owner says of a photo as soon as it is said: by the forms that are there for those without scripts.
 *
 * It listens on the document, so parts of the page that come later need nothing. Whoever shows the photo too hears of it by the event "tended" of the document, whose detail is what the photo says now, and the form's address.
 */
export function tend() {
  if (isThere) return
  isThere = true
  document.querySelectorAll("[data-tend] :is(textarea, [name='tags']):not(:focus)").forEach(saveText) // what was written before this ran
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-tend]")) return
    event.preventDefault()
    save(event.target, event.submitter)
  })
  document.addEventListener("change", ({ target }) => target.closest("[data-tend='rating']")?.requestSubmit())
  document.addEventListener("focusout", ({ target }) => saveText(target))
  document.addEventListener("keydown", takeBack, { capture: true })
  document.addEventListener("keydown", press)
  addEventListener("pagehide", () => saveText(document.activeElement))
}

function saveText(field) {
  const isChanged = field?.matches?.("[data-tend] :is(textarea, [name='tags'])") && field.value !== field.defaultValue
  if (isChanged) field.form.requestSubmit()
}

/** Escape gives the old text back, and closes nothing else. */
function takeBack(event) {
  if (event.key !== "Escape" || !event.target.matches("[data-tend] :is(textarea, [name='tags'])")) return
  event.stopPropagation()
  event.target.value = event.target.defaultValue
  event.target.blur()
}

/** A digit gives so many stars, f makes it a favourite, and t leads to its tags, unless somebody is writing. */
function press(event) {
  const isWriting = event.target.closest("input:not([type='radio'], [type='checkbox']), textarea, select, [contenteditable]")
  // The viewer says itself of which photo it is. Some write digits with the Shift key.
  if (event.defaultPrevented || isWriting || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return
  if (event.key === "t") {
    event.preventDefault() // or the letter would be written there
    return atHand("[data-tend] [name='tags']")?.focus()
  }
  atHand(`${formOf(event.key)} ${controlOf(event.key)}`)?.click()
}

const isStars = (key) => /^[0-5]$/.test(key)
const formOf = (key) => (isStars(key) ? "[data-tend='rating']" : `[data-tend]:has([aria-keyshortcuts='${CSS.escape(key)}'])`)
const controlOf = (key) => (isStars(key) ? `[value='${key}']` : "button")

/** Say of a photo what a key says of one, by the forms that the server sent of it: they need not be on the page. Returns once it is done, or said to be lost. */
export async function sayOf(page, key) {
  const form = page(formOf(key))
  if (!form) return // it is not theirs to say
  form.querySelector(controlOf(key)).checked = true
  await save(form)
}

export const LOST = _("This was not saved. Is the gallery there?")
export const sayFailed = (sentence) => say(sentence, { isFailed: true })

const isAtHand = (element) => !element.closest("[inert]")

/** The last of them that can be used: what lies over a page makes the rest of it inert. */
export const atHand = (selector) => [...document.querySelectorAll(selector)].findLast(isAtHand)

let line = Promise.resolve()
let waiting = 0 // forms that are being saved

/** Send one form after another, so that what was said last is what stays. */
function save(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter))
  const was = form.querySelector("textarea, [name='tags']")?.value
  const before = line.catch(() => null) // what failed with one holds no other up
  waiting += 1
  line = before.then(() => send(form, body)).then((known) => known && settle(form, known, was))
  return line
}

async function send(form, body) {
  try {
    const headers = { Accept: "application/json" }
    // It goes on while the page goes.
    const answer = await fetch(form.action, { method: "POST", body, headers, keepalive: true, signal: AbortSignal.timeout(PATIENCE) })
    const known = await answer.json()
    const isUnseen = !alike(form).some((each) => isAtHand(each) && each.getClientRects().length)
    say(known.said.replace(/\.$/, ""), { isFailed: !answer.ok, isUnseen })
    if (answer.ok) return known
  } catch {
    sayFailed(LOST)
  } finally {
    waiting -= 1
  }
  if (!form.querySelector("textarea, [name='tags']")) form.reset()
}

function settle(form, known, was) {
  const field = form.querySelector("textarea, [name='tags']")
  if (field) {
    const isLeft = field.value === was // nobody wrote on meanwhile
    field.defaultValue = field.name === "caption" ? known.caption : ""
    if (isLeft) field.value = field.defaultValue
  }
  for (const each of [form, ...alike(form)]) {
    for (const radio of each.querySelectorAll("[type='radio']")) {
      radio.defaultChecked = radio.value === String(known.rating)
      if (!waiting) radio.checked = radio.defaultChecked // else another was chosen since
    }
    if (each.dataset.tend === "toggle") showPressed(each, known)
  }
  if (form.dataset.tend === "tags") showTags(form.closest("[data-tend-tags]"), known.tags)
  // In the viewer it may be said of another photo than the page is of.
  const isOfPage = alike(form).some((each) => each.closest("main"))
  if (isOfPage) document.querySelectorAll("[data-tend-title]").forEach((title) => (title.textContent = known.title))
  // The form may be gone: in the viewer it makes room for that of the next photo.
  document.dispatchEvent(new CustomEvent("tended", { detail: { ...known, action: form.action } }))
}

/** The forms on the page that say the same of the same photo; it need not be one of them. */
const alike = ({ action }) => [...document.querySelectorAll("[data-tend]")].filter((each) => each.action === action)

function showTags(part, tags) {
  const list = part.querySelector(".chips")
  const had = list.contains(document.activeElement)
  const chips = tags.map((tag) => {
    const chip = part.querySelector("template").content.firstElementChild.cloneNode(true)
    const button = chip.querySelector("button")
    chip.querySelector("span").textContent = button.value = tag
    button.ariaLabel = _("Take away the tag %(tag)s", { tag })
    return chip
  })
  list.replaceChildren(...chips)
  if (had) part.querySelector("[name='tags']").focus()
}

/** What the form sends is what the next press is to bring. */
function showPressed(form, known) {
  const wanted = form.querySelector("[value='y']")
  wanted.disabled = known[wanted.name]
  form.querySelector("button").ariaPressed = String(known[wanted.name])
}

let timer
let told // one toast for all of them, which says what was last

/** Say it where the details are open; where none are, what went well is seen on its button if there is one, and all else is said below. */
function say(sentence, { isFailed = false, isUnseen }) {
  const place = atHand("[data-tend-said]") ?? ((isFailed || isUnseen) && toast())
  if (!place) return
  clearTimeout(timer)
  told?.replaceChildren()
  place.textContent = sentence
  place.toggleAttribute("data-failed", isFailed)
  if (!isFailed || place === told) timer = setTimeout(() => place.replaceChildren(), (isFailed ? 3 : 1) * SECONDS * 1000)
}

function toast() {
  told ??= Object.assign(document.createElement("p"), { className: "toast", role: "status" })
  atHand(".toasts")?.append(told) // which is the viewer's while one is open
  return told
}
