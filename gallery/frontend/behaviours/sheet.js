import { copy } from "./copy.js"
import { showPassword } from "./show-password.js"

/** Show the middle of the page that a link leads to in a dialog over this one; its forms are answered in there. */
export const sheets = () => document.querySelectorAll("[data-sheet]").forEach(sheet)

function sheet(link) {
  const dialog = document.getElementById(link.dataset.sheet)
  const body = dialog.querySelector("[data-sheet-body]")
  const said = dialog.querySelector("[role='status']")

  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (!(await show(fetch(link.href)))) return location.assign(link.href)
    if (!document.querySelector("dialog[open]")) dialog.showModal()
  })
  dialog.addEventListener("submit", async (event) => {
    const form = event.target
    if (form.method === "dialog") return
    event.preventDefault()
    const sent = new URLSearchParams(new FormData(form, event.submitter))
    body.inert = true // or a second press would send it twice
    const isShown = await show(fetch(form.action, { method: "POST", body: sent }))
    body.inert = false
    if (!isShown) return form.submit() // the page then says what is the matter
    const next = body.querySelector("[aria-invalid='true'], [readonly]") ?? dialog.querySelector("h2")
    next.focus()
    next.select?.()
  })
  // What lies below has keys of its own.
  dialog.addEventListener("keydown", (event) => event.stopPropagation())
  // A new link's address is shown once.
  dialog.addEventListener("close", () => body.replaceChildren())

  async function show(asked) {
    const answer = await asked.catch(() => null)
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html")
    const part = page?.querySelector("[data-sheet-part]")
    if (!part) return false
    body.replaceChildren(document.importNode(part, true))
    said.textContent = [...page.querySelectorAll(".toast p")].map((each) => each.textContent).join(" ")
    body.querySelectorAll("[data-copy]").forEach(copy)
    body.querySelectorAll("[data-show-password]").forEach(showPassword)
    return true
  }
}
