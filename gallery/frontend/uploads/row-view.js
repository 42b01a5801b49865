import { isFailed, isFinished, isUnsent } from "./rows.js"
import { stateOf } from "./words.js"
import { _ } from "../words/words.js"

const LARGEST_PICTURE = 40_000_000

/** One row on the page: made from the template, changed only where something has changed. */
export class RowView {
  #said = ""

  constructor(template, row, acts) {
    this.row = row
    this.element = template.content.firstElementChild.cloneNode(true)
    for (const part of this.element.querySelectorAll("[data-row]")) this[part.dataset.row] = part
    this.#name(row)
    this.retry.addEventListener("click", () => acts.retry(row))
    this.remove.addEventListener("click", () => acts.remove(row))
    this.picture.addEventListener("load", () => (this.picture.hidden = false))
  }

  #name({ name, path }) {
    this.name.textContent = name
    this.name.title = path
    for (const place of this.element.querySelectorAll("[data-row-name]")) place.textContent = ` ${name}`
    this.bar.setAttribute("aria-label", _("Uploading %(name)s", { name }))
    this.remove.setAttribute("aria-label", _("Remove %(name)s", { name }))
  }

  place(index, number, height) {
    this.element.style.setProperty("top", `${index * height}px`)
    this.element.setAttribute("aria-posinset", index + 1)
    this.element.setAttribute("aria-setsize", number)
  }

  draw(isPaused) {
    const { row } = this
    this.#show()
    const sentence = stateOf(row, isPaused)
    if (row.state === "sending") this.bar.value = row.size ? row.sent / row.size : 1
    if (this.#said === sentence) return
    this.#said = this.state.textContent = sentence
    this.state.title = isFailed(row) ? sentence : ""
    this.element.dataset.state = row.state
    this.#offer()
  }

  #offer() {
    const { row } = this
    this.bar.hidden = row.state !== "sending"
    this.check.toggleAttribute("hidden", !isFinished(row) || row.state === "already")
    this.retry.hidden = !(isFailed(row) && row.canRetry && row.file)
    this.remove.hidden = !(isUnsent(row) || isFailed(row))
    this.view.hidden = row.state !== "already" || !row.href
    if (row.href) this.view.href = row.href
    // What was focused may be gone; the place in the list shall not be.
    const focused = document.activeElement
    if (this.element.contains(focused) && focused.closest("[hidden]")) this.element.focus()
  }

  #show() {
    const { file, type, size } = this.row
    if (this.address || !file || !type.startsWith("image/") || size > LARGEST_PICTURE) return
    this.picture.src = this.address = URL.createObjectURL(file)
  }

  leave() {
    this.element.remove()
    if (this.address) URL.revokeObjectURL(this.address)
  }
}
