import { _ } from "../words/words.js"

/** Copy the field named by aria-controls, and say so in the status beside it. */
export function copy(button) {
  const field = document.getElementById(button.getAttribute("aria-controls"))
  const status = document.querySelector("[data-copied]")
  button.hidden = false
  button.addEventListener("click", async () => {
    field.select()
    // Over plain HTTP in a LAN there is no clipboard, but the selection can be copied.
    const isCopied = navigator.clipboard
      ? await navigator.clipboard.writeText(field.value).then(() => true, () => false)
      : document.execCommand("copy")
    status.textContent = isCopied ? _("Copied.") : _("Copy it by hand, please: it is selected.")
  })
}
