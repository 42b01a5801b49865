/** Follow the link whose aria-keyshortcuts names the pressed key; "/" goes to the search field. */
export function keys() {
  document.addEventListener("keydown", (event) => {
    const isElsewhere = event.target.closest("input, textarea, select, video, audio, [contenteditable]")
    // On some keyboards a slash is written with Shift.
    const isShifted = event.shiftKey && event.key !== "/"
    if (isElsewhere || event.altKey || event.ctrlKey || event.metaKey || isShifted) return

    if (event.key === "/") return search(event)
    document.querySelector(`a[aria-keyshortcuts="${CSS.escape(event.key)}"]`)?.click()
  })
}

/** Focus the field that is seen; on a phone, and on a photo, there may be none. */
function search(event) {
  const field = [...document.querySelectorAll("[data-search]")].find((each) => each.checkVisibility())
  if (!field) return

  event.preventDefault()
  field.focus()
  field.select()
}
