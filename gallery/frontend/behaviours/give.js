import { files } from "../uploads/words.js"

/** Say how many files a guest has chosen, and send them by the queue, which is loaded when there are some. */
export function give(form) {
  const input = form.querySelector("input[type=file]")
  const chosen = form.querySelector("[data-give-chosen]")
  const invitation = chosen.textContent
  let gifts
  const name = () => (chosen.textContent = input.files.length ? files(input.files.length) : invitation)
  input.addEventListener("change", () => {
    name()
    gifts ??= import("../uploads/gifts.js").then(({ Gifts }) => new Gifts(form))
  })
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const chosen = [...input.files]
    input.value = ""
    name()
    if (chosen.length) (await gifts).add(chosen, form.elements.name.value)
  })
  form.reset() // Back brings no files, and what was chosen before this ran is chosen again
}
