/** Say how many are ticked; Escape clears. The ticks and the bar themselves are plain HTML. */
export function pick(form) {
  const said = form.querySelector("[data-picked]")
  if (!said) return

  const count = () => {
    const { length } = ticked(form)
    said.textContent = length ? `${length} selected` : ""
  }
  form.addEventListener("change", count)
  form.addEventListener("reset", () => setTimeout(count))
  addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape" && !target.closest("details[open], dialog")) form.reset()
  })
  // On a tick, Enter would press the first button of the form, whatever that does.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".tick")) event.preventDefault()
  })
  // Back brings the ticks as they were, after this has run.
  addEventListener("pageshow", count)
  count()
}

/** The boxes that are ticked in a form. */
export const ticked = (form) => [...form.querySelectorAll(".tick input:checked")]
