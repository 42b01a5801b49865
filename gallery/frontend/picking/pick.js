import { keyboard } from "./keyboard.js"
import { Picked } from "./picked.js"
import { setRange } from "./ranges.js"
import { hold } from "./touch.js"
import { _, count as grouped } from "../words/words.js"

const placeOf = (tile) => tile && { id: tile.dataset.id, element: tile.closest(".section") }

/** Let photos be chosen: by tick, by finger, by key, in ranges, by the month, and all of them. */
export function pick(form) {
  const said = form.querySelector("[data-picked]")
  const picked = new Picked(form)
  let last = null // where the tile was that was set last: it may be taken out meanwhile
  const show = () => {
    const { count, isAny } = picked
    said.textContent = isAny ? _("%(number)s selected", { number: grouped(count) }) : ""
    form.classList.toggle("is-picking", isAny)
    history.replaceState({ ...history.state, picked: picked.save() }, "")
  }
  const set = (tile, isOn) => {
    picked.set(tile, isOn)
    last = placeOf(tile)
    show()
  }
  const toggle = (tile) => set(tile, !picked.has(tile))
  const extend = async (tile, to = tile) => {
    await setRange(picked, last ?? placeOf(tile), to, true)
    last = placeOf(to)
    show()
  }
  const clear = () => {
    picked.clear()
    last = null
    show()
  }

  // Before anything else that a click on a photo would do.
  form.addEventListener(
    "click",
    (event) => {
      const tile = event.target.closest(".tile:has(.tick)")
      if (!tile || event.ctrlKey || event.metaKey || event.target.closest(".aims")) return
      const isTick = event.target.closest(".tick")
      if (isTick && !event.target.matches("input")) return // its label: the click on the box follows
      if (!isTick && !event.shiftKey && !picked.isAny) return
      if (!isTick) event.preventDefault()
      event.stopPropagation()
      if (event.shiftKey && last) extend(tile)
      else if (isTick) set(tile, event.target.checked)
      else toggle(tile)
    },
    { capture: true },
  )
  form.addEventListener("change", ({ target }) => {
    if (target.name === "section") picked.setMonth(target.value, target.checked)
    else if (target.name === "all") picked.setAll(target.checked)
    else return
    show()
  })
  form.addEventListener("reset", (event) => {
    event.preventDefault()
    clear()
  })
  form.addEventListener("formdata", ({ formData }) => picked.say(formData))
  form.addEventListener("grid:filled", ({ detail }) => picked.paint(detail.element))
  form.addEventListener("grid:built", () => picked.paint())
  hold(form, (tile) => set(tile, true))
  keyboard(form, {
    toggle,
    extend,
    clear,
    takeSection: (tile) => {
      picked.takeSection(tile.closest(".section"))
      show()
    },
    discard: (tile) => {
      if (!picked.isAny) set(tile, true)
      form.querySelector("[value=trash]")?.click()
    },
  })
  // On a tick, Enter would press the first button of the form, whatever that does.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".tick")) event.preventDefault()
  })
  // Back brings what was chosen as it was; and some may have been ticked before this ran.
  const before = history.state?.picked
  if (before) picked.restore(before)
  else {
    picked.adopt()
    last = placeOf(form.querySelector(".tile:has(.tick :checked)"))
  }
  show()
}
