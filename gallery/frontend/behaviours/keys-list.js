import { singleKeys } from "./single-keys.js"

/** Show the list of keys over the page; where it does not come, its page says why. */
export async function list(model, address) {
  const answer = await fetch(address).catch(() => null)
  if (!answer?.ok) return location.assign(address)
  if (document.querySelector("dialog[open]")) return
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const dialog = document.importNode(model.content.firstElementChild, true)
  dialog.append(page.querySelector("[data-keys-list]"))
  singleKeys(dialog.querySelector("[data-single-keys]"))
  document.body.append(dialog)
  // What lies below has keys of its own.
  dialog.addEventListener("keydown", (event) => event.stopPropagation())
  dialog.addEventListener("close", () => dialog.remove())
  dialog.showModal()
}
