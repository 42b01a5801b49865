import { count, ngettext } from "../words/words.js"

/** Let tiles be dragged to their place: the same form that the buttons send, sent behind the scenes. */
export function arrange(form) {
  const said = form.querySelector("[data-arranged]")
  document.querySelector("[data-arrange-hint]").hidden = false
  for (const tile of form.querySelectorAll(".tile")) tile.draggable = true
  for (const each of form.querySelectorAll(".tile :is(a, img)")) each.draggable = false
  // Enter in the number would press the first button of the form, which only reloads.
  form.elements.number?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return
    event.preventDefault()
    form.querySelector("[value=number]").click()
  })
  let dragged = []

  form.addEventListener("dragstart", (event) => {
    const tile = event.target.closest(".tile")
    const picked = [...form.querySelectorAll(".tile:has(.tick :checked)")]
    dragged = picked.includes(tile) ? picked : [tile]
    event.dataTransfer.effectAllowed = "move"
    event.dataTransfer.setData("text/plain", idOf(tile))
  })
  form.addEventListener("dragover", (event) => {
    const aim = aimOf(event)
    mark(aim)
    if (!aim) return
    event.preventDefault()
    event.dataTransfer.dropEffect = "move"
  })
  form.addEventListener("dragleave", ({ relatedTarget }) => form.contains(relatedTarget) || mark(null))
  form.addEventListener("drop", (event) => {
    const aim = aimOf(event)
    if (!aim) return
    event.preventDefault()
    aim.tile[aim.side](...dragged)
    send(aim, dragged)
  })
  form.addEventListener("dragend", () => {
    mark(null)
    dragged = []
  })

  /** The tile under the pointer that takes what is dragged, and on which side. */
  function aimOf({ target, clientX }) {
    const tile = target.closest?.(".tile")
    if (!dragged.length || !tile || dragged.includes(tile)) return null
    const { left, width } = tile.getBoundingClientRect()
    const isOnTheLeft = clientX < left + width / 2
    return { tile, side: isOnTheLeft === (document.dir !== "rtl") ? "before" : "after" }
  }

  function mark(aim) {
    for (const tile of form.querySelectorAll("[data-drop]")) delete tile.dataset.drop
    if (aim) aim.tile.dataset.drop = aim.side
  }

  async function send({ tile, side }, tiles) {
    const body = new FormData()
    body.set("csrf_token", form.elements.csrf_token.value)
    for (const each of tiles) body.append("id", idOf(each))
    body.set(side, idOf(tile))
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null)
    if (!answer?.ok) return location.reload() // the page then shows what is true, and why
    said.textContent = ngettext("%(number)s photo moved.", "%(number)s photos moved.", tiles.length, { number: count(tiles.length) })
  }
}

const idOf = (tile) => tile.querySelector(".tick input").value
