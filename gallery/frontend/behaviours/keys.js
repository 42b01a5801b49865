/** Follow the link whose aria-keyshortcuts names the pressed key: the arrows of a photo page. */
export function keys() {
  document.addEventListener("keydown", (event) => {
    const isElsewhere = event.target.closest("input, textarea, select, video, audio, [contenteditable]")
    if (isElsewhere || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return

    document.querySelector(`a[aria-keyshortcuts="${CSS.escape(event.key)}"]`)?.click()
  })
}
