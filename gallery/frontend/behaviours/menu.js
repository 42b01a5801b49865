/** Close an open menu on Escape, on a press elsewhere, and when focus leaves it. */
export function menu(details) {
  const closeUnlessIn = (target) => {
    if (!details.contains(target)) details.open = false
  }
  document.addEventListener("pointerdown", ({ target }) => closeUnlessIn(target))
  details.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && closeUnlessIn(relatedTarget))
  details.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return
    details.open = false
    details.querySelector("summary").focus()
  })
}
