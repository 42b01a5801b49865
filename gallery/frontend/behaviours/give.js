import { files } from "../uploads/words.js"

/** Send what a guest chooses by a queue, and say how much that is. Until it is loaded, the plain form does it. */
export async function give(form) {
  const { Gifts } = await import("../uploads/gifts.js")
  const gifts = new Gifts(form)
  const input = form.querySelector("input[type=file]")
  const said = form.querySelector("[data-give-chosen]")
  const invitation = said.textContent
  const name = () => (said.textContent = input.files.length ? files(input.files.length) : invitation)

  input.addEventListener("change", name)
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    gifts.add([...input.files], form.elements.name.value)
    input.value = "" // the same file can be chosen again
    name()
  })
  name() // what was chosen before this ran
}
